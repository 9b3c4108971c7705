//! The sector of pairwise subjects (OpenID Connect Core §8.1, Dynamic Client Registration §5): clients of one sector may compare people.

use super::RegistrationFault;
use crate::{RedirectKind, RedirectUri};

/// Most bytes of a sector document.
pub const SECTOR_BYTES_MAX: usize = 64 * 1024;
/// Most addresses in it.
const SECTOR_URIS_MAX: usize = 1000;

/// What must be fetched before the registration can be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrationNeed {
    /// The document at this `https` address; the answer is a [`SectorFact`].
    FetchSector {
        /// Where.
        url: String,
    },
}

/// What became of fetching a sector document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectorFact<'a> {
    /// Not tried.
    NotFetched,
    /// Tried, in vain.
    Unavailable,
    /// Fetched.
    Fetched {
        /// From where.
        url: &'a str,
        /// What came.
        body: &'a [u8],
    },
}

/// Why there is no sector (yet).
pub(super) enum NoSector {
    Need(RegistrationNeed),
    Fault(RegistrationFault),
}

/// The sector that `sector_identifier_uri` stands for: its host, when the document there names every redirect URI. Without that
/// proof anybody could join a sector and learn its identifiers.
pub(super) fn sector_of(url: &str, redirect_uris: &[String], fact: SectorFact<'_>) -> Result<String, NoSector> {
    let fault = NoSector::Fault(RegistrationFault::Sector);
    let Some(address) = https(url) else { return Err(fault) };
    // What proves that the client belongs to the sector is that its own addresses are listed there. One that has none (a device, a
    // service) could point at anybody's document, and would see people by the identifiers of that sector.
    if redirect_uris.is_empty() {
        return Err(fault);
    }
    let body = match fact {
        SectorFact::NotFetched => return Err(NoSector::Need(RegistrationNeed::FetchSector { url: url.to_owned() })),
        SectorFact::Unavailable => return Err(fault),
        SectorFact::Fetched { url: fetched, body } if fetched == url => body,
        // An answer to another question.
        SectorFact::Fetched { .. } => {
            return Err(NoSector::Need(RegistrationNeed::FetchSector { url: url.to_owned() }));
        }
    };
    if body.len() > SECTOR_BYTES_MAX {
        return Err(fault);
    }
    let Ok(listed) = serde_json::from_slice::<Vec<String>>(body) else { return Err(fault) };
    let complete = listed.len() <= SECTOR_URIS_MAX && redirect_uris.iter().all(|uri| listed.contains(uri));
    if complete { Ok(address.host().to_owned()) } else { Err(fault) }
}

/// Whether `text` is a plain `https` address. Read by the reader of redirect URIs: what two parsers could read differently is refused.
pub(crate) fn is_https(text: &str) -> bool {
    https(text).is_some()
}

fn https(text: &str) -> Option<RedirectUri> {
    RedirectUri::parse(text).ok().filter(|uri| uri.kind() == RedirectKind::Https)
}
