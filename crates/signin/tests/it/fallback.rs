//! Signing in by name, password and second factor.

use model::{Amr, NoticeKind, PersonStatus, SigninMethod, Strength, Tier};
use signin::{
    CodeTyped, FallbackFault, JourneyState, Lack, Named, PasswordReply, Purpose, Refusal, Requirement, Workstation,
    limits,
    throttle::{Counter, Keys, Kind},
};

use crate::{
    device::Device,
    typed::{PASSWORD, SECRET, code, second_factor_next},
    world::{Browser, Lost, World},
};

fn world() -> (World, model::Person, Browser) {
    let mut world = World::new();
    let person = world.person_with_password();
    let browser = world.browser();
    (world, person, browser)
}

fn failed(fault: FallbackFault) -> Option<Refusal> {
    Some(Refusal::SignInFailed(fault))
}

#[test]
fn password_and_code_open_a_session_of_two_factors() {
    let (mut world, person, mut browser) = world();
    let code = world.code();
    let named = Named::Person(person.id);
    let signed_in =
        world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, CodeTyped::Totp(&code)).expect("signed in");
    assert_eq!(signed_in.method, SigninMethod::PasswordTotp);
    let proof = &signed_in.signed_in.opened.session.authentication;
    assert_eq!((proof.person, proof.strength, proof.passkey), (person.id, Strength::TwoFactor, None));
    assert_eq!(proof.amr, Amr::PWD.and(Amr::OTP).and(Amr::MFA));
    assert_eq!(world.kept.sessions.len(), 1);
    // Whoever signed in without a passkey is invited to enrol one.
    assert_eq!(signed_in.invitation.map(|due| due.not_now_left), Some(3));
    assert!(matches!(signed_in.signed_in.journey.state, JourneyState::Invited { .. }));
    // Everything was right, so nothing counts as a failure.
    assert!(world.kept.counters.values().all(|counter| counter.failures == 0), "{:?}", world.kept.counters);
}

#[test]
fn any_one_fault_is_the_same_refusal_and_opens_nothing() {
    let (mut world, ada, mut browser) = world();
    let bare = world.person();
    let (right, wrong) = (world.code(), code(&[6; 20], world.now));
    let nobody = Named::look_up("nobody", None, &world.key);
    let ada = Named::Person(ada.id);
    let cases = [
        (nobody, PASSWORD, &right, FallbackFault::UnknownName),
        (Named::Person(bare.id), PASSWORD, &right, FallbackFault::NoSecondFactor),
        (ada, "wrong", &right, FallbackFault::WrongPassword),
        (ada, PASSWORD, &wrong, FallbackFault::WrongCode),
        (ada, "wrong", &wrong, FallbackFault::WrongCode),
        (ada, PASSWORD, &"12".to_owned(), FallbackFault::WrongCode),
    ];
    for (named, password, code, fault) in cases {
        // So many faults at one account would have to wait.
        world.kept.counters.clear();
        let refused = world.sign_in_typed(&mut browser, Purpose::SignIn, named, password, CodeTyped::Totp(code));
        let refused = refused.expect_err("refused");
        assert!(matches!(refused, Refusal::SignInFailed(_)), "{refused:?}");
        assert_eq!(refused.word(), "sign_in_failed");
        if named == nobody {
            // Which fault is named to the operator first is no promise; that there is one, is.
            continue;
        }
        assert_eq!(Some(refused), failed(fault), "{named:?} {password}");
    }
    assert!(world.kept.sessions.is_empty());
    // A right code beside a wrong password is not used up.
    assert_eq!(world.kept.totp.values().next(), Some(&(SECRET, None)));
}

#[test]
fn the_page_learns_nothing_from_the_password() {
    let (mut world, ada, browser) = world();
    let bare = world.person();
    let nobody = Named::look_up("nobody", None, &world.key);
    for (named, password) in [
        (Named::Person(ada.id), PASSWORD),
        (Named::Person(ada.id), "wrong"),
        (Named::Person(bare.id), "x"),
        (nobody, "x"),
    ] {
        let journey = world.named(&browser, Purpose::SignIn, named).expect("a password is offered");
        let journey = second_factor_next(world.password_step(&browser, &journey, password).expect("goes on"));
        assert!(matches!(journey.state, JourneyState::AwaitingSecondFactor { .. }));
        let printed = format!("{journey:?}");
        assert!(!printed.contains(PASSWORD), "{printed}");
    }
}

