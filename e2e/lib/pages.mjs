// Every page in every state worth looking at, in the order in which a person meets them. Three houses: one as it comes, with passkeys only; one
// where a password with a second factor opens what is ordinary (pages-weaker.mjs); and one where a password alone does.

import { account, button, heading, open, plugIn, said, signInThere, signOut, useAPasskey } from "./browser.mjs";
import { form } from "./http.mjs";
import { authorizeParams } from "./oauth.mjs";
import { Lockgate } from "./server.mjs";

const REDIRECT = "https://tide.example.org/callback";

/** The people that walks need: one each. */
const NAMES = ["Ama Boateng", "Béla Horváth", "Chiamaka Eze", "Dana Levy", "Esi Owusu", "Farid Karimi", "Gita Sharma", "Hana Sato"];

/** Sign-in names of people who are called so. */
export const people = (names) => names.map((display) => ({ name: display.split(" ")[0].toLowerCase().normalize("NFD").replace(/[^a-z]/g, ""), display }));

/** A Lockgate for as many walks as there are names. */
export async function house() {
  const guests = people(NAMES);
  const lock = await Lockgate.make({ people: guests, clients: [{ id: "tide", name: "Tide Tables", redirectUris: [REDIRECT], scopes: ["openid", "offline_access"] }] });
  lock.guests = guests.map((guest) => ({ ...guest, link: lock.links[guest.name] }));
  return lock.movableClock().start();
}

/**
 * What a walk calls at each page: waits until it is `ready`, and looks. `statuses` are those of refusals that the walk means to cause on the way.
 */
export const looking = (page, look) => async (name, ready, ...statuses) => {
  await ready;
  await page.waitForLoadState("networkidle");
  await look(name, page, statuses);
};

/** Walks one person through the pages, and calls `look(name, page, statuses)` at each. `options` are those of `open`. */
export async function walk(browser, lock, options, look) {
  const { link, display, name } = lock.guests.shift();
  const page = await open(browser, options);
  let device = await plugIn(page);
  const at = looking(page, look);
  const authorize = (more) => `${lock.issuer}/authorize?${form(authorizeParams({ client: "tide", redirectUri: REDIRECT, ...more }))}`;

  await page.goto(link);
  await at("enrol", button(page, "Create a passkey").waitFor());
  await button(page, "Create a passkey").click();
  await at("enrol-done", heading(page, "You're set").waitFor());
  await button(page, "Continue").click();
  await at("account", account(page, display));
  await page.goto(`${lock.issuer}/account/ways-to-sign-in`);
  await at("account-passkeys", heading(page, "Ways to sign in").waitFor());
  await page.getByRole("button", { name: /^Remove / }).click();
  await at("account-remove-last", page.getByText("This is your only passkey.").waitFor());
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Rename / }).click();
  await at("account-rename", page.getByLabel("New name").waitFor());

  lock.later(6 * 60);
  await page.goto(`${lock.issuer}/enrol`);
  await at("enrol-confirm", heading(page, "First, confirm it's you").waitFor(), 403);
  await button(page, "Confirm with a passkey").click();
  await button(page, "Create a passkey").waitFor();
  const kept = await device.passkeys();
  await device.unplug();
  device = await plugIn(page, { synced: false, transport: "usb" });
  await button(page, "Create a passkey").click();
  await heading(page, "You're set").waitFor();
  await page.getByLabel("Name this passkey").fill("Security key in the drawer");
  await button(page, "Continue").click();
  await at("account-two", page.getByText("You sign in with 2 passkeys.").waitFor());
  await page.goto(authorize({ scope: "openid offline_access" }));
  await at("consent", heading(page, "Allow Tide Tables?").waitFor());

  await page.goto(authorize({ redirectUri: "https://evil.example/" }));
  await at("error-redirect", heading(page, "This sign-in would end in the wrong place").waitFor(), 400);
  await page.goto(authorize({ client: "nobody" }));
  await at("error-application", heading(page, "This application isn't registered").waitFor(), 400);
  await page.goto(`${lock.issuer}/nowhere`);
  await at("error-not-found", heading(page, "This page doesn't exist").waitFor(), 404);
  await page.goto("about:blank");
  await page.goto(link);
  await at("enrol-stopped", heading(page, "This link no longer works").waitFor(), 400, 403, 404, 409, 410);

  await page.goto(`${lock.issuer}/account`);
  await device.present(false);
  await signOut(page);
  await at("signed-out", heading(page, "You're signed out").waitFor());
  await page.goto(authorize({ login_hint: name }));
  await at("sign-in", heading(page, "Sign in").waitFor());
  await page.getByText("No passkey here?").click();
  await at("sign-in-help", page.getByText("It is on your phone.").waitFor());
  await useAPasskey(page);
  await at("sign-in-asking", said(page).getByText("Your browser is asking").waitFor());
  await device.unplug();
  device = await plugIn(page);
  await page.reload();
  await useAPasskey(page);
  await at("sign-in-cancelled", said(page).getByText("No passkey was used.").waitFor());
  await page.getByLabel("Sign-in name").fill("somebody-else");
  await device.insert(kept[0]);
  await useAPasskey(page);
  await at("sign-in-mismatch", page.getByText("The name and the passkey don't belong together.").waitFor(), 400, 403, 422);
  await page.context().close();
}

/** Walks a fresh demonstration: the tour before and after, and the example application. */
export async function walkDemo(browser, options, look) {
  const demo = await (await Lockgate.demo()).start();
  try {
    await walkTour(browser, demo, options, look);
  } finally {
    await demo.close();
  }
}

async function walkTour(browser, demo, options, look) {
  const page = await open(browser, options);
  await plugIn(page);
  const at = looking(page, look);
  await page.goto(`${demo.issuer}/tour`);
  await at("tour", heading(page, "Raise the water, keep the boats moving").waitFor());
  await page.locator("li.next form.act button, li.next a.button").first().click();
  await button(page, "Create a passkey").click();
  await button(page, "Continue").click();
  await heading(page, "Raise the water, keep the boats moving").waitFor();
  await page.goto(demo.application);
  const login = page.getByRole("link", { name: "Sign in with Lockgate" });
  await at("application", login.waitFor());
  await login.click();
  const [allow, refresh] = [button(page, "Allow"), button(page, "Refresh now")];
  await allow.or(refresh).first().waitFor();
  if (await allow.isVisible()) await allow.click();
  await at("application-signed-in", refresh.waitFor());
  await refresh.click();
  await page.waitForLoadState();
  await page.getByRole("link", { name: "Open the vault" }).click();
  const vault = page.locator("#vault [role=status] p");
  await signInThere(page, () => allow.or(vault.first()).first().waitFor());
  if (await allow.isVisible()) await allow.click();
  await vault.first().waitFor();
  await button(page, "Call userinfo").click();
  await at("application-vault", page.locator("#userinfo").waitFor());
  await page.goto(`${demo.issuer}/account/data`);
  await at("tour-data", page.getByText("Harbour Notes").first().waitFor());
  await page.goto(`${demo.issuer}/tour`);
  await at("tour-walked", page.locator("li.done").nth(5).waitFor());
  await page.context().close();
}
