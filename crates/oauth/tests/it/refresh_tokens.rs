//! The refresh token's format.

use model::FamilyId;
use oauth::{RefreshToken, TokenKeys};
use proptest::prelude::*;

use crate::world::{World, entropy};

#[test]
fn a_token_reads_back_and_shows_no_secret() {
    let world = World::new();
    let token = RefreshToken::fresh(FamilyId::from_bytes([9; 16]), 7, &mut entropy(3));
    let text = token.to_text(&world.keys);
    let read = RefreshToken::parse(text.expose(), &world.keys).unwrap();
    assert_eq!((read.family(), read.generation()), (token.family(), 7));
    assert_eq!(read.stored_hash(&world.keys), token.stored_hash(&world.keys));
    assert_eq!(text.expose().len(), 4 + 91);
    let secret = crypto::b64u(&entropy(3).take::<32>());
    assert!(!format!("{token:?}").contains(&secret[..8]));
}

#[test]
fn a_token_of_another_installation_is_not_ours() {
    let world = World::new();
    let other = TokenKeys::new(crypto::HashKey::new(&[1; 32]), crypto::HashKey::new(&[8; 32]));
    let text = RefreshToken::fresh(FamilyId::from_bytes([9; 16]), 0, &mut entropy(3)).to_text(&other);
    assert!(RefreshToken::parse(text.expose(), &world.keys).is_err());
}

#[test]
fn what_is_stored_is_not_what_is_presented() {
    let world = World::new();
    let token = RefreshToken::fresh(FamilyId::from_bytes([9; 16]), 0, &mut entropy(3));
    let stored = token.stored_hash(&world.keys);
    assert!(!token.to_text(&world.keys).expose().contains(&crypto::b64u(&stored)[..16]));
}

proptest! {
    /// Every altered character is noticed before anything is looked up.
    #[test]
    fn an_altered_token_is_not_ours(at in 0usize..95, replacement in "[A-Za-z0-9_=+/-]") {
        let world = World::new();
        let text = RefreshToken::fresh(FamilyId::from_bytes([9; 16]), 7, &mut entropy(3)).to_text(&world.keys);
        let mut altered = text.expose().clone();
        altered.replace_range(at..=at, &replacement);
        prop_assert_eq!(RefreshToken::parse(&altered, &world.keys).is_ok(), &altered == text.expose());
    }

    #[test]
    fn any_text_is_no_token(text in "\\PC{0,120}|lgr_[A-Za-z0-9_-]{0,120}") {
        prop_assert!(RefreshToken::parse(&text, &World::new().keys).is_err());
    }
}
