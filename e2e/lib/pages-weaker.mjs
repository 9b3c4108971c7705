// The pages of passwords, codes and invitations, and those that applications and devices lead to: walked where a password may be used.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { Request, listening } from "./application.mjs";
import { account, button, enrol, heading, open, plugIn, signInThere, signOut } from "./browser.mjs";
import { pbkdf2, totp, wrongTotp } from "./codes.mjs";
import { PASSWORD, PASSWORD_ALONE, WITH_SECOND_FACTOR, guess, typeCode, typePassword } from "./fallbacks.mjs";
import { form, send } from "./http.mjs";
import { looking, people } from "./pages.mjs";
import { Lockgate } from "./server.mjs";

const NAMES = ["Imani Okafor", "Jonas Weber", "Kirra Walsh", "Leila Haddad", "Mateo Rojas", "Nomsa Dlamini", "Oskar Lind", "Priya Nair"];
const TYPES = [{
  type: "payment", consent: "Pay {amount} € to {payee}", always_ask: true,
  fields: { amount: { kind: "integer", least: 1, greatest: 10_000, required: true }, payee: { kind: "text", required: true } },
}];
const refused = [400, 401, 403, 409, 410, 422];

/** A Lockgate where a password with a second factor opens what is ordinary, with applications of every kind. */
export async function weakerHouse() {
  const guests = people(NAMES);
  const application = await listening();
  const redirectUris = [application.redirectUri];
  const tells = ["--claim", "name", "--claim", "email", "--claim", "email_verified", "--purpose", "To send you the minutes of our meetings."];
  const lock = await Lockgate.make({
    people: guests, settings: `[oauth]\ndetail_types = "types.json"\n${WITH_SECOND_FACTOR}`, files: { "types.json": JSON.stringify(TYPES) },
    clients: [
      { id: "notes", name: "Harbour Notes", redirectUris: ["https://notes.example.org/callback"], scopes: ["openid", "profile", "email", "offline_access"], more: [...tells, "--detail-type", "payment"] },
      { id: "tide", name: "Tide Tables", redirectUris, scopes: ["openid", "profile", "email"], more: [...tells, "--post-logout-uri", `${application.origin}/bye`, "--response-mode", "query", "--response-mode", "form_post"] },
      { id: "payroll", name: "Payroll", redirectUris, trusted: true, tier: "sensitive" },
      { id: "kiosk", name: "Sluice Kiosk", kind: "native", redirectUris: [], scopes: ["openid", "offline_access"], more: ["--grant", "device", "--grant", "refresh"] },
    ],
  });
  const file = path.join(lock.dir, "attributes.json");
  for (const { name, display } of guests) {
    writeFileSync(file, JSON.stringify({ name: display, email: `${name}@example.org`, email_verified: true }));
    lock.operate("person", "attributes", name, file);
  }
  Object.assign(lock, { guests: guests.map((guest) => ({ ...guest, link: lock.links[guest.name] })), application });
  return lock.movableClock().start();
}

/** Walks one person through the weaker ways, and through what applications and devices ask. */
export async function walkWeaker(browser, lock, options, look) {
  const guest = lock.guests.shift();
  const page = await open(browser, options);
  const device = await plugIn(page);
  const walked = { ...guest, page, device, at: looking(page, look), go: (where) => page.goto(`${lock.issuer}${where}`) };
  await enrol(page, guest.link);
  await setUp(lock, walked);
  await typed(lock, walked);
  await asked(lock, walked);
  await devices(lock, walked);
  await shared(lock, walked);
  await page.context().close();
}

/** Setting up a password, an app and recovery codes. */
async function setUp(lock, walked) {
  const { page, at, go } = walked;
  await go("/account/password");
  await at("password-new", heading(page, "Set a password").waitFor());
  await page.getByLabel("New password").fill("password1234");
  await button(page, "Set it").click();
  await at("password-weak", page.getByText("This password is too easy to guess.").waitFor(), ...refused);
  await page.getByLabel("New password").fill(PASSWORD);
  await button(page, "Set it").click();
  await page.getByText("Your password is set.").waitFor();
  await go("/account/authenticator-app");
  walked.key = await page.locator("#key").innerText();
  await at("authenticator-app", heading(page, "Add an authenticator app").waitFor());
  await page.getByLabel("Six-digit code").fill(wrongTotp(walked.key, lock.seconds));
  await button(page, "Add the app").click();
  await at("authenticator-app-wrong", page.getByText("This code doesn't fit.").waitFor(), ...refused);
  await page.getByLabel("Six-digit code").fill(totp(walked.key, lock.seconds));
  await button(page, "Add the app").click();
  await button(page, "Make codes").click();
  await at("recovery-codes", heading(page, "Your recovery codes").waitFor());
  await page.getByRole("link", { name: "I've kept them" }).click();
  await page.getByText("Remove the password", { exact: true }).first().click();
  await at("ways", page.getByText("10 left", { exact: true }).waitFor());
  lock.later(6 * 60);
  await walked.device.present(false);
  await go("/account/password");
  await at("confirm", heading(page, "Confirm it's you").waitFor());
  await go("/account");
  await at("account-mostly", page.getByText("Mostly.").waitFor());
  await signOut(page);
}

