// Takes pictures of every page, light and dark, narrow and wide, into docs/screens. Run it when pages have changed: node e2e/screens.mjs

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { launch } from "./lib/browser.mjs";
import { house, walk, walkDemo } from "./lib/pages.mjs";
import { small } from "./lib/png.mjs";
import { root } from "./lib/programs.mjs";

const folder = process.env.SCREENS_DIR ?? path.join(root, "docs/screens");
mkdirSync(folder, { recursive: true });

const [lock, browser] = [await house(), await launch()];
try {
  for (const scheme of ["light", "dark"]) {
    for (const width of [360, 1440]) {
      const look = async (name, page) => {
        writeFileSync(path.join(folder, `${name}-${scheme}-${width}.png`), small(await page.screenshot({ fullPage: true })));
      };
      const options = { scheme, width, height: width === 360 ? 740 : 900 };
      await walk(browser, lock, options, look);
      await walkDemo(browser, options, look);
      console.log(`${scheme}, ${width} px: done`);
    }
  }
} finally {
  await browser.close();
  await lock.close();
}
