// Plain forms and pages that wait: they work without this. It shows a password while it is typed, sends a form once, counts a wait down.

import { say, working } from "./page.js";

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    field.focus();
  });
  // A password manager asks to keep what is in a password field.
  field.form.addEventListener("submit", () => { field.type = "password"; });
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    const button = form.querySelector("button.primary");
    if (button.hasAttribute("aria-disabled")) return event.preventDefault();
    working(button, true);
  });
}

for (const place of document.querySelectorAll("[data-countdown]")) {
  const until = performance.now() + place.dataset.countdown * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left > 0) setTimeout(tick, 1000);
    else say("now");
  };
  tick();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
