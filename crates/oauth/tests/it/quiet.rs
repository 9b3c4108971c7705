//! What is secret or speaks of a person does not print itself.

use oauth::{
    AccessTokenFacts, Change, CodeFact, GrantDetails, IdTokenHint, TokenFacts,
    client::{LogoutRules, ResponseMode},
    exchange::PresentedToken,
    introspection::InHandFact,
    logout::back_channel::{EndedSession, Participant, logout_posts},
    registration::{AccessFact, ManageFacts, SectorFact},
};

use crate::world::{World, entropy};

/// Stands wherever something personal or secret can stand.
const MARK: &str = "ada.lovelace@example.org";

#[track_caller]
fn silent(value: &impl std::fmt::Debug) {
    let printed = format!("{value:?} {value:#?}");
    assert!(!printed.contains(MARK) && !printed.contains("97, 100, 97"), "{printed}");
    assert!(printed.len() > 4);
}

#[test]
fn tokens_facts_and_answers_tell_what_they_are_and_nothing_of_what_they_hold() {
    let mut world = World::new();
    world.mapped = Some(MARK.to_owned());
    let (code, mut record) = world.code(&world.query());
    record.details.authorization_details = Some(format!(r#"[{{"type":"payment","payee":"{MARK}"}}]"#));
    record.details.claims = Some(format!(r#"{{"id_token":{{"sub":{{"value":"{MARK}"}}}}}}"#));
    record.details.actor = Some(format!(r#"{{"sub":"{MARK}"}}"#));
    silent(&record);
    silent(&GrantDetails::clone(&record.details));
    let facts = TokenFacts { mapped_subject: Some(MARK), ..world.facts(CodeFact::Live(&record), None) };
    silent(&facts);
    let outcome = world.token(&world.redemption(&code), None, &facts).unwrap();
    assert!(outcome.reply.access_claims().contains(MARK), "the mark is in the token");
    silent(&outcome.reply);
    let [Change::InsertFamily(family)] = outcome.changes.as_slice() else { panic!("one family") };
    silent(family);
    let token = AccessTokenFacts::parse(outcome.reply.access_claims().as_bytes()).unwrap();
    silent(&token);
    silent(&InHandFact::Access(&token));
    silent(&PresentedToken::parse(outcome.reply.access_claims().as_bytes()).unwrap());
    silent(&IdTokenHint::Claims(MARK.as_bytes()));

    world.client.settings.logout =
        LogoutRules { backchannel_uri: Some("https://app.example.com/out".to_owned()), ..LogoutRules::default() };
    world.client.settings.requests.response_modes = vec![ResponseMode::Query];
    let ended = EndedSession { id: record.session, person: record.person };
    let participant = Participant { client: &world.client, mapped_subject: Some(MARK) };
    silent(&participant);
    let posts = logout_posts(ended, [participant], &world.issuer, &world.keys, world.now, &mut entropy(8));
    assert!(posts[0].claims.contains(MARK));
    silent(&posts);
}

#[test]
fn tokens_of_registration_do_not_print_themselves() {
    let world = World::new();
    silent(&AccessFact::Shown { token: MARK, access: None });
    silent(&ManageFacts {
        issuer: &world.issuer,
        keys: &world.keys,
        signs: &[],
        client: Some(&world.client),
        token: Some(MARK),
        sector: SectorFact::NotFetched,
    });
}
