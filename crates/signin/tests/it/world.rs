//! A world to sign in to: an installation, a clock that tests move, seeded entropy, and a store in memory that refuses a set of changes
//! when one of their preconditions (as written in `change.rs`) does not hold.

use std::collections::BTreeMap;

use crypto::{HashKey, sha256};
use model::{
    AuditEvent, AuditKind, ClientId, Decision, Employment, Entropy, NoticeKind, Outcome, PasskeyId, Person, PersonId,
    PersonStatus, Secret, Session, Tier, Timestamp, decision::NoQuestion,
};
use passkey::{AttestationWanted, AuthenticationResponse, Passkey, RegistrationResponse, RelyingParty};
use signin::{
    Asked, BrowserBinding, Change, CreationWanted, EnrolBy, EnrolFacts, EnrolRequest, Enrolled, EnrolmentPass,
    Holdings, InvitationState, Journey, Mediation, NameTyped, NewPerson, PassIssuer, PassRequest, PersonPassword,
    PersonTotp, ProofFacts, Purpose, Refusal, Requirement, ReturnTo, Setting, SignedIn, Start, Taken, Workstation,
    throttle::Counter, totp::TotpSecret,
};

use crate::device::Device;

pub(crate) type Decided<R> = Decision<R, Refusal, NoQuestion, Change>;

/// A precondition did not hold; nothing was written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lost(pub(crate) &'static str);

/// What the store holds. Sessions that ended are gone from it.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    pub(crate) people: Vec<Person>,
    pub(crate) names: Vec<([u8; 32], PersonId)>,
    pub(crate) passkeys: Vec<Passkey>,
    pub(crate) passes: Vec<EnrolmentPass>,
    pub(crate) sessions: Vec<Session>,
    /// Hash text, and whether it was imported.
    pub(crate) passwords: BTreeMap<PersonId, (String, bool)>,
    /// The secret (tests seal nothing) and the last step used.
    pub(crate) totp: BTreeMap<PersonId, ([u8; 20], Option<u64>)>,
    pub(crate) recovery_codes: BTreeMap<PersonId, Vec<[u8; 32]>>,
    pub(crate) invitations: BTreeMap<PersonId, InvitationState>,
    pub(crate) counters: BTreeMap<[u8; 32], Counter>,
    pub(crate) notices: Vec<(PersonId, NoticeKind, Option<PasskeyId>)>,
}

pub(crate) struct World {
    pub(crate) rp: RelyingParty,
    pub(crate) key: HashKey,
    pub(crate) now: Timestamp,
    pub(crate) kept: Kept,
    /// What the standard tier asks. Sensitive and critical ask what nobody configured.
    pub(crate) requirement: Requirement,
    pub(crate) workstation: Workstation,
    draws: u64,
}

/// A browser: its binding, and the session it holds, if any.
pub(crate) struct Browser {
    pub(crate) binding: BrowserBinding,
    pub(crate) session: Option<Session>,
}

pub(crate) const ORIGIN: &str = "https://id.example.org";

