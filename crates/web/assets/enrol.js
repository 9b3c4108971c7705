// The enrolment page. The link's secret stands in the fragment, which browsers never send; it goes to the server in a request's body.
// Without a fragment the page adds a passkey for the person who is signed in.

import { Refused, goTo, make, post, prove, signalAccepted, supported } from "./ceremony.js";
import { firstLabel } from "./label.js";
import { explain, fieldProblem, offer, quiet, say, working } from "./page.js";

// The server takes an answer for five minutes; older options are asked for anew before the prompt opens.
const FRESH_MS = 4 * 60_000;
// After these, a passkey that the person has must be used first.
const PROOF = new Set(["fresh_proof_needed", "stronger_proof_needed"]);

const byId = (id) => document.getElementById(id);
const token = location.hash.slice(1);
let begun = null; // the server's options, and when they came

function show(state) {
  for (const part of document.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
}

function stop({ title, detail }) {
  byId("stopped-title").textContent = title;
  byId("stopped-detail").textContent = detail;
  quiet();
  show("stopped");
  byId("stopped-title").focus();
}

async function begin() {
  const answer = await post("/api/ceremony/enrol/begin", token ? { token } : {});
  begun = { ...answer, at: performance.now() };
}

/** Asks who enrols, and shows the step that is next. */
async function start() {
  try {
    await begin();
  } catch (error) {
    if (PROOF.has(error.problem?.code)) return confirmFirst(error.problem.journey);
    if (error.problem?.title) return stop(error.problem);
    explain(error, "make");
    return offer("again");
  }
  byId("person").textContent = begun.person.display;
  quiet();
  show("ready");
  const here = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.().catch(() => true);
  if (here === false) say("nowhere");
}

function confirmFirst(journey) {
  show("confirm");
  const button = byId("confirm");
  button.onclick = async () => {
    if (button.hasAttribute("aria-disabled")) return;
    working(button, true);
    try {
      await prove(journey);
      await start();
    } catch (error) {
      explain(error, "prove");
    } finally {
      working(button, false);
    }
  };
}

byId("create").addEventListener("click", async ({ currentTarget: button }) => {
  if (button.hasAttribute("aria-disabled")) return;
  working(button, true);
  try {
    say("making");
    if (performance.now() - begun.at > FRESH_MS) await begin();
    const credential = await make(begun.publicKey);
    say("saving");
    const label = firstLabel(credential);
    done(await post("/api/ceremony/enrol/result", { journey: begun.journey, credential, label }), label);
  } catch (error) {
    if (PROOF.has(error.problem?.code)) return confirmFirst(error.problem.journey);
    if (error.problem?.code === "pass_invalid") return stop(error.problem);
    // The challenge is spent with the first answer, whatever came of it: the next try needs another.
    if (error instanceof Refused && begun) begun.at = -FRESH_MS;
    explain(error, "make");
  } finally {
    working(button, false);
  }
});

async function done(answer, label) {
  // The link is spent: nothing of it should stay in the address.
  history.replaceState(null, "", location.pathname);
  begun = { ...begun, next: answer.next, passkey: answer.passkey, label: answer.passkey.label || label };
  byId("label").value = begun.label;
  byId(answer.passkey.synced ? "kept-synced" : "kept-here").hidden = false;
  quiet();
  show("done");
  byId("done-title").focus();
  await signalAccepted(answer.signal);
}

byId("name-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const label = byId("label").value.trim();
  try {
    if (label !== begun.label) await post(`/api/account/passkeys/${begun.passkey.id}/rename`, { label });
    goTo(begun.next);
  } catch (error) {
    if (error.problem?.code === "label_invalid") fieldProblem(byId("label"), `${error.problem.title}. ${error.problem.detail}`);
    else explain(error, "make");
  }
});

// Another link pasted into the same tab is another enrolment.
addEventListener("hashchange", () => location.reload());

if (supported()) {
  start();
} else {
  byId("loading").hidden = true;
  say("unsupported");
}