/** Signing in with a password, wrong and right, and waiting. */
async function typed(lock, { page, name, display, key, at, go }) {
  await go("/account");
  await at("sign-in-or-password", button(page, "Use a password instead").waitFor());
  await typePassword(page, name, PASSWORD);
  await at("code", heading(page, "Enter your code").waitFor());
  await page.getByRole("link", { name: "Use a recovery code" }).click();
  await at("recovery-code", heading(page, "Use a recovery code").waitFor());
  await page.getByRole("link", { name: "Use the authenticator app" }).click();
  await typeCode(page, wrongTotp(key, lock.seconds));
  await at("password", page.getByText("That didn't match.").waitFor(), ...refused);

  let seconds = 0;
  for (let tries = 0; seconds < 60 && tries < 40; tries += 1) {
    const answer = await guess(lock, name, `guess ${tries} of many`);
    if (answer.status !== 429) continue;
    seconds = Number(answer.headers["retry-after"]);
    if (seconds < 60) lock.later(seconds + 1);
  }
  await go("/account");
  await typePassword(page, name, PASSWORD);
  await at("wait", heading(page, "Too many tries").waitFor(), 429);
  lock.later(20 * 60);
  await go("/account");
  await typePassword(page, name, PASSWORD);
  await typeCode(page, totp(key, lock.seconds));
  await account(page, display);
}

