//! The shell's part of signing in by name, password and code: it loads, pays, asks, answers and commits, in the order
//! that the room's documentation gives. Passwords are kept as `kept:<password>`, or `old:<password>` when their hash
//! is due to be made anew; checking one is a comparison.

use crypto::otp::hotp;
use model::{Decision, Person, PersonId, Secret, Tier, Timestamp};
use signin::{
    Change, Charged, CheckPassword, CodeTyped, CounterRows, FallbackFacts, FallbackSignedIn, Journey, Named,
    PasswordChecked, PasswordReply, PasswordToCheck, Purpose, Refusal, SignedIn, TakenCode, TakenPassword,
    throttle::{self, Counter, Counters, Keys, Kind},
};

use crate::world::{Browser, World, granted};

pub(crate) const PASSWORD: &str = "correct horse battery staple";
const ADDRESS: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
/// The authenticator app's secret of everyone in these tests.
pub(crate) const SECRET: [u8; 20] = [5; 20];

/// The code that the authenticator app shows at this time.
pub(crate) fn code(secret: &[u8; 20], at: Timestamp) -> String {
    let step = u64::try_from(at.seconds()).expect("after 1970") / 30;
    String::from_utf8(hotp(secret, step).to_vec()).expect("digits")
}

impl World {
    /// Someone with a password and an authenticator app, where both may serve the standard tier.
    pub(crate) fn person_with_password(&mut self) -> Person {
        self.requirement.least = model::Strength::TwoFactor;
        self.requirement.password_and_totp = true;
        let person = self.person();
        self.kept.passwords.insert(person.id, (format!("kept:{PASSWORD}"), false));
        self.kept.totp.insert(person.id, (SECRET, None));
        person
    }

    /// Recovery codes for someone, which may serve the standard tier from now on.
    pub(crate) fn give_codes(&mut self, person: PersonId) -> Vec<Secret<String>> {
        self.requirement.recovery_codes = true;
        let mut entropy = self.entropy();
        let codes = signin::recovery_code::fresh_codes(person, &self.key, &mut entropy);
        self.kept.recovery_codes.insert(person, codes.hashes);
        codes.shown
    }

    pub(crate) fn code(&self) -> String {
        code(&SECRET, self.now)
    }

    /// A journey that awaits the password of `named`.
    pub(crate) fn named(&mut self, browser: &Browser, purpose: Purpose, named: Named) -> Result<Journey, Refusal> {
        let journey = self.begin(browser, purpose);
        let offered = self.asks(Tier::Standard);
        signin::name_typed(&journey, &browser.binding, named, &offered, self.workstation, self.now)
    }

    fn rows(&self, kind: Kind, named: Named) -> CounterRows {
        let keys = Keys::of(kind, &named.account(), ADDRESS, &self.key);
        let at = |key: &[u8; 32]| self.kept.counters.get(key).copied().unwrap_or(Counter::NONE);
        let perhaps = |key: &Option<[u8; 32]>| key.as_ref().map_or(Counter::NONE, at);
        let counters = Counters {
            account: perhaps(&keys.account),
            streak: perhaps(&keys.streak),
            address: at(&keys.address),
            network: at(&keys.network),
            everyone: at(&keys.everyone),
        };
        CounterRows { keys, counters }
    }

    /// Pays for one guess.
    pub(crate) fn pay(&mut self, kind: Kind, named: Named) -> Result<Charged, Refusal> {
        let decided = signin::charge(kind, named, &self.rows(kind, named), self.now);
        self.settle(decided).map(|(charged, _)| charged)
    }

    /// Pays for the code of a journey.
    pub(crate) fn pay_for_code(&mut self, kind: Kind, taken: &TakenCode) -> Result<Charged, Refusal> {
        let decided = signin::charge_code(kind, taken, &self.rows(kind, taken.named()), self.now);
        self.settle(decided).map(|(charged, _)| charged)
    }

    pub(crate) fn pay_back(&mut self, kind: Kind, named: Named, outcome: throttle::Outcome) {
        let changes = signin::settle(kind, outcome, &self.rows(kind, named), self.now);
        self.commit(&changes).expect("nobody else counts");
    }

