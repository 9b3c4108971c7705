// The invitation after a password sign-in: the browser may make the passkey by itself, the button asks for one outright.

import { capabilities, goTo, make, post, signalAccepted, signalUnknown, supported } from "./ceremony.js";
import { firstLabel } from "./label.js";
import { explain, offer, quiet, say, working } from "./page.js";

const byId = (id) => document.getElementById(id);
const { journey } = byId("invitation").dataset;
const button = byId("create");
const proceed = byId("continue");
let byItself = null; // what ends the browser's own attempt

/** Makes a passkey and brings it to the server. */
async function enrol(mediation, how) {
  const begun = await post("/api/ceremony/enrol/begin", { mediation }, { signal: how.signal });
  const credential = await make(begun.publicKey, how);
  if (mediation === "modal") say("saving");
  const body = { journey: begun.journey, credential, label: firstLabel(credential), mediation };
  const { signal } = await post("/api/ceremony/enrol/result", body);
  await signalAccepted(signal);
}

function done() {
  quiet();
  for (const part of document.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== "done";
  byId("done-title").focus();
}

/** Conditional create (WebAuthn L3 §5.1.3): no window opens, and nobody is told when it doesn't work. */
async function tryByItself() {
  if (!(await capabilities()).includes("conditionalCreate")) return;
  byItself = new AbortController();
  try {
    await enrol("conditional", { mediation: "conditional", signal: byItself.signal });
    done();
  } catch (error) {
    if (error.problem?.signal_unknown) signalUnknown(error.problem.signal_unknown);
  }
}

button.addEventListener("click", async () => {
  if (button.hasAttribute("aria-disabled")) return;
  working(button, true);
  byItself?.abort(); // a browser runs one request at a time
  try {
    say("making");
    await enrol("modal", {});
    done();
  } catch (error) {
    if (error.problem?.signal_unknown) signalUnknown(error.problem.signal_unknown);
    explain(error, "make");
  } finally {
    working(button, false);
  }
});

proceed.addEventListener("click", async () => {
  if (proceed.hasAttribute("aria-disabled")) return;
  working(proceed, true);
  try {
    const { next } = await post("/api/ceremony/invitation/met", { journey });
    goTo(next);
  } catch (error) {
    working(proceed, false);
    explain(error, "make");
    if (error.problem?.title) offer("again");
  }
});

if (supported()) {
  button.disabled = false;
  tryByItself();
} else {
  say("unsupported");
}
