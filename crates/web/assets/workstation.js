// Marks this browser as a shared computer's. The link's secret stands in the fragment, which browsers never send.

import { post } from "./ceremony.js";
import { explain, say } from "./page.js";

async function mark() {
  const token = location.hash.slice(1);
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  say("checking");
  try {
    await post("/api/workstation", { token });
    location.reload();
  } catch (error) {
    explain(error, "mark");
  }
}

mark();
addEventListener("hashchange", mark);
