// The weaker ways to sign in: setting them up over HTTP, and walking them in a browser.

import assert from "node:assert/strict";
import { button, heading } from "./browser.mjs";
import { totp } from "./codes.mjs";
import { Visitor } from "./http.mjs";
import { SoftPasskey } from "./soft.mjs";

/** A configuration in which a password with a second factor opens what is ordinary. */
export const WITH_SECOND_FACTOR = "[policy.base.standard]\npassword_and_totp = true\nrecovery_codes = true";
/** One in which a password alone does, and a passkey is invited. "Not now" may be said twice. */
export const PASSWORD_ALONE = '[policy.base.standard]\nleast = "password"\npassword_and_totp = true\ninvitation_skips = 2\ninvitation_snooze_days = 7';

/** A password that nothing stands against. */
export const PASSWORD = "slow barge under nine bridges";

/**
 * Enrols the person of `link` with a passkey of this process, and gives them a password, an app and recovery codes. Resolves with the passkey,
 * the app's `key` and the `codes`, once the app's first code is used up.
 */
export async function equip(lock, link, { recoveryCodes = true } = {}) {
  const [visitor, passkey] = [new Visitor(lock.port), new SoftPasskey()];
  const enrolled = await visitor.enrol(link, passkey);
  assert.equal(enrolled.status, 200, enrolled.text);
  const done = (answer, said) => assert.equal(answer.location, `/account/ways-to-sign-in?said=${said}`, `${answer.status} ${answer.text.slice(0, 1500)}`);
  done(await visitor.form("/account/password", { password: PASSWORD }), "password_set");
  const page = await visitor.get("/account/authenticator-app");
  const key = /<code id="key"[^>]*>([^<]+)</.exec(page.text)?.[1];
  const enrolling = /name="enrolling" value="([^"]+)"/.exec(page.text)?.[1];
  assert.ok(key && enrolling, page.text);
  done(await visitor.form("/account/authenticator-app", { enrolling, code: totp(key, lock.seconds) }), "app_added");
  let codes = [];
  if (recoveryCodes) {
    const made = await visitor.form("/account/recovery-codes", {});
    codes = [...made.text.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, code]) => code);
    assert.equal(codes.length, 10, made.text);
  }
  await visitor.form("/sign-out", {});
  visitor.close();
  lock.later(31); // a code counts once: the next step has another
  return { passkey, key, codes };
}

/** From the sign-in page to the page after the password. */
export async function typePassword(page, name, password) {
  await page.getByLabel("Sign-in name").fill(name);
  await button(page, "Use a password instead").click();
  await heading(page, "Enter your password").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await button(page, "Continue").click();
}

/** From the page that asks for the app's code to what follows. */
export async function typeCode(page, code) {
  await page.getByLabel("Code from your authenticator app").fill(code);
  await button(page, "Continue").click();
}

/** A stranger's guess at a password over HTTP; resolves with the answer to it. */
export async function guess(lock, name, password) {
  const visitor = new Visitor(lock.port);
  const journey = await visitor.begin();
  await visitor.form("/sign-in/name", { journey, name });
  const answer = await visitor.form("/sign-in/password", { journey, password });
  visitor.close();
  return answer;
}
