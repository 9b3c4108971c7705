// What every page with a script shares: messages, field problems, local times, copy buttons, coming back with the back button.
// Words live in the page as <template data-message="…">; no script holds a sentence or writes markup.

const template = (key) => document.querySelector(`template[data-message="${CSS.escape(key)}"]`);

/** Shows the first of `keys` that the page has words for, with `slots` filled in as plain text. */
export function say(keys, slots = {}) {
  const region = document.getElementById("say");
  const found = [keys].flat().map(template).find(Boolean);
  if (!found) return region.replaceChildren();
  const words = found.content.cloneNode(true);
  for (const slot of words.querySelectorAll("[data-slot]")) slot.textContent = slots[slot.dataset.slot] ?? "";
  region.replaceChildren(words);
}

/** Adds a message below the one that is shown: what to do about it. */
export function offer(key) {
  const words = template(key);
  if (words) document.getElementById("say").append(words.content.cloneNode(true));
}

export const quiet = () => say([]);
export const silent = () => !document.getElementById("say").firstChild;

/** Explains what stopped a ceremony's `step`: a refusal by the server, a dead line, or the browser's own exception. */
export function explain(error, step) {
  if (error.problem) {
    const { code, title, detail } = error.problem;
    if (title) say("problem", { title: `${title}.`, detail });
    else say([code, "unexpected"]);
    if (code === "session_ended" || code === "not_yours") offer("again");
  } else if (error instanceof DOMException) {
    say([`${step}:${error.name}`, error.name, `${step}:NotAllowedError`]);
  } else {
    say("unexpected");
  }
}

/** Shows a problem beside its field, or takes it away when `text` is empty. What was typed stays. */
export function fieldProblem(field, text) {
  const line = document.getElementById(field.getAttribute("aria-describedby").split(" ").find((id) => id.includes("problem")));
  line.textContent = text;
  line.hidden = !text;
  field.toggleAttribute("aria-invalid", Boolean(text));
  if (text) field.focus();
}

/** Marks a button as working without taking its focus away. */
export function working(button, on) {
  if (on) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

// A page that the back button brings out of the browser's cache shows a journey or a list that may be over: ask again. Not where asking again
// would make something new.
addEventListener("pageshow", (event) => {
  if (event.persisted && !document.querySelector("[data-shown-once]")) location.reload();
});

document.addEventListener("click", async (event) => {
  const pressed = event.target.closest?.("[data-reload], [data-copy]");
  if (!pressed) return;
  if ("reload" in pressed.dataset) return location.reload();
  const source = document.getElementById(pressed.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.innerText);
    say("copied");
  } catch {
    // Not allowed here: select it, so that one key press copies it.
    getSelection().selectAllChildren(source);
  }
});

// Exact times in the reader's own zone; without a script they are in UTC and say so.
const exact = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});
for (const time of document.querySelectorAll("time[datetime]")) time.title = exact.format(new Date(time.dateTime));
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

// Pages that tell what happened elsewhere look again when the reader comes back from another tab.
if (document.querySelector("[data-refresh]")) {
  let left = false;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = true;
    else if (left) location.reload();
  });
}
