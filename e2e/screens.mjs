// Takes pictures of every page, light and dark, narrow and wide, into docs/screens. Run it when pages have changed: node e2e/screens.mjs

import { mkdirSync } from "node:fs";
import path from "node:path";
import { launch } from "./lib/browser.mjs";
import { house, walk, walkDemo } from "./lib/pages.mjs";
import { root } from "./lib/programs.mjs";

const folder = process.env.SCREENS_DIR ?? path.join(root, "docs/screens");
mkdirSync(folder, { recursive: true });

const [lock, browser] = [await house(), await launch()];
try {
  for (const scheme of ["light", "dark"]) {
    for (const width of [360, 1440]) {
      const look = async (name, page) => {
        await page.screenshot({ path: path.join(folder, `${name}-${scheme}-${width}.png`), fullPage: true });
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
