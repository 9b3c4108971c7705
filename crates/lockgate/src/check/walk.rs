//! The steps of the walk, each as a visitor would take it.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use server::ambient;
use testkit::{Authenticator, Knobs, UserHandleChoice};

use super::http::{Browser, Page};
use crate::demo::Addresses;

/// The example application, as people and as the server know it.
const APP_NAME: &str = "Harbour Notes";
const APP_CLIENT: &str = "harbour-notes";

/// A visitor with a browser and a software authenticator.
pub(super) struct Walk {
    at: Addresses,
    browser: Browser,
    authenticator: Authenticator,
    link_token: String,
}

impl Walk {
    pub(super) fn new(at: Addresses) -> Self {
        // Fresh each time: a second walk over the same store must not bring the same passkey again.
        let seed = u64::from_le_bytes(ambient::entropy().take::<8>());
        Self { at, browser: Browser::default(), authenticator: Authenticator::new(seed), link_token: String::new() }
    }

    pub(super) fn open_tour(&mut self) -> Result<()> {
        let page = self.browser.get(&self.here("/tour"))?.ok()?;
        ticks(&page).map(|_| ())
    }

    pub(super) fn enrol(&mut self) -> Result<()> {
        let answer = self.browser.post_form(&self.here("/tour/enrol"), "")?;
        if answer.status == 409 {
            bail!("every example person has a passkey by now; begin anew with --fresh");
        }
        let link = answer.location.context("the tour handed out no enrolment link")?;
        let token = link.split_once('#').map(|(_, token)| token).context("the enrolment link carries no secret")?;
        self.link_token = token.to_owned();
        self.browser.get(&self.here("/enrol"))?.ok()?;
        let begun = self.ceremony("enrol/begin", &json!({ "token": self.link_token }))?;
        let options = begun["publicKey"].to_string();
        let created = self
            .authenticator
            .create(&options, &self.at.issuer, &Knobs::default())
            .map_err(|refusal| anyhow!("the authenticator refused to make a passkey: {refusal:?}"))?;
        let credential: Value = serde_json::from_str(&created).context("the authenticator did not answer with JSON")?;
        let result =
            json!({ "journey": begun["journey"], "credential": credential, "label": "Software authenticator" });
        let enrolled = self.ceremony("enrol/result", &result)?;
        if enrolled["passkey"]["id"].as_str().is_none() {
            bail!("the answer names no passkey");
        }
        // The new passkey is as good as a sign-in: My account opens.
        self.browser.get(&self.here("/account"))?.ok()?;
        Ok(())
    }

    pub(super) fn reuse_link(&mut self) -> Result<()> {
        let body = json!({ "token": self.link_token });
        let answer = self.browser.post_json(&self.here("/api/ceremony/enrol/begin"), &body)?;
        if answer.status == 200 {
            bail!("the link was good for a second passkey");
        }
        Ok(())
    }

    pub(super) fn sign_out(&mut self) -> Result<()> {
        let answer = self.browser.post_form(&self.here("/sign-out"), "")?;
        self.browser.follow(answer)?.ok()?;
        let account = self.browser.get(&self.here("/account"))?;
        if account.status == 200 {
            bail!("My account still opens after signing out");
        }
        Ok(())
    }

    pub(super) fn sign_in(&mut self) -> Result<()> {
        let consent = self.prove_for("/login")?;
        let page = self.allow(&consent)?;
        if !page.url.starts_with(&self.at.app) || !page.body.contains("id=\"what-it-got\"") {
            bail!("the way did not end on Harbour Notes' page of what it got");
        }
        self.expect("signed_in_count", &json!(1))
    }

    /// Says yes on the consent page.
    fn allow(&mut self, consent: &Page) -> Result<Page> {
        let form = format!("journey={}&csrf={}&answer=allow", hidden(consent, "journey")?, hidden(consent, "csrf")?);
        let allowed = self.browser.post_form(&self.here("/authorize/consent"), &form)?;
        self.browser.follow(allowed)?.ok()
    }

    /// Sets out from one of Harbour Notes' pages, answers the sign-in page with the passkey, and sees where that leads.
    fn prove_for(&mut self, path: &str) -> Result<Page> {
        let leaving = self.browser.get(&self.app(path))?;
        let page = self.browser.follow(leaving)?.ok()?;
        let journey = page
            .url
            .split_once("?j=")
            .map(|(_, id)| id.to_owned())
            .context("the way did not lead to the sign-in page")?;
        let asked = self.ceremony("sign-in/options", &json!({ "journey": journey }))?;
        let answer = self
            .authenticator
            .get(&asked["publicKey"].to_string(), &self.at.issuer, &UserHandleChoice::Own, &Knobs::default())
            .map_err(|refusal| anyhow!("the authenticator refused to sign in: {refusal:?}"))?;
        let credential: Value = serde_json::from_str(&answer).context("the authenticator did not answer with JSON")?;
        let result = json!({ "journey": journey, "credential": credential, "mediation": "modal" });
        let signed_in = self.ceremony("sign-in/result", &result)?;
        let next = signed_in["next"].as_str().context("the answer does not say where to go")?;
        let resumed = self.browser.get(&self.here(next))?;
        self.browser.follow(resumed)?.ok()
    }