    /// Asks with the facts that the store holds for whoever was named.
    pub(crate) fn with_fallback_facts<R>(
        &self,
        browser: &Browser,
        named: Named,
        tier: Tier,
        ask: impl FnOnce(&FallbackFacts<'_>) -> R,
    ) -> R {
        let id = named.person();
        let password = id.and_then(|id| self.kept.password(id));
        let totp = id.and_then(|id| self.kept.totp(id));
        let passkeys = id.map(|id| self.kept.passkeys_of(id)).unwrap_or_default();
        let codes = id.and_then(|id| self.kept.recovery_codes.get(&id)).cloned().unwrap_or_default();
        ask(&FallbackFacts {
            person: id.and_then(|id| self.kept.person(id)),
            password: password.as_ref(),
            totp: totp.as_ref(),
            recovery_codes: &codes,
            passkeys: &passkeys,
            requirement: &self.asks(tier),
            invitation: id.and_then(|id| self.kept.invitations.get(&id)).copied().unwrap_or_default(),
            session: browser.session.as_ref(),
            workstation: self.workstation,
        })
    }

    /// One password, paid for and checked; commits what is granted.
    pub(crate) fn password_step(
        &mut self,
        browser: &Browser,
        journey: &Journey,
        typed: &str,
    ) -> Result<PasswordReply, Refusal> {
        let (_, taken) = signin::take_password(journey, &browser.binding, self.now)?;
        let charged = self.pay(Kind::Password, taken.named())?;
        let reply = self.judge_password(browser, &taken, &charged, typed)?;
        if let PasswordReply::SecondFactor { settle: Some(outcome), .. } = &reply {
            self.pay_back(Kind::Password, taken.named(), *outcome);
        }
        Ok(reply)
    }

    pub(crate) fn judge_password(
        &mut self,
        browser: &Browser,
        taken: &TakenPassword,
        charged: &Charged,
        typed: &str,
    ) -> Result<PasswordReply, Refusal> {
        let (named, tier) = (taken.named(), taken.journey().tier);
        let mut entropy = self.entropy();
        let question = self.with_fallback_facts(browser, named, tier, |facts| {
            signin::password(taken, charged, None, facts, &self.setting(), self.now, &mut entropy)
        });
        let Decision::Need(question) = question else { panic!("a password is never judged without a check") };
        let checked = check(&question, typed);
        let mut entropy = self.entropy();
        let decided = self.with_fallback_facts(browser, named, tier, |facts| {
            signin::password(taken, charged, Some(checked), facts, &self.setting(), self.now, &mut entropy)
        });
        match decided {
            Decision::Done(outcome) => {
                self.commit(&outcome.changes).map_err(|_| Refusal::LostRace)?;
                Ok(outcome.reply)
            }
            Decision::Refused(outcome) => {
                assert!(outcome.changes.is_empty(), "a refusal wrote something");
                Err(outcome.reply)
            }
            Decision::Need(_) => panic!("the check was answered"),
        }
    }

    /// One code, paid for; commits what is granted.
    pub(crate) fn code_step(
        &mut self,
        browser: &mut Browser,
        journey: &Journey,
        typed: CodeTyped<'_>,
    ) -> Result<FallbackSignedIn, Refusal> {
        let (_, taken) = signin::take_second_factor(journey, &browser.binding, self.now)?;
        let charged = self.pay_for_code(typed.kind(), &taken)?;
        let (reply, changes) = self.judge_code(browser, &taken, &charged, typed)?;
        self.commit(&changes).map_err(|_| Refusal::LostRace)?;
        self.pay_back(typed.kind(), taken.named(), throttle::Outcome::Proved);
        browser.session = Some(reply.signed_in.opened.session.clone());
        Ok(reply)
    }

    pub(crate) fn judge_code(
        &mut self,
        browser: &Browser,
        taken: &TakenCode,
        charged: &Charged,
        typed: CodeTyped<'_>,
    ) -> Result<(FallbackSignedIn, Vec<Change>), Refusal> {
        let mut entropy = self.entropy();
        let decided = self.with_fallback_facts(browser, taken.named(), taken.journey().tier, |facts| {
            signin::second_factor(taken, charged, typed, facts, &self.setting(), self.now, &mut entropy)
        });
        granted(decided).map(|outcome| (outcome.reply, outcome.changes))
    }

    /// Name, password and code, all at once.
    pub(crate) fn sign_in_typed(
        &mut self,
        browser: &mut Browser,
        purpose: Purpose,
        named: Named,
        password: &str,
        typed: CodeTyped<'_>,
    ) -> Result<FallbackSignedIn, Refusal> {
        let journey = self.named(browser, purpose, named)?;
        let journey = second_factor_next(self.password_step(browser, &journey, password)?);
        self.code_step(browser, &journey, typed)
    }

    /// The same, for someone who types everything right.
    pub(crate) fn sign_in_by_password(&mut self, browser: &mut Browser, person: &Person) -> SignedIn {
        let code = self.code();
        let named = Named::Person(person.id);
        self.sign_in_typed(browser, Purpose::SignIn, named, PASSWORD, CodeTyped::Totp(&code))
            .expect("signed in by password")
            .signed_in
    }
}

/// The journey that awaits the second factor.
pub(crate) fn second_factor_next(reply: PasswordReply) -> Journey {
    match reply {
        PasswordReply::SecondFactor { journey, .. } => journey,
        PasswordReply::SignedIn(signed_in) => panic!("a password alone signed in: {signed_in:?}"),
    }
}

fn check(question: &CheckPassword, typed: &str) -> PasswordChecked {
    match &question.against {
        PasswordToCheck::Dummy => PasswordChecked { right: false, rehashed: None },
        PasswordToCheck::Stored(text) => {
            let old = text.expose() == &format!("old:{typed}");
            let right = old || text.expose() == &format!("kept:{typed}");
            PasswordChecked { right, rehashed: old.then(|| Secret::new(format!("kept:{typed}"))) }
        }
    }
}
