//! People and browsers of installations that still let passwords in.

use crypto::{
    RootKey,
    otp::hotp,
    password::{Params, Password, hash},
};
use http::{Method, StatusCode};
use model::{PersonId, Secret};
use policy::{Base, Fallbacks, Policy};
use server::{Settings, ambient};
use signin::{Change, SigninName, recovery_code::fresh_codes};
use store::{ChangeSet, PersonalKind};

use crate::world::{Answer, Browser, World};

pub(crate) const ADA: &str = "ada@example.com";
pub(crate) const PASSWORD: &str = "seven tame otters & a boat";
const TOTP_SECRET: [u8; 20] = *b"made up for tests :)";

/// A password with a second factor serves the standard tier.
pub(crate) fn lax(settings: &mut Settings) {
    let mut base = Base::DEFAULT;
    base.standard.least = model::Strength::TwoFactor;
    base.standard.fallbacks = Fallbacks { password_and_totp: true, recovery_codes: true };
    settings.policy = Policy::new(base, Vec::new()).unwrap();
}

/// A world in which Ada holds a password, an authenticator app and recovery codes, and no passkey.
pub(crate) fn world() -> (World, Vec<String>) {
    let world = World::with_settings(|settings, _| lax(settings));
    let codes = furnish(&world, ADA);
    (world, codes)
}

pub(crate) fn person(world: &World, name: &str) -> PersonId {
    let key = RootKey::new(Secret::new([7; 32])).hash_key("signin");
    let hash = SigninName::parse(name).unwrap().hash(&key);
    world.store.person_by_name_hash(&hash).unwrap().unwrap().id
}

/// Gives a person a password, an authenticator app and recovery codes, as an import would.
fn furnish(world: &World, name: &str) -> Vec<String> {
    let key = RootKey::new(Secret::new([7; 32])).hash_key("signin");
    let (id, now) = (person(world, name), ambient::now());
    let typed = Password::parse(Secret::new(PASSWORD.to_owned())).unwrap();
    let phc = hash(&typed, [3; 16], Params::new(8, 1, 1).unwrap()).to_text();
    let sealed =
        world.store.seal_for(id, PersonalKind::TotpSecret, &TOTP_SECRET, now, &mut ambient::entropy()).unwrap();
    let codes = fresh_codes(id, &key, &mut ambient::entropy());
    commit(
        world,
        vec![
            Change::SetPassword { person: id, phc, imported: false, replaces: None, at: now },
            Change::SetTotp { person: id, sealed, last_step: 1, at: now },
            Change::ReplaceRecoveryCodes { person: id, hashes: codes.hashes.clone(), at: now },
        ],
    );
    codes.shown.iter().map(|code| code.expose().clone()).collect()
}

pub(crate) fn commit(world: &World, changes: Vec<Change>) {
    let set = ChangeSet::new(ambient::now(), changes, Vec::new());
    std::thread::scope(|scope| scope.spawn(|| world.store.commit_blocking(set)).join().unwrap().unwrap());
}

/// Ada's code, `steps` steps from now. Each step's works once, and only forwards.
pub(crate) fn code(steps: i64) -> String {
    code_of(&TOTP_SECRET, steps)
}

pub(crate) fn code_of(secret: &[u8], steps: i64) -> String {
    let step = ambient::now().seconds() / 30 + steps;
    String::from_utf8(hotp(secret, u64::try_from(step).unwrap()).to_vec()).unwrap()
}

impl Browser<'_> {
    pub(crate) async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encoded =
            |text: &str| -> String {
                text.bytes()
                    .map(|byte| {
                        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
                    })
                    .collect()
            };
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.request(Method::POST, path, "application/x-www-form-urlencoded", body.join("&")).await
    }

    /// Types a name, and asks for a password.
    pub(crate) async fn type_name(&mut self, journey: &str, name: &str) -> Answer {
        self.form("/sign-in/name", &[("journey", journey), ("name", name)]).await
    }

    pub(crate) async fn type_password(&mut self, journey: &str, password: &str) -> Answer {
        self.form("/sign-in/password", &[("journey", journey), ("password", password)]).await
    }

    pub(crate) async fn type_code(&mut self, journey: &str, code: &str) -> Answer {
        self.form("/sign-in/code", &[("journey", journey), ("code", code)]).await
    }

    /// The whole weaker way, to its last answer.
    pub(crate) async fn sign_in_weakly(&mut self, journey: &str, name: &str, password: &str, code: &str) -> Answer {
        let named = self.type_name(journey, name).await;
        assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.text());
        let typed = self.type_password(journey, password).await;
        assert_eq!(typed.status, StatusCode::SEE_OTHER, "{}", typed.text());
        self.type_code(journey, code).await
    }

    /// A browser in which Ada is signed in by password and authenticator app, having put the invitation off.
    pub(crate) async fn signed_in_weakly(world: &World) -> Browser<'_> {
        let mut browser = Browser::new(world, 1);
        let journey = browser.journey().await;
        let signed_in = browser.sign_in_weakly(&journey, ADA, PASSWORD, &code(-1)).await;
        assert_eq!(signed_in.location(), format!("/sign-in?j={journey}"), "{}", signed_in.text());
        let put_off = browser.form("/sign-in/not-now", &[("journey", &journey)]).await;
        assert_eq!(put_off.location(), "/account", "{}", put_off.text());
        browser
    }

    pub(crate) fn has_session(&self) -> bool {
        self.cookies.contains_key("lockgate")
    }
}
