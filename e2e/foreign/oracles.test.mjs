// Every ceremony of the catalogue, honest and not, judged by Lockgate and by two verifiers that others wrote. Where they differ, the
// difference stands in disagreements.mjs with its reason, or this fails.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { built, python, root } from "../lib/programs.mjs";
import { DISAGREEMENTS } from "./disagreements.mjs";
import { judge } from "./simple.mjs";

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

function run(program, args, input) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, maxBuffer: OUTPUT_BYTES_MAX, encoding: "utf8", cwd: root });
  assert.equal(status, 0, `${program} ended with ${status}: ${error ?? stderr}`);
  return stdout;
}

const text = run(...built("LOCKGATE_CEREMONIES", ["-p", "testkit", "--bin", "ceremonies"]));
const ceremonies = JSON.parse(text);
const ours = JSON.parse(run(...built("LOCKGATE_VERDICTS", ["-p", "passkey", "--example", "verdicts"]), text));

/** Our side in one word, as disagreements.mjs has it. */
function word({ ok, fault, counterRisk, attested }, { name }) {
  if (!ok) return fault;
  if (counterRisk) return "counter_risk";
  return attested === false && /certificate|chain/.test(name) ? "unattested" : "accepts";
}

/** Lays one verifier's answers beside ours. */
function compare(verifier, theirs) {
  const listed = new Map(DISAGREEMENTS.flatMap((entry) => entry[verifier].map((name) => [name, entry])));
  const wrong = [];
  let agreed = 0;
  for (const [index, ceremony] of ceremonies.entries()) {
    const { name } = ceremony;
    const [mine, other] = [ours[index], theirs[name]];
    assert.equal(mine.name, name);
    assert.ok(other, `${verifier} said nothing about ${name}`);
    const entry = listed.get(name);
    listed.delete(name);
    if (mine.ok === other.ok) {
      agreed += 1;
      if (entry) wrong.push(`${name}: listed as a disagreement, and both say ${mine.ok}`);
    } else if (!entry) {
      wrong.push(`${name}: we say ${word(mine, ceremony)}, they say ${other.ok ? "yes" : other.why}`);
    } else if (entry.ours !== word(mine, ceremony)) {
      wrong.push(`${name}: listed with our word ${entry.ours}, and it is ${word(mine, ceremony)}`);
    }
  }
  for (const name of listed.keys()) wrong.push(`${name}: listed, and no such ceremony`);
  assert.deepEqual(wrong, []);
  console.log(`${verifier}: ${agreed} of ${ceremonies.length} ceremonies alike, ${ceremonies.length - agreed} differences as explained`);
}

test("the catalogue holds honest and dishonest ceremonies of both halves", () => {
  const count = (part, honest) => ceremonies.filter((one) => one.part === part && (one.mutation === null) === honest).length;
  for (const part of ["registration", "authentication"]) {
    assert.ok(count(part, true) >= 20 && count(part, false) >= 20, `${part}: ${count(part, true)} honest, ${count(part, false)} not`);
  }
  for (const [index, { name, mutation }] of ceremonies.entries()) {
    if (mutation === null) assert.ok(ours[index].ok, `${name} is honest, and we refuse it: ${ours[index].fault}`);
  }
});

test("PyPI's webauthn and Lockgate agree, but for the listed reasons", () => {
  compare("python", JSON.parse(run(python, ["e2e/foreign/oracle.py"], text)));
});

test("@simplewebauthn/server and Lockgate agree, but for the listed reasons", async () => {
  const theirs = {};
  for (const ceremony of ceremonies) theirs[ceremony.name] = await judge(ceremony);
  compare("simple", theirs);
});