#[test]
fn the_waits_tell_a_right_password_from_a_wrong_one_no_more_than_the_page_does() {
    let (mut world, ada, browser) = world();
    let named = Named::Person(ada.id);
    // Who guesses passwords and never sends a code watches when the next guess must wait.
    let waits = ["wrong", PASSWORD].map(|guess| {
        world.kept.counters.clear();
        (0..20)
            .map(|_| {
                let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
                match world.password_step(&browser, &journey, guess) {
                    Err(Refusal::Throttled { seconds }) => Some(seconds),
                    Err(refusal) => panic!("{refusal:?}"),
                    Ok(_) => None,
                }
            })
            .collect::<Vec<_>>()
    });
    assert_eq!(waits[0], waits[1]);
    // The same with a wrong code behind each.
    let after = ["wrong", PASSWORD].map(|guess| {
        let mut browser = world.browser();
        world.kept.counters.clear();
        let wrong = code(&[6; 20], world.now);
        world.sign_in_typed(&mut browser, Purpose::SignIn, named, guess, CodeTyped::Totp(&wrong)).expect_err("refused");
        world.kept.counters.clone()
    });
    assert_eq!(after[0], after[1]);
}

#[test]
fn who_waited_for_the_password_need_not_wait_for_the_code() {
    let (mut world, ada, mut browser) = world();
    let named = Named::Person(ada.id);
    for failures in [6, 12, 20] {
        // A stranger fails, and waits as told.
        for _ in 0..failures {
            let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
            if let Err(Refusal::Throttled { seconds }) = world.password_step(&browser, &journey, "wrong") {
                world.wait(seconds.into());
            }
        }
        world.wait(15 * 60);
        // The wait is over: both are typed without a pause, however long the next one would be.
        world.sign_in_by_password(&mut browser, &ada);
        world.wait(30);
    }
}

#[test]
fn journeys_kept_in_hand_try_no_more_codes_than_the_account_lets_through() {
    let (mut world, ada, mut browser) = world();
    let named = Named::Person(ada.id);
    // Somebody who knows the password collects journeys that await its code, over a day.
    let mut journeys = Vec::new();
    while journeys.len() < 30 {
        let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
        match world.password_step(&browser, &journey, PASSWORD) {
            Ok(reply) => journeys.push(second_factor_next(reply)),
            Err(Refusal::Throttled { seconds }) => world.wait(seconds.into()),
            Err(refusal) => panic!("{refusal:?}"),
        }
    }
    let wrong = code(&[6; 20], world.now);
    let tried = journeys.iter().rev().filter(|journey| {
        // As old as journeys get; how long they live is not what this is about.
        let (created, expires) = (world.now, world.now.plus_seconds(60));
        let journey = signin::Journey { created, expires, ..(*journey).clone() };
        match world.code_step(&mut browser, &journey, CodeTyped::Totp(&wrong)) {
            Err(Refusal::SignInFailed(_)) => true,
            Err(Refusal::Throttled { .. }) => false,
            other => panic!("{other:?}"),
        }
    });
    assert_eq!(tried.count(), 1, "each code that fails makes the others wait");
}

#[test]
fn an_office_behind_one_address_signs_in_with_two_factors_all_morning() {
    let (mut world, ada, mut browser) = world();
    for _ in 0..50 {
        world.sign_in_by_password(&mut browser, &ada);
        assert!(world.kept.counters.values().all(|counter| counter.failures == 0), "{:?}", world.kept.counters);
        world.wait(30);
    }
}

#[test]
fn one_password_lets_one_code_be_tried() {
    let (mut world, person, mut browser) = world();
    let journey = world.named(&browser, Purpose::SignIn, Named::Person(person.id)).expect("offered");
    let asked = second_factor_next(world.password_step(&browser, &journey, PASSWORD).expect("goes on"));
    let (stored, _) = signin::take_second_factor(&asked, &browser.binding, world.now).expect("a code is awaited");
    assert!(matches!(stored.state, JourneyState::AwaitingPassword { .. }));
    let code = world.code();
    let again = world.code_step(&mut browser, &stored, CodeTyped::Totp(&code));
    assert_eq!(again.err(), Some(Refusal::WrongStep));
}