    pub(super) fn refresh(&mut self) -> Result<()> {
        self.press("/refresh")?;
        self.expect("refresh_count", &json!(1))?;
        let page = self.press("/userinfo")?;
        if !page.body.contains("id=\"userinfo\"") {
            bail!("userinfo did not answer with the refreshed token");
        }
        Ok(())
    }

    pub(super) fn replay_code(&mut self) -> Result<()> {
        self.press("/attack/replay-code")?;
        self.expect("replay_refused", &json!(true))
    }

    pub(super) fn wrong_redirect(&mut self) -> Result<()> {
        self.press("/attack/wrong-redirect")?;
        self.expect("wrong_redirect_refused", &json!(true))
    }

    /// The vault asks for a proof of this moment, though the session is seconds old. Consent is asked again too: answers go to this
    /// machine, where any program may listen.
    pub(super) fn open_vault(&mut self) -> Result<()> {
        let consent = self.prove_for("/vault")?;
        let page = self.allow(&consent)?;
        if !page.url.starts_with(&self.at.app) || !page.body.contains("The vault is open") {
            bail!("the way did not end at the open vault");
        }
        Ok(())
    }

    /// Telling leaves a receipt, and the person can read it.
    pub(super) fn see_data(&mut self) -> Result<()> {
        self.press("/userinfo")?;
        let page = self.browser.get(&self.here("/account/data"))?.ok()?;
        if !page.body.contains(APP_NAME) {
            bail!("My account does not say that {APP_NAME} was told anything");
        }
        Ok(())
    }

    /// Access that is taken away ends at once.
    pub(super) fn withdraw(&mut self) -> Result<()> {
        let form = format!("client={APP_CLIENT}");
        let answer = self.browser.post_form(&self.here("/account/apps/withdraw"), &form)?;
        self.browser.follow(answer)?.ok()?;
        let before = self.status()?["refresh_count"].clone();
        self.press("/refresh")?;
        self.expect("refresh_count", &before)
    }

    pub(super) fn see_ticks(&mut self) -> Result<()> {
        let page = self.browser.get(&self.here("/tour"))?.ok()?;
        for (done, all) in ticks(&page)? {
            if done != all {
                bail!("one door of the tour has {done} of {all} ticks");
            }
        }
        Ok(())
    }

    fn here(&self, path: &str) -> String {
        format!("{}{path}", self.at.issuer)
    }

    fn app(&self, path: &str) -> String {
        format!("{}{path}", self.at.app)
    }

    /// Calls the ceremony API as the pages' scripts do.
    fn ceremony(&mut self, name: &str, body: &Value) -> Result<Value> {
        self.browser.post_json(&self.here(&format!("/api/ceremony/{name}")), body)?.ok()?.json()
    }

    /// Presses one of Harbour Notes' buttons and sees where it leads.
    fn press(&mut self, path: &str) -> Result<Page> {
        let answer = self.browser.post_form(&self.app(path), "")?;
        self.browser.follow(answer)?.ok()
    }

    /// What Harbour Notes counts.
    fn status(&mut self) -> Result<Value> {
        self.browser.get(&self.app("/status"))?.ok()?.json()
    }

    /// Asks Harbour Notes for one of its own counts.
    fn expect(&mut self, member: &str, wanted: &Value) -> Result<()> {
        let status = self.status()?;
        if status[member] != *wanted {
            bail!("Harbour Notes says {member} is {}, expected {wanted}", status[member]);
        }
        Ok(())
    }
}

/// Value of a hidden field. Ours are ids and base64url, which need no decoding in HTML or in a form.
fn hidden<'a>(page: &'a Page, name: &str) -> Result<&'a str> {
    let field = format!("name=\"{name}\" value=\"");
    let value = page.body.split_once(&field).and_then(|(_, rest)| rest.split_once('"')).map(|(value, _)| value);
    let plain = |value: &&str| value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    value.filter(plain).with_context(|| format!("the page has no usable field {name}; is it the consent page?"))
}

/// How many steps each door of the tour counts as done, and how many it has.
fn ticks(page: &Page) -> Result<Vec<(u32, u32)>> {
    let counts: Vec<(u32, u32)> = page
        .body
        .split("class=\"count\">")
        .skip(1)
        .filter_map(|rest| {
            let mut words = rest.split('<').next()?.split(' ');
            let done = words.next()?.parse().ok()?;
            let all = words.nth(1)?.parse().ok()?;
            Some((done, all))
        })
        .collect();
    if counts.is_empty() {
        bail!("the tour's page counts no steps");
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        Page { url: String::new(), status: 200, location: None, body: body.to_owned() }
    }

    #[test]
    fn ticks_are_counted_by_door() {
        let counted = ticks(&page("<span class=\"count\">1 of 3 done</span> <span class=\"count\">4 of 4 done</span>"));
        assert_eq!(counted.unwrap(), [(1, 3), (4, 4)]);
        assert!(ticks(&page("nothing")).is_err());
    }

    #[test]
    fn hidden_fields_are_found_and_must_be_plain() {
        let body = "<input type=\"hidden\" name=\"csrf\" value=\"a_B-9\"><input name=\"x\" value=\"&quot;\">";
        assert_eq!(hidden(&page(body), "csrf").unwrap(), "a_B-9");
        assert!(hidden(&page(body), "x").is_err());
        assert!(hidden(&page(body), "journey").is_err());
    }
}
