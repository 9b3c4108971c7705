// The sign-in page: a passkey waits in the name field's autofill from the start, and the button asks for one outright.

import { autofillPossible, goTo, prove, signalUnknown, supported } from "./ceremony.js";
import { explain, fieldProblem, offer, quiet, say, silent, working } from "./page.js";

// A challenge lives five minutes on the server; one that waits in autofill is renewed before that.
const RENEW_MS = 4 * 60_000;
// After these, this page's journey is over, and only a new one helps.
const OVER = new Set(["journey_expired", "journey_finished", "other_browser", "wrong_step", "too_many_tries"]);

const { journey } = document.getElementById("sign-in").dataset;
const form = document.getElementById("form");
const field = document.getElementById("name");
const button = document.getElementById("use");

let waiting = null; // what ends the passkey request that waits in autofill
let stale = false; // whether its challenge grew old while nobody looked
let asking = false; // whether the button's own request is open
let touched = 0; // when the person first did something here

const touch = () => { touched ||= performance.now(); };
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch, { once: true, capture: true });

const attempt = async (extra) => {
  const { next } = await prove(journey, { name: () => field.value.trim(), since: () => touched, ...extra });
  goTo(next);
};

/** Shows why an attempt failed. Returns whether another may follow. */
function failed(error) {
  const problem = error.problem;
  if (problem?.signal_unknown) signalUnknown(problem.signal_unknown);
  if (problem?.code === "name_mismatch" || problem?.code === "name_invalid") {
    quiet();
    fieldProblem(field, `${problem.title}. ${problem.detail}`);
    return true;
  }
  explain(error, "prove");
  if (!OVER.has(problem?.code)) return true;
  offer("again");
  working(button, true);
  return false;
}

async function waitInAutofill() {
  if (waiting || asking || document.hidden) return;
  const mine = new AbortController();
  waiting = mine;
  if (!(await autofillPossible()) || mine.signal.aborted) return;
  const timer = setTimeout(() => (document.hidden ? (stale = true) : renew()), RENEW_MS);
  try {
    await attempt({ mediation: "conditional", signal: mine.signal });
  } catch (error) {
    if (mine.signal.aborted) return;
    waiting = null;
    // A browser that gives up on waiting by itself is not worth a word, and a dead line shows when the button is pressed.
    const unheard = error.problem ? error.problem.code === "offline" && silent() : error.name !== "SecurityError";
    if (unheard || failed(error)) field.addEventListener("focus", waitInAutofill, { once: true });
  } finally {
    clearTimeout(timer);
  }
}

function stopWaiting() {
  waiting?.abort();
  waiting = null;
  stale = false;
}

function renew() {
  stopWaiting();
  waitInAutofill();
}

form.addEventListener("submit", async (event) => {
  if (event.submitter?.id === "password") {
    // The form goes out by itself, with the name.
    if (field.value.trim()) return stopWaiting();
    event.preventDefault();
    return fieldProblem(field, field.dataset.needed);
  }
  event.preventDefault();
  if (asking || button.hasAttribute("aria-disabled")) return;
  asking = true;
  working(button, true);
  fieldProblem(field, "");
  stopWaiting(); // a browser runs one request at a time
  let again = true;
  try {
    await attempt({});
    return;
  } catch (error) {
    working(button, false);
    again = failed(error);
  }
  asking = false;
  if (again) waitInAutofill();
});

// Never ended because the page is hidden: on phones a passkey's own screen may cover it.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) stale ? renew() : waitInAutofill();
});

if (supported()) {
  button.disabled = false;
  waitInAutofill();
} else {
  say("unsupported");
}
