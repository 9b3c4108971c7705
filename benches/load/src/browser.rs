//! One person's browser with a passkey of its own: enrolled once, then signed in again and again.

use std::{collections::BTreeMap, net::Ipv4Addr};

use serde_json::{Value, json};
use testkit::{Authenticator, Counter, Knobs, UserHandleChoice};

use crate::{
    http::{Connection, Response, request_of},
    scenario::{Server, code_in, json as read_json, random_seed},
};

/// Journeys from one address before the browser moves to another: servers count how many one address opens.
const JOURNEYS_PER_ADDRESS: u32 = 400;

/// Guesses at passwords from one address.
const GUESSES_PER_ADDRESS: u32 = 20;
/// How many blocks of addresses a browser may use up in one run.
pub(crate) const BLOCKS_APART: u16 = 613;

/// A browser, its cookies, and the authenticator in it. The passkey signs with ES256 and counts its signatures.
pub(crate) struct Browser {
    origin: String,
    authenticator: Authenticator,
    knobs: Knobs,
    cookies: BTreeMap<String, String>,
    /// Of the loopback address that it comes from first.
    block: u16,
    journeys: u32,
}

impl Browser {
    /// Enrols a passkey with a link, `…/enrol#TOKEN`. Browsers come from different blocks, [`BLOCKS_APART`] or more from each other.
    pub(crate) async fn enrol(
        server: &Server,
        connection: &mut Connection,
        link: &str,
        block: u16,
    ) -> Result<Self, String> {
        let (origin, token) = link.split_once("/enrol#").ok_or("expected an enrolment link, …/enrol#TOKEN")?;
        let mut browser = Self {
            origin: origin.to_owned(),
            authenticator: Authenticator::new(random_seed()),
            knobs: Knobs { counter: Counter::Rising, ..Knobs::default() },
            cookies: BTreeMap::new(),
            block,
            journeys: 0,
        };
        browser.move_on(connection);
        let begun = browser.post(server, connection, "/api/ceremony/enrol/begin", &json!({ "token": token })).await?;
        let options = begun["publicKey"].to_string();
        let made = browser.authenticator.create(&options, &browser.origin, &browser.knobs);
        let credential: Value =
            serde_json::from_str(&made.map_err(|e| format!("create: {e:?}"))?).map_err(|e| e.to_string())?;
        let result = json!({ "journey": begun["journey"], "credential": credential, "label": "load" });
        browser.post(server, connection, "/api/ceremony/enrol/result", &result).await?;
        Ok(browser)
    }

    /// A browser of somebody who has nothing but a password.
    pub(crate) fn stranger(origin: String, block: u16) -> Self {
        Self {
            origin,
            authenticator: Authenticator::new(0),
            knobs: Knobs::default(),
            cookies: BTreeMap::new(),
            block,
            journeys: 0,
        }
    }

    /// Types a name that nobody has, and a password: the same work for the server as a name that somebody has. Told to come back later
    /// is an answer as well.
    pub(crate) async fn guess(&mut self, server: &Server, connection: &mut Connection) -> Result<(), String> {
        if self.journeys.is_multiple_of(GUESSES_PER_ADDRESS) {
            self.block = self.block.wrapping_add(1);
            self.move_on(connection);
        }
        self.journeys += 1;
        let begun = self.get(server, connection, "/sign-in").await?;
        let page = begun.location.as_deref().ok_or_else(|| format!("sign-in: {}", begun.excerpt()))?;
        let (_, journey) = page.split_once("j=").ok_or_else(|| format!("sign-in led to {page}"))?;
        let name = format!("nobody-{:016x}", random_seed());
        let named =
            self.post_form(server, connection, "/sign-in/name", &format!("journey={journey}&name={name}")).await?;
        if named.status != 303 {
            return Err(format!("name: {}", named.excerpt()));
        }
        let form = format!("journey={journey}&password=correct-horse-{}", self.journeys);
        let typed = self.post_form(server, connection, "/sign-in/password", &form).await?;
        // Wrong (the page again, or on to the code), or too busy.
        if matches!(typed.status, 200 | 303 | 400 | 401 | 422 | 503) {
            Ok(())
        } else {
            Err(format!("password: {}", typed.excerpt()))
        }
    }

