//! Random walks through journeys: whatever steps are taken in whatever order, a session opens exactly when a whole proof
//! was made, and it is the prover's. The walk keeps books of what was truly shown, and the engine is held to them.

use model::PersonId;
use proptest::prelude::*;
use signin::{CodeTyped, Journey, NameTyped, Named, PasswordReply, Purpose, Refusal, SignedIn};

use crate::{
    device::Device,
    typed::{PASSWORD, code},
    world::{Browser, World},
};

#[derive(Debug, Clone)]
enum Step {
    /// A new journey, begun in this browser.
    Begin { other_browser: bool, fresh_proof: bool },
    /// Further steps come from this browser.
    Browser { other: bool },
    /// The page asks for a passkey.
    Options,
    /// A device answers the latest options that were handed out, or the ones before.
    Answer { device: Whose, stale: bool },
    /// A name is typed.
    Name(Whose),
    /// A password is typed.
    Password { right: bool },
    /// A code from the app is typed: the present one, or one that never was.
    Totp { right: bool },
    /// A recovery code is typed: the next one, or the one before it.
    Recovery { used: bool },
    /// Time goes by.
    Wait(u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Adas,
    Bobs,
    Nobodys,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let whose = prop_oneof![4 => Just(Whose::Adas), 1 => Just(Whose::Bobs), 1 => Just(Whose::Nobodys)];
    let step = prop_oneof![
        1 => (prop::bool::weighted(0.2), any::<bool>())
            .prop_map(|(other_browser, fresh_proof)| Step::Begin { other_browser, fresh_proof }),
        1 => prop::bool::weighted(0.2).prop_map(|other| Step::Browser { other }),
        2 => Just(Step::Options),
        2 => (whose.clone(), prop::bool::weighted(0.2)).prop_map(|(device, stale)| Step::Answer { device, stale }),
        4 => whose.prop_map(Step::Name),
        4 => prop::bool::weighted(0.7).prop_map(|right| Step::Password { right }),
        3 => prop::bool::weighted(0.7).prop_map(|right| Step::Totp { right }),
        2 => prop::bool::weighted(0.2).prop_map(|used| Step::Recovery { used }),
        2 => (0u16..200).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..60)
}

/// What was truly shown in the present journey.
#[derive(Default)]
struct Books {
    /// Whose name stands in the journey.
    named: Option<PersonId>,
    /// The password was typed right, and no step since has undone that.
    password: bool,
    /// The challenge that may still be answered.
    open: Option<String>,
    /// The one before it.
    before: Option<String>,
}

struct Walk {
    world: World,
    ada: PersonId,
    devices: [Device; 3],
    codes: Vec<String>,
    codes_used: usize,
    browsers: [Browser; 2],
    at: usize,
    journey: Journey,
    begun_at: usize,
    books: Books,
    opened: usize,
}

impl Walk {
    fn new() -> Self {
        let mut world = World::new();
        let mut devices = [Device::new(1), Device::new(2), Device::with_unknown_passkey(3)];
        let ada = world.person_with_password();
        let codes = world.give_codes(ada.id).iter().map(|code| code.expose().clone()).collect();
        let (pass, _) = world.pass(&ada, signin::PassIssuer::Operator);
        let enrolling = world.browser();
        world.enrol_by_pass(&enrolling, &pass, &mut devices[0]).expect("Ada's passkey");
        world.enrolled_person(&mut devices[1]);
        world.kept.sessions.clear();
        let browsers = [world.browser(), world.browser()];
        let journey = world.begin(&browsers[0], Purpose::SignIn);
        Self {
            world,
            ada: ada.id,
            devices,
            codes,
            codes_used: 0,
            browsers,
            at: 0,
            journey,
            begun_at: 0,
            books: Books::default(),
            opened: 0,
        }
    }

    fn person(&self, whose: Whose) -> Option<PersonId> {
        match whose {
            Whose::Adas => Some(self.ada),
            Whose::Bobs => self.world.kept.people.iter().map(|person| person.id).find(|id| *id != self.ada),
            Whose::Nobodys => None,
        }
    }

    /// Whether the step could not count whatever was shown: the shell is told so before it looks at anything.
    fn over(&self) -> bool {
        self.journey.check(&self.browsers[self.at].binding, self.world.now).is_err()
    }

    /// Holds a step's result to the books. `whole` is who made a whole proof by this step, if anyone.
    fn hold(&mut self, result: Result<SignedIn, Refusal>, whole: Option<PersonId>) {
        match result {
            Ok(signed_in) => {
                assert_eq!(Some(signed_in.person), whole, "a session without a whole proof");
                let session = signed_in.opened.session;
                assert_eq!(session.authentication.person, signed_in.person);
                assert!(self.world.kept.sessions.contains(&session));
                self.browsers[self.at].session = Some(session);
                self.journey = signed_in.journey;
                self.books = Books::default();
                self.opened += 1;
            }
            // What else may keep a whole proof from counting: too many tries, and a session that it should renew.
            Err(Refusal::Throttled { .. } | Refusal::SessionEnded | Refusal::NotYours) => {}
            Err(refusal) => assert_eq!(whole, None, "a whole proof was refused: {refusal}"),
        }
    }

    fn step(&mut self, step: &Step) {
        let sessions_before = self.world.kept.sessions.len();
        let opened_before = self.opened;
        self.walk(step);
        let grew = self.world.kept.sessions.len() > sessions_before;
        assert!(!grew || self.opened > opened_before, "a session appeared unnoticed: {step:?}");
    }