#[test]
fn a_code_signs_in_once() {
    let (mut world, person, mut browser) = world();
    let named = Named::Person(person.id);
    let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
    let asked = second_factor_next(world.password_step(&browser, &journey, PASSWORD).expect("goes on"));
    let typed = world.code();
    // Two answers judged before either is committed: the store lets one through.
    let mut sets = Vec::new();
    for _ in 0..2 {
        let (_, taken) = signin::take_second_factor(&asked, &browser.binding, world.now).expect("a code is awaited");
        let charged = world.pay(Kind::Totp, named).expect("few failures");
        sets.push(
            world.judge_code(&browser, &taken, &charged, CodeTyped::Totp(&typed)).expect("by the facts of then").1,
        );
    }
    assert_eq!(world.commit(&sets[0]), Ok(()));
    assert_eq!(world.commit(&sets[1]), Err(Lost("the last step is as it was read")));
    assert_eq!(world.kept.sessions.len(), 1);
    // The same code a moment later is a used one.
    world.kept.counters.clear();
    let again = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, CodeTyped::Totp(&typed));
    assert_eq!(again.err(), failed(FallbackFault::CodeUsed));
}

#[test]
fn a_recovery_code_counts_once_and_is_told() {
    let (mut world, person, mut browser) = world();
    let codes = world.give_codes(person.id);
    let named = Named::Person(person.id);
    let first = CodeTyped::Recovery(codes[0].expose());
    let signed_in = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, first).expect("signed in");
    assert_eq!(signed_in.method, SigninMethod::RecoveryCode);
    let proof = &signed_in.signed_in.opened.session.authentication;
    assert_eq!((proof.strength, proof.amr), (Strength::TwoFactor, Amr::PWD.and(Amr::RECOVERY).and(Amr::MFA)));
    assert_eq!(world.kept.recovery_codes[&person.id].len(), 9);
    assert_eq!(world.kept.told(person.id), [NoticeKind::RecoveryCodeUsed]);
    let again = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, first);
    assert_eq!(again.err(), failed(FallbackFault::WrongCode));
    // Somebody else's code is no code.
    let other = world.person_with_password();
    world.give_codes(other.id);
    let named = Named::Person(other.id);
    let stolen = CodeTyped::Recovery(codes[1].expose());
    let refused = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, stolen);
    assert_eq!(refused.err(), failed(FallbackFault::WrongCode));
}

#[test]
fn what_a_requirement_does_not_allow_signs_nobody_in() {
    let (mut world, person, mut browser) = world();
    let named = Named::Person(person.id);
    let codes = world.give_codes(person.id);
    world.requirement.recovery_codes = false;
    let recovery = CodeTyped::Recovery(codes[0].expose());
    let refused = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, recovery);
    assert_eq!(refused.err(), Some(Refusal::RequirementNotMet(vec![Lack::RecoveryCodes])));
    assert_eq!(world.kept.recovery_codes[&person.id].len(), 10, "and uses up nothing");

    // Offered to nobody in particular, but not to this person: they hear it once both factors are right.
    let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
    world.requirement = Requirement::passkeys_only(Tier::Standard);
    let asked = second_factor_next(world.password_step(&browser, &journey, PASSWORD).expect("goes on"));
    let code = world.code();
    let refused = world.code_step(&mut browser, &asked, CodeTyped::Totp(&code));
    assert_eq!(refused.err(), Some(Refusal::RequirementNotMet(vec![Lack::Strength, Lack::PasswordAndTotp])));

    let refused = world.named(&browser, Purpose::SignIn, named);
    assert_eq!(refused.err(), Some(Refusal::FallbackNotOffered));
    assert!(world.kept.sessions.is_empty());
}

#[test]
fn a_password_alone_opens_the_standard_tier_where_that_is_said() {
    let (mut world, person, browser) = world();
    world.requirement.least = Strength::Password;
    let named = Named::Person(person.id);
    let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
    let refused = world.password_step(&browser, &journey, "wrong");
    assert_eq!(refused.err(), failed(FallbackFault::WrongPassword));
    let reply = world.password_step(&browser, &journey, PASSWORD).expect("signed in");
    let PasswordReply::SignedIn(signed_in) = reply else { panic!("a second factor was asked for") };
    assert_eq!(signed_in.method, SigninMethod::Password);
    assert_eq!(signed_in.signed_in.opened.session.authentication.strength, Strength::Password);

    // A person who must show more is asked for more.
    world.requirement.least = Strength::TwoFactor;
    let reply = world.password_step(&browser, &journey, PASSWORD).expect("goes on");
    assert!(matches!(reply, PasswordReply::SecondFactor { .. }));
    assert_eq!(world.kept.sessions.len(), 1);
}