impl World {
    pub(crate) fn new() -> Self {
        let rp = RelyingParty {
            id: "id.example.org".into(),
            name: "Example".into(),
            origins: vec![ORIGIN.into()],
            top_origins: Vec::new(),
            attestation_roots: Vec::new(),
        };
        Self {
            rp,
            key: HashKey::new(&[42; 32]),
            now: Timestamp::from_seconds(1_790_000_000),
            kept: Kept::default(),
            requirement: Requirement::passkeys_only(Tier::Standard),
            workstation: Workstation::Own,
            draws: 0,
        }
    }

    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }

    /// Fresh entropy, the same in every run.
    pub(crate) fn entropy(&mut self) -> Entropy {
        self.draws += 1;
        let mut bytes = [0; 256];
        for (i, block) in bytes.chunks_mut(32).enumerate() {
            block.copy_from_slice(&sha256(format!("{}-{i}", self.draws).as_bytes()));
        }
        Entropy::new(bytes)
    }

    pub(crate) fn setting(&self) -> Setting<'_> {
        Setting { rp: &self.rp, key: &self.key }
    }

    /// What a path of this tier asks.
    pub(crate) fn asks(&self, tier: Tier) -> Requirement {
        match tier {
            Tier::Standard => self.requirement.clone(),
            Tier::Sensitive | Tier::Critical => Requirement::passkeys_only(tier),
        }
    }

    pub(crate) fn browser(&mut self) -> Browser {
        let mut entropy = self.entropy();
        Browser { binding: BrowserBinding::fresh(&self.key, &mut entropy).1, session: None }
    }

    /// Writes a set of changes, or none of it.
    pub(crate) fn commit(&mut self, changes: &[Change]) -> Result<(), Lost> {
        let mut next = self.kept.clone();
        for change in changes {
            next.apply(change)?;
        }
        self.kept = next;
        Ok(())
    }

    /// Commits what was granted and gives the reply with its audit kinds.
    pub(crate) fn settle<R>(&mut self, decision: Decided<R>) -> Result<(R, Vec<AuditKind>), Refusal> {
        let outcome = granted(decision)?;
        self.commit(&outcome.changes).map_err(|_| Refusal::LostRace)?;
        Ok((outcome.reply, kinds(&outcome.audit)))
    }

    pub(crate) fn person(&mut self) -> Person {
        let new = NewPerson { employment: Employment::Workforce, privileged: false, groups: Vec::new(), ends: None };
        let mut entropy = self.entropy();
        let person = signin::draft(new, self.now, &mut entropy);
        let added = signin::add_person(model::Actor::Operator, person.clone(), Vec::new(), Vec::new());
        self.commit(&added.changes).expect("a new person");
        person
    }

    pub(crate) fn pass(&mut self, person: &Person, issuer: PassIssuer) -> (EnrolmentPass, Secret<String>) {
        let held = self.kept.held(person.id).len();
        let mut entropy = self.entropy();
        let request = PassRequest { person, held, issuer, seconds: signin::limits::PASS_SECONDS_DEFAULT };
        let decided = signin::issue_pass(&request, &self.key, self.now, &mut entropy);
        let issued = self.settle(decided).expect("a pass").0;
        (issued.pass, issued.token)
    }

    /// A person with one passkey on `device`, enrolled by an operator's pass, in a browser that keeps nothing of it.
    pub(crate) fn enrolled_person(&mut self, device: &mut Device) -> Person {
        let person = self.person();
        let (pass, _) = self.pass(&person, PassIssuer::Operator);
        let browser = self.browser();
        self.enrol_by_pass(&browser, &pass, device).expect("a first passkey");
        person
    }

    pub(crate) fn begin(&mut self, browser: &Browser, purpose: Purpose) -> Journey {
        let path = Some(ClientId::parse("wiki").expect("an id"));
        let start = Start { purpose, path, tier: Tier::Standard, return_to: ReturnTo::Account };
        let mut entropy = self.entropy();
        signin::begin(start, &browser.binding, self.now, &mut entropy)
    }

    pub(crate) fn options(&mut self, browser: &Browser, journey: &Journey) -> Result<Asked, Refusal> {
        let mut entropy = self.entropy();
        signin::options(journey, &browser.binding, &self.setting(), self.now, &mut entropy)
    }

    pub(crate) fn take(&self, browser: &Browser, journey: &Journey) -> Result<(Journey, Taken), Refusal> {
        signin::take(journey, &browser.binding, self.now)
    }

    /// Judges an answer with the facts that the store holds.
    pub(crate) fn prove(
        &mut self,
        browser: &Browser,
        taken: &Taken,
        answer: &str,
        name: NameTyped,
    ) -> Decided<SignedIn> {
        let response = AuthenticationResponse::parse(answer.as_bytes()).expect("an answer in form");
        let mut entropy = self.entropy();
        let passkey = self.kept.passkeys.iter().find(|passkey| passkey.credential_id == response.credential_id());
        let person = passkey.and_then(|passkey| self.kept.person(passkey.person));
        let requirement = self.asks(taken.journey().tier);
        let streak = person.map(|person| signin::throttle::Keys::streak_of(person.id, &self.key));
        let facts = ProofFacts {
            passkey,
            person,
            name,
            session: browser.session.as_ref(),
            requirement: &requirement,
            workstation: self.workstation,
            streak: streak.filter(|key| self.kept.counters.contains_key(key)),
        };
        signin::prove(taken, &response, &facts, &self.setting(), self.now, &mut entropy)
    }

    /// A whole ceremony for `purpose`; the browser keeps the session.
    pub(crate) fn sign_in_for(
        &mut self,
        browser: &mut Browser,
        purpose: Purpose,
        device: &mut Device,
        name: NameTyped,
    ) -> Result<(SignedIn, Vec<AuditKind>), Refusal> {
        let journey = self.begin(browser, purpose);
        let asked = self.options(browser, &journey)?;
        let answer = device.get(&asked.options_json);
        let (_, taken) = self.take(browser, &asked.journey)?;
        let decided = self.prove(browser, &taken, &answer, name);
        let settled = self.settle(decided)?;
        browser.session = Some(settled.0.opened.session.clone());
        Ok(settled)
    }

    pub(crate) fn sign_in(&mut self, browser: &mut Browser, device: &mut Device) -> Result<SignedIn, Refusal> {
        self.sign_in_for(browser, Purpose::SignIn, device, NameTyped::None).map(|(signed_in, _)| signed_in)
    }

    /// Asks for creation options with the facts that the store holds.
    pub(crate) fn enrol_options(&mut self, browser: &Browser, journey: &Journey) -> Result<Asked, Refusal> {
        self.enrol_options_by(browser, journey, Mediation::Modal)
    }

    pub(crate) fn enrol_options_by(
        &mut self,
        browser: &Browser,
        journey: &Journey,
        mediation: Mediation,
    ) -> Result<Asked, Refusal> {
        let mut entropy = self.entropy();
        let attestation = AttestationWanted::None;
        let wanted = CreationWanted { user_name: "ada", display_name: "Ada", attestation, mediation };
        self.with_enrol_facts(browser, journey, |facts| {
            signin::enrol_options(journey, &browser.binding, facts, &wanted, &self.setting(), self.now, &mut entropy)
        })
    }

    /// Judges a registration with the facts that the store holds.
    pub(crate) fn enrol(&mut self, browser: &Browser, taken: &Taken, answer: &str) -> Decided<Enrolled> {
        let response = RegistrationResponse::parse(answer.as_bytes()).expect("an answer in form");
        let mut entropy = self.entropy();
        let known = |passkey: &Passkey| passkey.credential_id == response.credential_id();
        let credential_known = self.kept.passkeys.iter().any(known);
        let request = EnrolRequest { sealed_label: b"sealed".to_vec(), credential_known };
        self.with_enrol_facts(browser, taken.journey(), |facts| {
            signin::enrol(taken, &response, request, facts, &self.setting(), self.now, &mut entropy)
        })
    }

    fn with_enrol_facts<R>(&self, browser: &Browser, journey: &Journey, ask: impl FnOnce(&EnrolFacts<'_>) -> R) -> R {
        let (person, pass) = self.kept.enrolling(browser, journey);
        let passkeys = person.map(|person| self.kept.passkeys_of(person.id)).unwrap_or_default();
        let holdings = person.map_or(Holdings::passkeys(&[]), |person| self.kept.holdings(person.id, &passkeys));
        let requirement = self.asks(journey.tier);
        ask(&EnrolFacts {
            person,
            pass,
            session: browser.session.as_ref(),
            holdings,
            requirement: &requirement,
            workstation: self.workstation,
        })
    }

    /// A whole enrolment for `purpose`.
    pub(crate) fn enrol_for(
        &mut self,
        browser: &Browser,
        purpose: Purpose,
        device: &mut Device,
    ) -> Result<(Enrolled, Vec<AuditKind>), Refusal> {
        let journey = self.begin(browser, purpose);
        let asked = self.enrol_options(browser, &journey)?;
        let answer = device.create(&asked.options_json);
        let (_, taken) = self.take(browser, &asked.journey)?;
        let decided = self.enrol(browser, &taken, &answer);
        self.settle(decided)
    }

    pub(crate) fn enrol_by_pass(
        &mut self,
        browser: &Browser,
        pass: &EnrolmentPass,
        device: &mut Device,
    ) -> Result<Enrolled, Refusal> {
        self.enrol_for(browser, Purpose::Enrol(EnrolBy::Pass(pass.id)), device).map(|(enrolled, _)| enrolled)
    }

    pub(crate) fn add_passkey(&mut self, browser: &Browser, device: &mut Device) -> Result<Enrolled, Refusal> {
        let session = browser.session.as_ref().expect("a signed-in browser").id;
        self.enrol_for(browser, Purpose::AddPasskey(session), device).map(|(enrolled, _)| enrolled)
    }
}

