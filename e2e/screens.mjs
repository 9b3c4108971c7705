// Takes pictures of every page, light and dark, wide and narrow, into docs/screens. Run it when pages have changed: node e2e/screens.mjs

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { launch } from "./lib/browser.mjs";
import { house, walk, walkDemo } from "./lib/pages.mjs";
import { passwordHouse, walkPassword, walkWeaker, weakerHouse } from "./lib/pages-weaker.mjs";
import { small } from "./lib/png.mjs";
import { root } from "./lib/programs.mjs";

const folder = process.env.SCREENS_DIR ?? path.join(root, "docs/screens");
mkdirSync(folder, { recursive: true });
const before = new Set(readdirSync(folder).filter((name) => name.endsWith(".png")));

const [lock, weaker, passwords, browser] = [await house(), await weakerHouse(), await passwordHouse(), await launch()];
try {
  for (const [scheme, width] of [["light", 1440], ["light", 360], ["dark", 1440]]) {
    const look = async (name, page) => {
      const file = `${name}-${scheme}-${width}.png`;
      writeFileSync(path.join(folder, file), small(await page.screenshot({ fullPage: true })));
      before.delete(file);
    };
    const options = { scheme, width, height: width === 360 ? 740 : 900 };
    await walk(browser, lock, options, look);
    await walkWeaker(browser, weaker, options, look);
    await walkPassword(browser, passwords, options, look);
    await walkDemo(browser, options, look);
    console.log(`${scheme}, ${width} px: done`);
  }
  // Pictures of pages that are no more.
  for (const gone of before) rmSync(path.join(folder, gone));
} finally {
  await browser.close();
  for (const one of [lock, weaker, passwords]) await one.close();
  await weaker.application.close();
}