#[test]
fn a_disabled_person_is_refused_after_both_factors_only() {
    let (mut world, person, mut browser) = world();
    world.kept.people[0].status = PersonStatus::Disabled;
    let named = Named::Person(person.id);
    let (right, wrong) = (world.code(), code(&[6; 20], world.now));
    let typed = CodeTyped::Totp(&wrong);
    let refused = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, typed);
    assert_eq!(refused.err(), failed(FallbackFault::WrongCode));
    let typed = CodeTyped::Totp(&right);
    let refused = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, typed);
    assert_eq!(refused.err(), Some(Refusal::PersonRefused));
}

#[test]
fn a_password_changed_in_the_middle_signs_nobody_in() {
    let (mut world, person, mut browser) = world();
    let named = Named::Person(person.id);
    let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
    let asked = second_factor_next(world.password_step(&browser, &journey, PASSWORD).expect("goes on"));
    let typed = world.code();

    // Between the facts and the commit.
    let (_, taken) = signin::take_second_factor(&asked, &browser.binding, world.now).expect("a code is awaited");
    let charged = world.pay(Kind::Totp, named).expect("few failures");
    let (_, set) = world.judge_code(&browser, &taken, &charged, CodeTyped::Totp(&typed)).expect("by the facts of then");
    world.kept.passwords.insert(person.id, ("kept:another".into(), false));
    assert_eq!(world.commit(&set), Err(Lost("the password is unchanged")));
    // Before the facts.
    let refused = world.code_step(&mut browser, &asked, CodeTyped::Totp(&typed));
    assert_eq!(refused.err(), failed(FallbackFault::WrongPassword));
    world.kept.passwords.clear();
    let refused = world.code_step(&mut browser, &asked, CodeTyped::Totp(&typed));
    assert_eq!(refused.err(), failed(FallbackFault::NoPassword));
    assert!(world.kept.sessions.is_empty());
}

#[test]
fn an_imported_hash_is_made_anew_in_the_commit_of_the_session() {
    let (mut world, person, mut browser) = world();
    world.kept.passwords.insert(person.id, (format!("old:{PASSWORD}"), true));
    let named = Named::Person(person.id);
    let wrong = code(&[6; 20], world.now);
    let refused = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, CodeTyped::Totp(&wrong));
    assert!(refused.is_err());
    assert_eq!(world.kept.passwords[&person.id], (format!("old:{PASSWORD}"), true), "not before the sign-in is whole");
    world.sign_in_by_password(&mut browser, &person);
    assert_eq!(world.kept.passwords[&person.id], (format!("kept:{PASSWORD}"), false));
}

#[test]
fn guesses_are_paid_for_and_a_passkey_never_waits_for_them() {
    let (mut world, person, mut browser) = world();
    let mut device = Device::new(1);
    let (pass, _) = world.pass(&person, signin::PassIssuer::Operator);
    let enrolling = world.browser();
    world.enrol_by_pass(&enrolling, &pass, &mut device).expect("a passkey");
    // A name that nobody holds is slowed down after as many guesses.
    let nobody = Named::look_up("nobody", None, &world.key);
    let guesses = [Named::Person(person.id), nobody].map(|named| {
        (0..20).find(|_| {
            let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
            match world.password_step(&browser, &journey, "guess") {
                Err(Refusal::Throttled { seconds }) => seconds > 0,
                Err(refusal) => panic!("{refusal:?}"),
                Ok(_) => false,
            }
        })
    });
    assert!(guesses[0].is_some() && guesses[0] == guesses[1], "{guesses:?}");
    assert!(world.sign_in(&mut browser, &mut device).is_ok());
}

#[test]
fn a_resting_password_is_refused_like_a_wrong_one_until_the_passkey_was_used() {
    let (mut world, person, mut browser) = world();
    let mut device = Device::new(1);
    let (pass, _) = world.pass(&person, signin::PassIssuer::Operator);
    let enrolling = world.browser();
    world.enrol_by_pass(&enrolling, &pass, &mut device).expect("a passkey");
    let streak = Keys::streak_of(person.id, &world.key);
    let failures = limits::FAILURES_IN_A_ROW_MAX;
    world.kept.counters.insert(streak, Counter { failures, last: world.now, ..Counter::NONE });
    let named = Named::Person(person.id);
    let code = world.code();
    let refused = world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, CodeTyped::Totp(&code));
    assert_eq!(refused.err(), failed(FallbackFault::Resting));
    world.sign_in(&mut browser, &mut device).expect("the passkey is not asked to wait");
    assert!(!world.kept.counters.contains_key(&streak));
    world.kept.counters.clear();
    world.sign_in_by_password(&mut browser, &person);
}

