//! A refresh whose answer was lost: the same successor, for a moment, for whoever proves itself.

use model::{AuditKind, Outcome};
use oauth::{
    Change, CodeFact, ConsentPolicy, ExceptionRule, RefreshFamily, RevocationReason, TokenFacts, TokenRefusal,
    TokenReply, client::SenderRule, dpop::DpopProof,
};

use crate::{client_assertions::exception, dpop_proofs::Holder, world::World};

type Refreshed = Result<Outcome<TokenReply, Change>, Outcome<TokenRefusal, Change>>;

/// A world with a family, its first token, and the key that it is bound to, if there is one.
struct Started {
    world: World,
    family: RefreshFamily,
    proof: Option<DpopProof>,
}

impl Started {
    fn new(world: World, proof: Option<DpopProof>) -> (Self, String) {
        let (code, record) = world.code(&world.query());
        let facts = TokenFacts { proof: proof.as_ref(), ..world.facts(CodeFact::Live(&record), None) };
        let outcome = world.token(&world.redemption(&code), None, &facts).unwrap();
        let [Change::InsertFamily(family)] = outcome.changes.as_slice() else { panic!("one family") };
        let family = (**family).clone();
        let token = outcome.reply.refresh_token().unwrap().expose().clone();
        (Self { world, family, proof }, token)
    }

    fn public(proof: impl FnOnce(&World) -> Option<DpopProof>) -> (Self, String) {
        let mut world = World::native();
        world.client.consent = ConsentPolicy::Trusted;
        world.redirects(&["https://app.example.com/cb"]);
        let proof = proof(&world);
        Self::new(world, proof)
    }

    fn refresh(&self, token: &str) -> Refreshed {
        let facts =
            TokenFacts { proof: self.proof.as_ref(), ..self.world.facts(CodeFact::Unknown, Some(&self.family)) };
        self.world.token(&self.world.refreshing(token), None, &facts)
    }

    /// Refreshes, and does what the store does.
    fn rotate(&mut self, token: &str) -> String {
        let outcome = self.refresh(token).unwrap();
        let [Change::RotateFamily { token_hash, at, .. }] = outcome.changes.as_slice() else { panic!("one rotation") };
        (self.family.generation, self.family.token_hash, self.family.rotated) =
            (self.family.generation + 1, *token_hash, *at);
        outcome.reply.refresh_token().unwrap().expose().clone()
    }

    fn wait(&mut self, seconds: i64) {
        self.world.now = self.world.now.plus_seconds(seconds);
    }
}

#[track_caller]
fn replayed(found: Refreshed) {
    let found = found.expect_err("a replay");
    assert_eq!(found.reply, TokenRefusal::TokenReplayed);
    assert!(matches!(
        found.changes.as_slice(),
        [Change::RevokeFamily { reason: RevocationReason::RefreshReplayed, .. }]
    ));
}

#[test]
fn whoever_asks_again_at_once_gets_the_same_successor() {
    let (mut started, first) = Started::new(World::new(), None);
    let second = started.rotate(&first);
    started.wait(10);
    for _ in 0..3 {
        let again = started.refresh(&first).unwrap();
        assert_eq!(again.reply.refresh_token().unwrap().expose(), &second);
        assert!(again.changes.is_empty(), "nothing moves");
        assert_eq!(again.audit.iter().map(|event| event.kind).collect::<Vec<_>>(), [AuditKind::RefreshRetried]);
        assert!(again.reply.access_claims().contains("\"fam\""), "with a fresh access token");
    }
    assert!(started.refresh(&second).is_ok(), "and the successor works");
}

#[test]
fn later_it_is_a_replay() {
    let (mut started, first) = Started::new(World::new(), None);
    started.rotate(&first);
    started.wait(11);
    replayed(started.refresh(&first));
}

#[test]
fn once_the_successor_was_used_it_is_a_replay() {
    let (mut started, first) = Started::new(World::new(), None);
    let second = started.rotate(&first);
    started.rotate(&second);
    replayed(started.refresh(&first));
}

#[test]
fn an_unbound_public_client_gets_no_second_chance() {
    let (mut started, first) = Started::public(|_| None);
    started.rotate(&first);
    replayed(started.refresh(&first));
}