/** What applications ask, and what is seen of it afterwards. */
async function asked(lock, { page, device, display, at, go }) {
  const request = (id, more) => new Request(lock, id, lock.application.redirectUri, more);
  await page.goto(request("payroll").url);
  await at("step-up", heading(page, "One step more").waitFor());
  await device.present(true);
  await signInThere(page, () => heading(page, "Arrived").waitFor());
  await device.present(false);
  await page.goto(request("tide", { prompt: "select_account" }).url);
  await at("chooser", heading(page, "Choose an account").waitFor());
  const details = JSON.stringify([{ type: "payment", amount: 250, payee: "Lock Keepers' Fund" }]);
  await page.goto(new Request(lock, "notes", "https://notes.example.org/callback", { scope: "openid profile email offline_access", authorization_details: details }).url);
  await at("consent-details", heading(page, "Allow Harbour Notes?").waitFor());

  const tide = request("tide", { scope: "openid profile email" });
  await page.goto(tide.url);
  await button(page, "Allow").click();
  await heading(page, "Arrived").waitFor();
  const { json: tokens } = await tide.redeem(lock.application.arrived.at(-1));
  for (let time = 0; time < 2; time += 1) await send({ port: lock.port, path: "/userinfo", headers: { Authorization: `Bearer ${tokens.access_token}` } });
  await go("/account/data");
  await at("data", page.getByText("name and e-mail address").waitFor());
  await go("/account/apps");
  await page.locator("summary").first().click();
  await at("applications", page.getByRole("heading", { name: /Tide Tables/ }).waitFor());
  await elsewhere(lock, page, device, display);
  await go("/account/sessions");
  await at("sessions", page.getByRole("heading", { name: /browsers$/ }).waitFor());

  // The page that posts an answer, before its script has.
  await page.route("**/form-post.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.goto(request("tide", { scope: "openid profile email", response_mode: "form_post" }).url);
  await button(page, "Allow").click(); // asked each time: the address is on this machine
  await at("form-post", heading(page, "Back to Tide Tables").waitFor());
  await go(`/logout?${form({ client_id: "tide", post_logout_redirect_uri: `${lock.application.origin}/bye` })}`);
  await at("sign-out", heading(page, "Sign out of Tide Tables and Lockgate?").waitFor());
  await go(`/logout?${form({ client_id: "tide", post_logout_redirect_uri: "https://evil.example/" })}`);
  await at("error-logout", heading(page, "This sign-out can't be done that way").waitFor(), 400);
}

/** The same person in another browser. */
async function elsewhere(lock, page, device, display) {
  const other = await open(page.context().browser());
  const there = await plugIn(other);
  for (const passkey of await device.passkeys()) await there.insert(passkey);
  await other.goto(`${lock.issuer}/account`);
  await signInThere(other, () => account(other, display));
  await other.context().close();
}

/** Signing in on another device. */
async function devices(lock, { page, at, go }) {
  const begin = async () => (await send({
    port: lock.port, method: "POST", path: "/device_authorization", body: form({ client_id: "kiosk", scope: "openid offline_access" }),
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  })).json;
  const type = async (code) => {
    await go("/device");
    await page.getByLabel("Code", { exact: true }).fill(code);
    await button(page, "Continue").click();
  };
  await go("/device");
  await at("device", heading(page, "Connect a device").waitFor());
  await type("BBBB-BBBB");
  await at("device-unknown", page.getByText("No device waits with this code").waitFor(), ...refused, 404);
  for (const [answer, name, title] of [["Yes, it's my device", "device-allowed", "Your device is connected"], ["No, don't let it in", "device-denied", "Your device was not let in"]]) {
    await type((await begin()).user_code);
    await at("device-confirm", heading(page, "Let Sluice Kiosk in on another device?").waitFor());
    await button(page, answer).click();
    await at(name, heading(page, title).waitFor());
  }
}

/** A computer that several people share. */
async function shared(lock, { page, at, go }) {
  await go("/shared-computer");
  await at("not-shared", heading(page, "Shared computer").waitFor());
  await page.goto(/^http\S+\/shared-computer#\S+$/m.exec(lock.operate("workstation", "link"))[0]);
  await at("shared", heading(page, "This is a shared computer").waitFor());
  await go("/account");
  await at("account-shared", page.getByRole("complementary", { name: "Shared computer" }).waitFor());
  await go("/account/password");
  await at("error-shared", heading(page, "Not on a shared computer").waitFor(), 403);
  await go("/account");
  await button(page, "Sign out").click();
  await heading(page, "You're signed out").waitFor();
  await go("/account");
  await at("sign-in-shared", heading(page, "Sign in").waitFor());
}

/** A Lockgate where a password alone opens what is ordinary: everybody comes with one from elsewhere. */
export async function passwordHouse() {
  const guests = people(NAMES);
  const lock = await Lockgate.make({ people: guests, settings: PASSWORD_ALONE });
  const list = path.join(lock.dir, "passwords.csv");
  writeFileSync(list, guests.map(({ name }) => `${name},${pbkdf2(PASSWORD)}\n`).join(""));
  lock.operate("person", "password-import", list);
  lock.guests = guests;
  return lock.movableClock().start();
}

/** Walks one person from a password to a passkey, over the edge and back. */
export async function walkPassword(browser, lock, options, look) {
  const { name, display } = lock.guests.shift();
  const page = await open(browser, options);
  const at = looking(page, look);
  await page.goto(`${lock.issuer}/account`);
  await typePassword(page, name, PASSWORD);
  await at("invitation", heading(page, "Next time, without a password").waitFor());
  await button(page, "Not now").click();
  await account(page, display);
  await at("account-password-only", page.getByText("Not yet.").waitFor());
  await page.goto(`${lock.issuer}/account/ways-to-sign-in`);
  await page.getByText("Remove the password", { exact: true }).first().click();
  await button(page, "Remove the password").click();
  await at("last-way", heading(page, "This is your last way to sign in").waitFor(), 409);
  await page.goto(`${lock.issuer}/account`);
  await signOut(page);
  lock.later(8 * 24 * 3_600);
  await plugIn(page);
  await page.goto(`${lock.issuer}/account`);
  await typePassword(page, name, PASSWORD);
  await button(page, "Create a passkey").click();
  await at("invitation-done", heading(page, "You have a passkey").waitFor());
  await button(page, "Continue to My account").click();
  await account(page, display);
  await page.goto(`${lock.issuer}/account/ways-to-sign-in`);
  await at("ways-unconfirmed", page.getByText("not confirmed yet").waitFor());
  await page.context().close();
}