/// The outcome, or the refusal, which in this room never writes anything.
pub(crate) fn granted<R>(decision: Decided<R>) -> Result<Outcome<R, Change>, Refusal> {
    match decision {
        Decision::Done(outcome) => Ok(outcome),
        Decision::Refused(outcome) => {
            assert!(outcome.changes.is_empty() && outcome.audit.is_empty(), "a refusal wrote something");
            Err(outcome.reply)
        }
        Decision::Need(question) => match question {},
    }
}

pub(crate) fn kinds(audit: &[AuditEvent]) -> Vec<AuditKind> {
    audit.iter().map(|event| event.kind).collect()
}

impl Kept {
    pub(crate) fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub(crate) fn held(&self, person: PersonId) -> Vec<&[u8]> {
        self.passkeys.iter().filter(|p| p.person == person).map(|p| p.credential_id.as_slice()).collect()
    }

    pub(crate) fn passkeys_of(&self, person: PersonId) -> Vec<Passkey> {
        self.passkeys.iter().filter(|passkey| passkey.person == person).cloned().collect()
    }

    /// Everything that a person can sign in with; `passkeys` are theirs.
    pub(crate) fn holdings<'a>(&self, person: PersonId, passkeys: &'a [Passkey]) -> Holdings<'a> {
        Holdings {
            passkeys,
            password: self.passwords.contains_key(&person),
            totp: self.totp.contains_key(&person),
            recovery_codes: self.recovery_codes.get(&person).map_or(0, Vec::len),
        }
    }

    pub(crate) fn password(&self, person: PersonId) -> Option<PersonPassword> {
        let (text, imported) = self.passwords.get(&person)?;
        Some(PersonPassword { text: Secret::new(text.clone()), imported: *imported, changed: Timestamp::default() })
    }

    pub(crate) fn totp(&self, person: PersonId) -> Option<PersonTotp> {
        let (secret, last_step) = self.totp.get(&person)?;
        let secret = TotpSecret::from_bytes(*secret);
        Some(PersonTotp { secret, last_step: *last_step, added: Timestamp::default() })
    }

    /// The kinds of the notices that went to a person, in order.
    pub(crate) fn told(&self, person: PersonId) -> Vec<NoticeKind> {
        self.notices.iter().filter(|(to, ..)| *to == person).map(|(_, kind, _)| *kind).collect()
    }

    /// Who enrols in this journey, and by which pass.
    fn enrolling(&self, browser: &Browser, journey: &Journey) -> (Option<&Person>, Option<&EnrolmentPass>) {
        let pass = match journey.purpose {
            Purpose::Enrol(EnrolBy::Pass(id)) => self.passes.iter().find(|pass| pass.id == id),
            Purpose::SignIn | Purpose::FreshProof(_) | Purpose::AddPasskey(_) => None,
        };
        let from_session = browser.session.as_ref().map(|session| session.authentication.person);
        let person = pass.map(|pass| pass.person).or(from_session).and_then(|id| self.person(id));
        (person, pass)
    }

    fn exists(&self, id: PersonId) -> Result<(), Lost> {
        check(self.person(id).is_some(), "the person exists")
    }

    fn password_is(&self, person: PersonId, text: &Secret<String>) -> Result<(), Lost> {
        let same = self.passwords.get(&person).is_some_and(|(stored, _)| stored == text.expose());
        check(same, "the password is unchanged")
    }

    fn active(&self, id: PersonId) -> Result<(), Lost> {
        let active = self.person(id).is_some_and(|person| person.status == PersonStatus::Active);
        if active { Ok(()) } else { Err(Lost("the person is active")) }
    }

    fn apply(&mut self, change: &Change) -> Result<(), Lost> {
        match change {
            Change::InsertPerson { person, .. } => self.people.push(person.clone()),
            Change::SetPersonStatus { id, status } => {
                let person = self.people.iter_mut().find(|person| person.id == *id);
                person.ok_or(Lost("the person exists"))?.status = *status;
            }
            Change::SetPersonGroups { id, groups } => {
                let person = self.people.iter_mut().find(|person| person.id == *id);
                person.ok_or(Lost("the person exists"))?.groups.clone_from(groups);
            }
            Change::InsertSigninName { hash, person, .. } => {
                check(self.names.iter().all(|(held, _)| held != hash), "nobody holds the name")?;
                self.names.push((*hash, *person));
            }
            Change::InsertPasskey(passkey) => {
                let id = &passkey.credential_id;
                check(self.passkeys.iter().all(|held| held.credential_id != *id), "the credential id is unknown")?;
                self.active(passkey.person)?;
                let few = self.held(passkey.person).len() < signin::limits::PASSKEYS_PER_PERSON_MAX;
                check(few, "the person holds fewer passkeys")?;
                self.passkeys.push((**passkey).clone());
            }
            Change::UsePasskey { id, sign_count, backed_up, used } => {
                let passkey = self.passkeys.iter_mut().find(|passkey| passkey.id == *id);
                let passkey = passkey.ok_or(Lost("the passkey exists"))?;
                (passkey.sign_count, passkey.backed_up, passkey.last_used) =
                    (passkey.sign_count.max(*sign_count), *backed_up, Some(*used));
            }
            Change::ConfirmPasskey { id, at } => {
                let passkey = self.passkeys.iter_mut().find(|passkey| passkey.id == *id);
                passkey.ok_or(Lost("the passkey exists"))?.confirmed.get_or_insert(*at);
            }
            Change::RequireNoPasskey { person } => {
                check(self.held(*person).is_empty(), "the person holds no passkey")?;
            }
            Change::RenamePasskey { id, person, label } => {
                let own = self.passkeys.iter_mut().find(|passkey| passkey.id == *id && passkey.person == *person);
                own.ok_or(Lost("the passkey is the person's"))?.label.clone_from(label);
            }
            Change::RemovePasskey { id, person, keep_one } => {
                let own = self.passkeys.iter().any(|passkey| passkey.id == *id && passkey.person == *person);
                check(own, "the passkey is the person's")?;
                check(!keep_one || self.held(*person).len() > 1, "the person holds another")?;
                self.passkeys.retain(|passkey| passkey.id != *id);
                if self.held(*person).is_empty() {
                    let unspent = |pass: &&mut EnrolmentPass| pass.person == *person && pass.spent.is_none();
                    self.passes.iter_mut().filter(unspent).for_each(|pass| pass.expires = pass.created);
                }
            }
            Change::InsertPass(pass) => {
                check(self.person(pass.person).is_some(), "the person exists")?;
                self.passes.push(pass.clone());
            }
            Change::SpendPass { id, at } => {
                let index = self.passes.iter().position(|pass| pass.id == *id).ok_or(Lost("the pass exists"))?;
                let pass = &self.passes[index];
                check(pass.spent.is_none() && *at < pass.expires, "the pass is usable")?;
                check(self.held(pass.person).is_empty(), "its person holds no passkey")?;
                self.passes[index].spent = Some(*at);
            }
            Change::SetPassword { person, phc, imported, replaces, .. } => {
                self.exists(*person)?;
                if let Some(before) = replaces {
                    self.password_is(*person, before)?;
                }
                self.passwords.insert(*person, (phc.expose().clone(), *imported));
            }
            Change::RequirePassword { person, phc } => self.password_is(*person, phc)?,
            Change::RemovePassword { person } => drop(self.passwords.remove(person)),
            Change::SetTotp { person, sealed, last_step, .. } => {
                self.exists(*person)?;
                let secret = sealed.as_slice().try_into().expect("tests seal nothing");
                self.totp.insert(*person, (secret, Some(*last_step)));
            }
            Change::UseTotp { person, before, step } => {
                let row = self.totp.get_mut(person).ok_or(Lost("the person has an authenticator app"))?;
                check(row.1 == *before, "the last step is as it was read")?;
                row.1 = Some(*step);
            }
            Change::RemoveTotp { person } => drop(self.totp.remove(person)),
            Change::ReplaceRecoveryCodes { person, hashes, .. } => {
                self.exists(*person)?;
                self.recovery_codes.insert(*person, hashes.clone());
            }
            Change::SpendRecoveryCode { person, hash } => {
                let codes = self.recovery_codes.entry(*person).or_default();
                let index = codes.iter().position(|held| held == hash).ok_or(Lost("the recovery code is there"))?;
                codes.remove(index);
            }
            Change::RecordInvitation { person, count, snoozed_until } => {
                self.exists(*person)?;
                let stored = self.invitations.entry(*person).or_default();
                check(stored.count < *count, "the count is below")?;
                *stored = InvitationState { count: *count, snoozed_until: Some(*snoozed_until) };
            }
            Change::SetCounter { key, before, after, .. } => {
                let stored = self.counters.get(key).copied().unwrap_or(Counter::NONE);
                check(stored == *before, "the counter is as it was read")?;
                self.counters.insert(*key, *after);
            }
            Change::ClearCounter { key } => drop(self.counters.remove(key)),
            Change::SweepCounters { before, .. } => self.counters.retain(|_, counter| counter.last >= *before),
            Change::QueueNotice { person, kind, passkey, .. } => self.notices.push((*person, *kind, *passkey)),
            Change::RequireSession { id, at } => {
                let live = self.sessions.iter().any(|session| session.id == *id && *at < session.expires);
                check(live, "the session is live")?;
            }
            Change::InsertSession(session) => {
                self.active(session.authentication.person)?;
                self.sessions.push(session.clone());
            }
            Change::EndSession { id, .. } => self.sessions.retain(|session| session.id != *id),
            Change::EndSessionsOfPerson { person, .. } => {
                self.sessions.retain(|session| session.authentication.person != *person);
            }
            Change::EndOtherSessions { person, keep, .. } => {
                self.sessions.retain(|session| session.authentication.person != *person || session.id == *keep);
            }
            Change::EndFallbackSessions { person, keep, .. } => self.sessions.retain(|session| {
                let proof = &session.authentication;
                proof.person != *person || proof.passkey.is_some() || Some(session.id) == *keep
            }),
            Change::EndSessionsOfPasskey { passkey, .. } => {
                self.sessions.retain(|session| session.authentication.passkey != Some(*passkey));
            }
        }
        Ok(())
    }
}

fn check(holds: bool, precondition: &'static str) -> Result<(), Lost> {
    if holds { Ok(()) } else { Err(Lost(precondition)) }
}
