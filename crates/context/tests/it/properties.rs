//! For any wishes and any allow-list.

use context::{Change, Claim, ClaimSet, Wish};
use proptest::prelude::*;
use serde_json::json;

use crate::fixture::{ask, attributes};

fn claims() -> impl Strategy<Value = ClaimSet> {
    proptest::sample::subsequence(Claim::ALL.to_vec(), 0..=Claim::ALL.len()).prop_map(ClaimSet::from_iter)
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let wish = (proptest::sample::select(Claim::ALL.to_vec()), any::<bool>())
        .prop_map(|(claim, fussy)| Wish { claim, values: if fussy { vec![json!("Ada")] } else { Vec::new() } });
    proptest::collection::vec(wish, 0..8)
}

proptest! {
    #[test]
    fn only_what_is_asked_allowed_and_known_is_told(
        scopes in proptest::sample::subsequence(vec!["openid", "profile", "email", "address", "phone", "groups"], 0..6),
        wishes in wishes(),
        allowed in claims(),
    ) {
        let outcome = ask(&scopes, &wishes, allowed, &[]);
        let asked = wishes.iter().fold(ClaimSet::of_scopes(scopes.iter().copied()), |set, wish| set.with(wish.claim));
        let known: ClaimSet = attributes().known().collect();
        let told = outcome.reply.claims();
        prop_assert_eq!(told.and(asked).and(allowed).and(known), told);
        // Exactly one receipt for a telling, and none for silence.
        prop_assert_eq!(outcome.changes.len(), usize::from(!told.is_empty()));

        // The order of scopes and wishes changes nothing.
        let (mut turned_scopes, mut turned_wishes) = (scopes.clone(), wishes.clone());
        turned_scopes.reverse();
        turned_wishes.reverse();
        prop_assert_eq!(&ask(&turned_scopes, &turned_wishes, allowed, &[]), &outcome);

        // With that receipt at hand, the same telling only counts.
        if let Some(Change::InsertReceipt(receipt)) = outcome.changes.first() {
            let again = ask(&scopes, &wishes, allowed, std::slice::from_ref(receipt));
            let counted = matches!(again.changes.as_slice(), [Change::CountReceipt { .. }]);
            prop_assert!(counted);
        }
    }
}
