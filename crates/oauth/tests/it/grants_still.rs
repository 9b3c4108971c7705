//! The central question, reason by reason, at every door of the token endpoint.

use model::{Outcome, PersonStatus};
use oauth::{
    Change, ClientStatus, CodeFact, Consent, ConsentFact, CredentialFact, EndedBecause, RevocationReason, ScopeSet,
    TokenFacts, TokenRefusal,
    still::{Standing, StillFacts, may, may_hold},
};

use crate::world::World;

/// A world in which the grant rests on a remembered consent.
fn world() -> World {
    let mut world = World::new();
    world.consent = Some(Consent {
        person: world.person.id,
        client: world.client.id.clone(),
        scope: ScopeSet::parse("openid orders offline_access").unwrap(),
        at: world.now,
    });
    world.client.settings.access.groups = vec!["sales".to_owned(), "support".to_owned()];
    world.person.groups = vec!["support".to_owned()];
    world
}

type Break = fn(&mut World, &mut Loaded);

/// What else can change.
struct Loaded {
    credential: CredentialFact,
    requirement_met: bool,
}

const BREAKS: [(Break, EndedBecause); 12] = [
    (|world, _| world.person.status = PersonStatus::Disabled, EndedBecause::PersonRefused),
    (|world, _| world.person.ends = Some(world.now), EndedBecause::PersonRefused),
    (|world, _| world.person.id = model::PersonId::from_bytes([9; 16]), EndedBecause::PersonRefused),
    (|world, _| world.person.groups.clear(), EndedBecause::GroupGone),
    (|world, _| world.client.settings.access.groups = vec!["board".to_owned()], EndedBecause::GroupGone),
    (|world, _| world.consent = None, EndedBecause::ConsentWithdrawn),
    (
        |world, _| world.consent.as_mut().unwrap().scope = ScopeSet::parse("openid").unwrap(),
        EndedBecause::ConsentWithdrawn,
    ),
    (
        |world, _| world.consent.as_mut().unwrap().client = model::ClientId::parse("other").unwrap(),
        EndedBecause::ConsentWithdrawn,
    ),
    (|_, loaded| loaded.credential = CredentialFact::Gone, EndedBecause::CredentialRevoked),
    // Not asked counts as gone where a passkey is behind the grant.
    (|_, loaded| loaded.credential = CredentialFact::NotNeeded, EndedBecause::CredentialRevoked),
    (|_, loaded| loaded.requirement_met = false, EndedBecause::RequirementRaised),
    (|world, _| world.session = None, EndedBecause::SessionEnded),
];

#[test]
fn a_code_is_not_redeemed_when_what_it_rests_on_is_gone() {
    for (change, because) in BREAKS {
        let mut world = world();
        let (code, mut record) = world.code(&world.query());
        record.details.remembered_consent = true;
        let mut loaded = Loaded { credential: CredentialFact::Present, requirement_met: true };
        let form = world.redemption(&code);
        let ask = |world: &World, loaded: &Loaded| {
            let facts = TokenFacts {
                credential: loaded.credential,
                requirement_met: loaded.requirement_met,
                ..world.facts(CodeFact::Live(&record), None)
            };
            world.token(&form, None, &facts).map(drop)
        };
        assert_eq!(ask(&world, &loaded), Ok(()), "before {because:?}");
        change(&mut world, &mut loaded);
        assert_eq!(ask(&world, &loaded), Err(Outcome::plain(TokenRefusal::Ended(because))));
    }
}

#[test]
fn a_refresh_ends_the_family_when_what_it_rests_on_is_gone() {
    for (change, because) in BREAKS {
        let mut world = world();
        let (reply, mut family, _) = world.redeemed(&world.query());
        family.details.remembered_consent = true;
        let form = world.refreshing(reply.refresh_token().unwrap().expose());
        let mut loaded = Loaded { credential: CredentialFact::Present, requirement_met: true };
        let ask = |world: &World, loaded: &Loaded| {
            let facts = TokenFacts {
                credential: loaded.credential,
                requirement_met: loaded.requirement_met,
                ..world.facts(CodeFact::Unknown, Some(&family))
            };
            world.token(&form, None, &facts).map(drop)
        };
        assert_eq!(ask(&world, &loaded), Ok(()), "before {because:?}");
        change(&mut world, &mut loaded);
        let found = ask(&world, &loaded).unwrap_err();
        assert_eq!(found.reply, TokenRefusal::Ended(because));
        let [Change::RevokeFamily { id, reason, .. }] = found.changes.as_slice() else { panic!("the family ends") };
        assert_eq!((*id, *reason), (family.id, because.revocation()));
        assert_eq!(found.audit.len(), 1);
    }
}

#[test]
fn each_reason_is_remembered_in_its_own_words() {
    use EndedBecause::*;
    let words = [
        ClientDisabled,
        PersonRefused,
        GroupGone,
        ConsentWithdrawn,
        CredentialRevoked,
        RequirementRaised,
        SessionEnded,
    ]
    .map(|because| because.revocation().as_str());
    for (i, word) in words.iter().enumerate() {
        assert!(!words[..i].contains(word), "{word} twice");
        assert_eq!(RevocationReason::from_word(word).map(RevocationReason::as_str), Some(*word));
    }
}

#[test]
fn a_disabled_client_and_an_unknown_standing_end_everything() {
    let mut world = world();
    let (_, family, _) = world.redeemed(&world.query());
    let standing = Standing {
        person: Some(&world.person),
        consent: ConsentFact::NotNeeded,
        credential: CredentialFact::Present,
        requirement_met: true,
        session_live: true,
    };
    assert_eq!(may(&StillFacts::of_family(&world.client, &family, &standing), world.now), Ok(()));
    let unknown = StillFacts::of_family(&world.client, &family, &Standing::UNKNOWN);
    assert_eq!(may(&unknown, world.now), Err(EndedBecause::PersonRefused));
    let person = world.person.clone();
    assert_eq!(may_hold(&world.client, &person), Ok(()));
    let outsider = model::Person { groups: Vec::new(), ..person.clone() };
    assert_eq!(may_hold(&world.client, &outsider), Err(EndedBecause::GroupGone));
    world.client.status = ClientStatus::Disabled;
    assert_eq!(may_hold(&world.client, &person), Err(EndedBecause::ClientDisabled));
    let standing = Standing { person: Some(&person), ..Standing::UNKNOWN };
    let facts = StillFacts::of_family(&world.client, &family, &standing);
    assert_eq!(may(&facts, world.now), Err(EndedBecause::ClientDisabled));
}

#[test]
fn what_may_outlive_its_session_does() {
    let mut world = world();
    let (code, record) = world.code(&world.query().with("scope", "openid offline_access"));
    world.session = None;
    let outcome = world.token(&world.redemption(&code), None, &world.facts(CodeFact::Live(&record), None)).unwrap();
    let [Change::InsertFamily(family)] = outcome.changes.as_slice() else { panic!("one family") };
    assert_eq!(family.session, None);
    let token = outcome.reply.refresh_token().unwrap().expose().clone();
    let facts = world.facts(CodeFact::Unknown, Some(family));
    assert!(world.token(&world.refreshing(&token), None, &facts).is_ok());
}