    /// Everything from "sign in with Lockgate" to tokens: authorization request without a session, options, assertion, the code, its exchange.
    pub(crate) async fn sign_in(&mut self, server: &Server, connection: &mut Connection) -> Result<Value, String> {
        if self.journeys.is_multiple_of(JOURNEYS_PER_ADDRESS) {
            self.move_on(connection);
        }
        self.journeys += 1;
        // A browser whose session has ended: what binds journeys to it stays.
        self.cookies.retain(|name, _| name.contains("browser"));
        let (path, verifier) = server.authorization();
        let asked = self.get(server, connection, &path).await?;
        let page = asked.location.as_deref().ok_or_else(|| format!("authorize: {}", asked.excerpt()))?;
        let (_, journey) = page.split_once("j=").ok_or_else(|| format!("authorize led to {page}"))?;

        let options =
            self.post(server, connection, "/api/ceremony/sign-in/options", &json!({ "journey": journey })).await?;
        let options = options["publicKey"].to_string();
        let made = self.authenticator.get(&options, &self.origin, &UserHandleChoice::Own, &self.knobs);
        let made = made.map_err(|e| format!("get: {e:?}"))?;
        let body = format!(r#"{{"journey":"{journey}","credential":{made},"mediation":"modal","elapsed_ms":900}}"#);
        let proved = self.post_text(server, connection, "/api/ceremony/sign-in/result", &body).await?;

        let next = proved["next"].as_str().ok_or("result names no next")?;
        let answer = self.get(server, connection, next).await?;
        server.exchange(connection, &code_in(&answer)?, &verifier).await
    }

    /// Another source address, in a block of its own.
    fn move_on(&mut self, connection: &mut Connection) {
        let [high, low] = self.block.wrapping_add((self.journeys / JOURNEYS_PER_ADDRESS) as u16).to_be_bytes();
        connection.move_to(Ipv4Addr::new(127, high, low, 1));
    }

    async fn get(&mut self, server: &Server, connection: &mut Connection, path: &str) -> Result<Response, String> {
        let request = request_of(&server.target.authority, path, &[("Cookie", &self.cookie_header())], None);
        self.send(connection, &request).await
    }

    async fn post(
        &mut self,
        server: &Server,
        connection: &mut Connection,
        path: &str,
        body: &Value,
    ) -> Result<Value, String> {
        self.post_text(server, connection, path, &body.to_string()).await
    }

    async fn post_text(
        &mut self,
        server: &Server,
        connection: &mut Connection,
        path: &str,
        body: &str,
    ) -> Result<Value, String> {
        let cookies = self.cookie_header();
        let headers =
            [("Origin", self.origin.as_str()), ("Sec-Fetch-Site", "same-origin"), ("Cookie", cookies.as_str())];
        let request = request_of(&server.target.authority, path, &headers, Some(("application/json", body)));
        read_json(path, &self.send(connection, &request).await?)
    }

    async fn post_form(
        &mut self,
        server: &Server,
        connection: &mut Connection,
        path: &str,
        form: &str,
    ) -> Result<Response, String> {
        let cookies = self.cookie_header();
        let headers =
            [("Origin", self.origin.as_str()), ("Sec-Fetch-Site", "same-origin"), ("Cookie", cookies.as_str())];
        let request =
            request_of(&server.target.authority, path, &headers, Some(("application/x-www-form-urlencoded", form)));
        self.send(connection, &request).await
    }

    async fn send(&mut self, connection: &mut Connection, request: &[u8]) -> Result<Response, String> {
        let answer = connection.send(request).await.map_err(|e| e.to_string())?;
        self.cookies.extend(answer.cookies.iter().cloned());
        Ok(answer)
    }

    fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}