#[test]
fn a_bound_public_client_asks_again_with_its_key() {
    let (mut started, first) = Started::public(|world| Some(Holder::new(world, 70).proof()));
    let second = started.rotate(&first);
    let again = started.refresh(&first).unwrap();
    assert_eq!(again.reply.refresh_token().unwrap().expose(), &second);
    // Another key gets nothing, and ends nothing.
    started.proof = Some(Holder::new(&started.world, 71).proof());
    let found = started.refresh(&first).unwrap_err();
    assert!(found.changes.is_empty() && matches!(found.reply, TokenRefusal::Binding(_)));
    started.proof = None;
    assert!(started.refresh(&first).unwrap_err().changes.is_empty());
}

#[test]
fn the_loser_of_a_race_gets_what_the_winner_got() {
    let (mut started, first) = Started::new(World::new(), None);
    let loser = started.refresh(&first).unwrap();
    let winner = started.rotate(&first);
    assert_eq!(loser.reply.refresh_token().unwrap().expose(), &winner, "decided on the same facts");
    assert_eq!(started.refresh(&first).unwrap().reply.refresh_token().unwrap().expose(), &winner, "asked again");
}

#[test]
fn a_successor_can_not_be_computed_without_our_key() {
    let (mut started, first) = Started::new(World::new(), None);
    let second = started.rotate(&first);
    let (other, _) = Started::new(World::new(), None);
    assert_eq!(other.family.generation, 0);
    let token = oauth::RefreshToken::parse(&first, &started.world.keys).unwrap();
    let foreign = oauth::TokenKeys::new(crypto::HashKey::new(&[1; 32]), crypto::HashKey::new(&[2; 32]));
    let guessed = token.successor(&foreign).to_text(&started.world.keys);
    assert_ne!(guessed.expose(), &second);
    assert_eq!(token.successor(&started.world.keys).to_text(&started.world.keys).expose(), &second);
}

#[test]
fn a_dated_exception_keeps_the_token_of_a_bound_confidential_client() {
    let mut world = World::new();
    world.client.settings.proof.sender = SenderRule::Dpop;
    world.client.settings.exceptions = vec![exception(&world, ExceptionRule::NoRotation)];
    let proof = Holder::new(&world, 70).proof();
    let (mut started, first) = Started::new(world, Some(proof));
    started.wait(3000);
    let outcome = started.refresh(&first).unwrap();
    assert_eq!(outcome.reply.refresh_token().unwrap().expose(), &first);
    let [Change::UseFamily { generation: 0, at, .. }] = outcome.changes.as_slice() else { panic!("{outcome:?}") };
    started.family.rotated = *at;
    started.wait(3000);
    assert!(started.refresh(&first).is_ok(), "the idle time counts from the last use");
    started.wait(3601);
    assert_eq!(started.refresh(&first).unwrap_err().reply, TokenRefusal::TokenExpired, "and still counts");
}

#[test]
fn a_token_that_stays_gives_the_one_before_it_no_second_chance() {
    let world = World::new();
    let proof = Holder::new(&world, 70).proof();
    let (mut started, first) = Started::new(world, Some(proof));
    let second = started.rotate(&first);
    started.wait(3000);
    // From now on the second stays, and each use counts anew how long it may lie unused.
    started.world.client.settings.proof.sender = SenderRule::Dpop;
    started.world.client.settings.exceptions = vec![exception(&started.world, ExceptionRule::NoRotation)];
    let outcome = started.refresh(&second).unwrap();
    let [Change::UseFamily { at, .. }] = outcome.changes.as_slice() else { panic!("{outcome:?}") };
    started.family.rotated = *at;
    started.wait(5);
    replayed(started.refresh(&first));
    // The same when the exception ended a moment ago.
    started.world.client.settings.exceptions[0].expires = started.world.now;
    replayed(started.refresh(&first));
}

#[test]
fn without_a_key_or_after_its_day_the_exception_keeps_nothing() {
    let mut world = World::new();
    world.client.settings.exceptions = vec![exception(&world, ExceptionRule::NoRotation)];
    let (started, first) = Started::new(world, None);
    assert!(matches!(started.refresh(&first).unwrap().changes.as_slice(), [Change::RotateFamily { .. }]));

    let mut world = World::new();
    world.client.refresh_idle_seconds = 30 * 86_400;
    world.client.refresh_absolute_seconds = 60 * 86_400;
    world.client.settings.exceptions = vec![exception(&world, ExceptionRule::NoRotation)];
    let proof = Holder::new(&world, 70).proof();
    let (mut started, first) = Started::new(world, Some(proof));
    started.family.session = None;
    started.wait(8 * 86_400);
    assert!(matches!(started.refresh(&first).unwrap().changes.as_slice(), [Change::RotateFamily { .. }]));
}
