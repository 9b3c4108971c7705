// Ways to sign in: rename and remove passkeys, and tell password managers how the person is called now.

import { post, prove, signalAccepted, signalDetails, supported } from "./ceremony.js";
import { explain, fieldProblem, say, working } from "./page.js";

const AFTER_RELOAD = "lockgate-said";
const PROOF = new Set(["fresh_proof_needed", "stronger_proof_needed"]);

/** Posts; when the server wants a fresh proof first, asks for a passkey and posts again, once. */
async function postProved(path, body) {
  try {
    return await post(path, body);
  } catch (error) {
    if (!PROOF.has(error.problem?.code) || !supported()) throw error;
    await prove(error.problem.journey);
    return post(path, body);
  }
}

function close(row) {
  for (const panel of row.querySelectorAll("[data-panel]")) panel.hidden = true;
  for (const button of row.querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", "false");
}

function open(row, act) {
  const button = row.querySelector(`[data-act="${act}"]`);
  const panel = row.querySelector(`[data-panel="${act}"]`);
  const opening = panel.hidden;
  close(row);
  if (!opening) return button.focus();
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  const first = panel.querySelector("input") ?? panel.querySelector("[data-act=close]");
  first.focus();
  first.select?.();
}

/** Runs `act` once at a time for a form, and explains what stopped it. */
function onSubmit(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.hasAttribute("aria-disabled")) return;
    working(button, true);
    try {
      await act();
    } catch (error) {
      const field = form.querySelector("input");
      if (field && error.problem?.code === "label_invalid") fieldProblem(field, `${error.problem.title}. ${error.problem.detail}`);
      else explain(error, "prove");
    } finally {
      working(button, false);
    }
  });
}

for (const row of document.querySelectorAll("[data-passkey]")) {
  const address = `/api/account/passkeys/${row.dataset.passkey}`;
  const rename = row.querySelector('[data-panel="rename"]');
  const remove = row.querySelector('[data-panel="remove"]');

  row.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-act]")?.dataset.act;
    if (act === "close") {
      const opener = row.querySelector('[aria-expanded="true"]');
      close(row);
      opener?.focus();
    } else if (act) {
      open(row, act);
    }
  });
  row.addEventListener("keydown", ({ key }) => {
    const opener = row.querySelector('[aria-expanded="true"]');
    if (key !== "Escape" || !opener) return;
    close(row);
    opener.focus();
  });

  onSubmit(rename, async () => {
    const field = rename.querySelector("input");
    fieldProblem(field, "");
    const { label } = await postProved(`${address}/rename`, { label: field.value.trim() });
    field.value = label;
    for (const slot of row.querySelectorAll('[data-slot="label"]')) slot.textContent = label;
    close(row);
    row.querySelector('[data-act="rename"]').focus();
    say("renamed");
  });

  onSubmit(remove, async () => {
    const { signal } = await postProved(`${address}/remove`, { confirm_last: "last" in remove.dataset });
    await signalAccepted(signal);
    // Everything on the page may follow from it, safety first: read it anew, and say there what was done.
    sessionStorage.setItem(AFTER_RELOAD, "removed");
    location.reload();
  });

  for (const button of row.querySelectorAll("[data-act]:disabled")) button.disabled = false;
}

const said = sessionStorage.getItem(AFTER_RELOAD);
sessionStorage.removeItem(AFTER_RELOAD);
if (said) say(said);

const { rp, user, name, display } = document.getElementById("account").dataset;
signalDetails({ rpId: rp, userId: user, name, displayName: display });
