//! How strong a proof the client wishes for.

use model::Strength;

use super::{Passed, Stop};
use crate::{authorize::AuthorizeFault, claims_request::ClaimWish};

/// Longest `acr_values`, in bytes.
const ACR_VALUES_BYTES_MAX: usize = 512;

/// The `acr` values that the client wishes for and we know.
pub(crate) struct WantedAcr {
    known: Vec<Known>,
    essential: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Known {
    name: &'static str,
    least: Strength,
}

/// How a proof stands to the wish.
pub(super) enum Judged {
    /// It is what was wished for, or nothing was. Holds the `acr` to tell, where it is not the strength's own word.
    Met(Option<&'static str>),
    /// It is less, and a stronger one would do.
    Less,
    /// No proof would do: nothing that was wished for exists here.
    Impossible,
}

impl WantedAcr {
    /// The least strength that will do, when something is wished for.
    pub(crate) fn least(&self) -> Option<Strength> {
        self.known.iter().map(|known| known.least).min()
    }

    /// Whether the client can't do without.
    pub(super) const fn is_essential(&self) -> bool {
        self.essential
    }

    /// Holds a proof against the wish.
    pub(super) fn judge(&self, strength: Strength) -> Judged {
        if self.known.is_empty() {
            return if self.essential { Judged::Impossible } else { Judged::Met(None) };
        }
        let own = strength.acr();
        // OpenID Connect Core §5.5.1.1: what is told must be one of the values that were asked for. A stronger proof meets a weaker
        // wish, and is then told in the words of the wish.
        if self.known.iter().any(|known| Some(known.name) == own) {
            return Judged::Met(None);
        }
        let met = self.known.iter().filter(|known| strength >= known.least).max_by_key(|known| known.least);
        met.map_or(Judged::Less, |known| Judged::Met(Some(known.name)))
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let in_claims = passed.claims.as_ref().ok_or(AuthorizeFault::Incomplete)?.acr();
    let wanted = match (in_claims, passed.params.value("acr_values")) {
        // §5.5.1.1: values in the claims parameter say more than acr_values, because they can be essential.
        (Some(wish), _) if !wish.values.is_empty() => of_wish(wish),
        (_, Some(values)) if values.len() > ACR_VALUES_BYTES_MAX => return Err(AuthorizeFault::AcrValuesTooLong.into()),
        // §3.1.2.1: acr_values is voluntary; values that mean nothing here are not wished for.
        (_, Some(values)) => WantedAcr { known: known(values.split(' ')), essential: false },
        (_, None) => {
            let values = &client.settings.requests.default_acr_values;
            WantedAcr { known: known(values.iter().map(String::as_str)), essential: false }
        }
    };
    passed.acr = Some(wanted);
    Ok(())
}

fn of_wish(wish: &ClaimWish) -> WantedAcr {
    let texts: Vec<String> = wish.texts().collect();
    WantedAcr { known: known(texts.iter().map(String::as_str)), essential: wish.essential }
}

/// The values that stand for a strength of ours: the words of [`Strength::acr`], with the least strength that earns each.
fn known<'v>(values: impl Iterator<Item = &'v str>) -> Vec<Known> {
    let mut known = Vec::new();
    for value in values {
        let found = [
            Strength::Password,
            Strength::TwoFactor,
            Strength::Passkey,
            Strength::DeviceBoundClaimed,
            Strength::Attested,
        ]
        .into_iter()
        .find_map(|least| least.acr().filter(|name| *name == value).map(|name| Known { name, least }));
        if let Some(found) = found
            && !known.contains(&found)
        {
            known.push(found);
        }
    }
    known
}