    fn walk(&mut self, step: &Step) {
        match *step {
            Step::Begin { other_browser, fresh_proof } => {
                self.begun_at = usize::from(other_browser);
                self.at = self.begun_at;
                let session = self.browsers[self.at].session.as_ref().map(|session| session.id);
                let purpose = match session {
                    Some(id) if fresh_proof => Purpose::FreshProof(id),
                    Some(_) | None => Purpose::SignIn,
                };
                self.journey = self.world.begin(&self.browsers[self.at], purpose);
                self.books = Books::default();
            }
            Step::Browser { other } => self.at = usize::from(other),
            Step::Options => {
                if let Ok(asked) = self.world.options(&self.browsers[self.at], &self.journey) {
                    self.journey = asked.journey;
                    let before = self.books.open.take().or(self.books.before.take());
                    self.books = Books { before, open: Some(asked.options_json), ..Books::default() };
                }
            }
            Step::Answer { device, stale } => self.answer(device, stale),
            Step::Name(whose) => {
                let named =
                    self.person(whose).map_or_else(|| Named::look_up("nobody", None, &self.world.key), Named::Person);
                let offered = self.world.asks(self.journey.tier);
                let (browser, now) = (&self.browsers[self.at].binding, self.world.now);
                let workstation = self.world.workstation;
                if let Ok(next) = signin::name_typed(&self.journey, browser, named, &offered, workstation, now) {
                    self.journey = next;
                    self.books = Books { named: named.person(), before: self.books.open.take(), ..Books::default() };
                }
            }
            Step::Password { right } => self.password(right),
            Step::Totp { right } => {
                let secret = if right { crate::typed::SECRET } else { [6; 20] };
                let typed = code(&secret, self.world.now);
                let step = u64::try_from(self.world.now.seconds() / 30).ok();
                let unused = self.world.kept.totp[&self.ada].1 < step;
                self.code(CodeTyped::Totp(&typed), right && unused);
            }
            Step::Recovery { used } => {
                let next = if used { self.codes_used.checked_sub(1) } else { Some(self.codes_used) };
                let Some(typed) = next.and_then(|next| self.codes.get(next)).cloned() else { return };
                let opened = self.opened;
                self.code(CodeTyped::Recovery(&typed), !used);
                self.codes_used += self.opened - opened;
            }
            Step::Wait(seconds) => self.world.wait(i64::from(seconds)),
        }
    }

    fn answer(&mut self, device: Whose, stale: bool) {
        let Some(options) = (if stale { self.books.before.clone() } else { self.books.open.clone() }) else { return };
        let answer = self.devices[device as usize].get(&options);
        let Ok((stored, taken)) = self.world.take(&self.browsers[self.at], &self.journey) else { return };
        self.journey = stored;
        let open = self.books.open.take();
        let whole = if stale { None } else { self.person(device) };
        self.books.before = open;
        let decided = self.world.prove(&self.browsers[self.at], &taken, &answer, NameTyped::None);
        let result = self.world.settle(decided).map(|(signed_in, _)| signed_in);
        self.hold(result, whole);
    }

    fn password(&mut self, right: bool) {
        let over = self.over();
        let typed = if right { PASSWORD } else { "wrong" };
        match self.world.password_step(&self.browsers[self.at], &self.journey, typed) {
            Ok(PasswordReply::SecondFactor { journey, .. }) => {
                assert!(!over, "a journey that is over goes on");
                self.journey = journey;
                self.books.password = right && self.books.named == Some(self.ada);
            }
            Ok(PasswordReply::SignedIn(_)) => panic!("a password alone signed in"),
            Err(Refusal::SignInFailed(fault)) => panic!("the page was told of a password: {fault:?}"),
            Err(_) => {}
        }
    }

    fn code(&mut self, typed: CodeTyped<'_>, right: bool) {
        let taken = signin::take_second_factor(&self.journey, &self.browsers[self.at].binding, self.world.now);
        let Ok((stored, _)) = taken else { return };
        let whole = (self.books.password && right).then_some(self.ada);
        let asked = std::mem::replace(&mut self.journey, stored);
        let result = self.world.code_step(&mut self.browsers[self.at], &asked, typed);
        self.books.password = false;
        self.hold(result.map(|reply| reply.signed_in), whole);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_session_opens_exactly_when_a_whole_proof_was_made(steps in steps()) {
        let mut walk = Walk::new();
        for step in &steps {
            walk.step(step);
        }
    }
}

#[test]
fn walks_reach_sessions_both_ways() {
    let mut walk = Walk::new();
    for step in [
        Step::Name(Whose::Adas),
        Step::Password { right: true },
        Step::Totp { right: true },
        Step::Begin { other_browser: true, fresh_proof: false },
        Step::Options,
        Step::Answer { device: Whose::Bobs, stale: false },
        Step::Begin { other_browser: true, fresh_proof: true },
        Step::Options,
        Step::Answer { device: Whose::Bobs, stale: false },
        Step::Begin { other_browser: false, fresh_proof: false },
        Step::Name(Whose::Adas),
        Step::Password { right: true },
        Step::Recovery { used: false },
    ] {
        walk.step(&step);
    }
    assert_eq!(walk.opened, 4);
}