#[test]
fn a_charge_pays_for_its_own_guess_only() {
    let (mut world, person, browser) = world();
    let named = Named::Person(person.id);
    let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
    let asked = second_factor_next(world.password_step(&browser, &journey, PASSWORD).expect("goes on"));
    let typed = world.code();
    let nobody = Named::look_up("nobody", None, &world.key);
    for (kind, paid) in [(Kind::Password, named), (Kind::RecoveryCode, named), (Kind::Totp, nobody)] {
        let (_, taken) = signin::take_second_factor(&asked, &browser.binding, world.now).expect("a code is awaited");
        let charged = world.pay(kind, paid).expect("few failures");
        let judged = world.judge_code(&browser, &taken, &charged, CodeTyped::Totp(&typed));
        assert_eq!(judged.err(), Some(Refusal::WrongStep));
    }
}

#[test]
fn a_password_renews_only_its_own_persons_session() {
    let (mut world, ada, mut browser) = world();
    world.sign_in_by_password(&mut browser, &ada);
    let bob = world.person_with_password();
    let old = browser.session.as_ref().expect("a session").id;
    world.wait(60);
    let typed = world.code();
    let (fresh, code) = (Purpose::FreshProof(old), CodeTyped::Totp(&typed));
    let refused = world.sign_in_typed(&mut browser, fresh, Named::Person(bob.id), PASSWORD, code);
    assert_eq!(refused.err(), Some(Refusal::NotYours));
    world.sign_in_typed(&mut browser, fresh, Named::Person(ada.id), PASSWORD, code).expect("proved again");
    assert!(world.kept.sessions.iter().all(|session| session.id != old));
    world.wait(60);
    let typed = world.code();
    let refused = world.sign_in_typed(&mut browser, fresh, Named::Person(ada.id), PASSWORD, CodeTyped::Totp(&typed));
    assert_eq!(refused.err(), Some(Refusal::SessionEnded), "the session that began is over");
}

#[test]
fn nobody_types_passwords_at_a_shared_workstation() {
    let (mut world, person, browser) = world();
    world.workstation = Workstation::Shared;
    let refused = world.named(&browser, Purpose::SignIn, Named::Person(person.id));
    assert_eq!(refused.err(), Some(Refusal::SharedWorkstation));
}

#[test]
fn the_recipe_works_with_real_hashes() {
    use crypto::password::{Params, Password, StoredHash, hash, verify};
    use model::Secret;
    use signin::{PasswordChecked, PasswordToCheck};

    let (mut world, person, mut browser) = world();
    let typed = Password::parse(Secret::new(PASSWORD.to_owned())).expect("a password");
    // As another system made it: cheaper than what is asked for now.
    let (cheap, present) = (Params::new(8, 1, 1).expect("allowed"), Params::new(16, 1, 1).expect("allowed"));
    let imported = hash(&typed, [3; 16], cheap).to_text().expose().clone();
    world.kept.passwords.insert(person.id, (imported, true));

    let named = Named::Person(person.id);
    let journey = world.named(&browser, Purpose::SignIn, named).expect("offered");
    let (_, taken) = signin::take_password(&journey, &browser.binding, world.now).expect("a password is awaited");
    let charged = world.pay(Kind::Password, named).expect("few failures");
    let ask = |world: &World, checked: Option<PasswordChecked>| {
        let mut entropy = model::Entropy::new([7; 256]);
        world.with_fallback_facts(&browser, named, Tier::Standard, |facts| {
            signin::password(&taken, &charged, checked, facts, &world.setting(), world.now, &mut entropy)
        })
    };
    let model::Decision::Need(question) = ask(&world, None) else { panic!("judged without a check") };
    let PasswordToCheck::Stored(text) = &question.against else { panic!("the person has a password") };
    let stored = StoredHash::parse(text.expose()).expect("our own text");
    let verified = verify(&stored, &typed, present);
    assert!(verified.ok && verified.needs_upgrade);
    let rehashed = hash(&typed, question.salt, present).to_text();
    let checked = PasswordChecked { right: verified.ok, rehashed: Some(rehashed.clone()) };
    let model::Decision::Done(outcome) = ask(&world, Some(checked)) else { panic!("a right password goes on") };
    let journey = second_factor_next(outcome.reply);
    let code = world.code();
    world.code_step(&mut browser, &journey, CodeTyped::Totp(&code)).expect("signed in");
    assert_eq!(world.kept.passwords[&person.id], (rehashed.expose().clone(), false));
}
