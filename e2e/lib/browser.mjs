// A real browser with virtual authenticators (WebAuthn L3 §11, over the browser's own debugging protocol).

import assert from "node:assert/strict";
import { chromium as engine } from "playwright-core";
import { chromium } from "./programs.mjs";

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];

export async function launch(...more) {
  return engine.launch({ executablePath: chromium, headless: true, args: [...ARGUMENTS, ...more] });
}

/**
 * A browser whose owner has switched JavaScript off, so that <noscript> counts. Nothing can be asked of its pages by script either:
 * use `shown` and the keyboard.
 */
export const launchWithoutScripts = () => launch("--blink-settings=scriptEnabled=false");

/** What a page shows, as assistive technology is told: one line for each node that has a name. */
export async function shown(page) {
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send("Accessibility.getFullAXTree");
  await client.detach();
  return nodes.filter(({ ignored, name }) => !ignored && name?.value)
    .map(({ role, name, properties = [] }) => {
      const disabled = properties.some((property) => property.name === "disabled" && property.value.value);
      return `${role.value}: ${name.value}${disabled ? " (disabled)" : ""}`;
    }).join("\n");
}

/**
 * A page in a browser context of its own. `page.complaints` gathers what the console and the page's scripts complain about; tests that
 * expect a failed request take it out with `forgive`. What is not `strict` lets scripts in past the Content-Security-Policy.
 */
export async function open(browser, { scheme = "light", width = 1280, height = 900, strict = true } = {}) {
  const context = await browser.newContext({
    colorScheme: scheme, viewport: { width, height }, bypassCSP: !strict, reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC",
  });
  context.setDefaultTimeout(15_000);
  return tab(context);
}

/** One more tab of the same browser context. */
export async function tab(context) {
  const page = await context.newPage();
  page.complaints = [];
  // Counts the passkey requests of each document, so that tests can wait for one to be open.
  await page.addInitScript(() => {
    const container = globalThis.CredentialsContainer?.prototype;
    if (!container) return;
    const { get } = container;
    container.get = function counted(options) {
      const answer = get.call(this, options);
      globalThis.passkeyRequests = (globalThis.passkeyRequests ?? 0) + 1;
      return answer;
    };
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}

/** Takes away complaints that the test meant to cause: answers with these statuses. */
export function forgive(page, ...statuses) {
  page.complaints = page.complaints.filter((text) => !statuses.some((status) => text.includes(`status of ${status} `)));
}

/**
 * Plugs a virtual authenticator into a page: a platform authenticator with a screen lock unless told otherwise. One holds at most three
 * passkeys. While it is not `present`, requests stay open, as a prompt does that nobody has answered yet.
 */
export async function plugIn(page, { synced = true, verifies = true, present = true, transport = "internal" } = {}) {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await client.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", ctap2Version: "ctap2_1", transport, hasResidentKey: true, hasUserVerification: true, isUserVerified: verifies,
      automaticPresenceSimulation: present, defaultBackupEligibility: synced, defaultBackupState: synced,
    },
  });
  return {
    async passkeys() {
      return (await client.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
    },
    insert: (credential) => client.send("WebAuthn.addCredential", { authenticatorId, credential }),
    forget: (credentialId) => client.send("WebAuthn.removeCredential", { authenticatorId, credentialId }),
    verifies: (yes) => client.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: yes }),
    present: (yes) => client.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled: yes }),
    unplug: () => client.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
  };
}

export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const heading = (page, name) => page.getByRole("heading", { name, exact: true, level: 1 });
/** Waits until My account of that person is shown. */
export async function account(page, display) {
  await heading(page, "My account").waitFor();
  await page.locator("main").getByText(display).first().waitFor();
}
/** The live region in which pages say what is going on. */
export const said = (page) => page.locator("#say");

/** Opens an enrolment link and makes a passkey; ends on the page that follows. */
export async function enrol(page, link, { label } = {}) {
  await page.goto(link);
  await button(page, "Create a passkey").click();
  await heading(page, "You're set").waitFor();
  if (label) await page.getByLabel("Name this passkey").fill(label);
  await button(page, "Continue").click();
  await page.waitForURL((url) => url.pathname === "/account");
}

/** Signs out of My account. */
export async function signOut(page) {
  await button(page, "Sign out").click();
  await heading(page, "You're signed out").waitFor();
}

/** Waits until the sign-in page's passkey request is open in autofill. */
export async function waitsInAutofill(page) {
  await button(page, "Sign in with a passkey").waitFor();
  await page.waitForFunction(() => globalThis.passkeyRequests > 0);
}

/** Presses the button of the sign-in page. */
export const useAPasskey = (page) => button(page, "Sign in with a passkey").click();

/**
 * Presses the button, and waits for `done`. When a request that waits in autofill is answered first, the page is gone before it can be
 * pressed: with somebody present either signs in.
 */
export async function signInThere(page, done) {
  useAPasskey(page).catch(() => {});
  await done();
}

/** Nothing was complained about, but for refusals with these statuses, which the test meant to cause. */
export function clean(page, ...statuses) {
  forgive(page, ...statuses);
  assert.deepEqual(page.complaints, []);
}
