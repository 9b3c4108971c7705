// Starts the example: ISSUER=https://id.example.com RESOURCE=https://tides.example.com PORT=8500 node main.mjs

import { keysOf } from "./access.mjs";
import { tideTables } from "./tides.mjs";

const { ISSUER: issuer = "http://localhost:8400", PORT: port = "8500" } = process.env;
const { RESOURCE: resource = `http://127.0.0.1:${port}` } = process.env;

const keys = await keysOf(issuer);
tideTables({ issuer, resource, keys }).listen(Number(port), "127.0.0.1", () => console.log(`${resource} takes tokens of ${issuer}`));
