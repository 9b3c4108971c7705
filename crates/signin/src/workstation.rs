//! Workstations that several people share: on a ward, at a counter, on a shop floor.
//!
//! An operator makes a link; opening it in a browser leaves a signed mark there. In a marked browser no name is
//! remembered, an unused session ends after five minutes, only keys that stay with their owner open one, no invitation
//! shows, and a tap with the same key signs out again. The mark only takes away: whoever copies or deletes one gains what
//! any unmarked browser has. It is signed so that nobody else can take that away from a browser.

use crypto::{HashKey, b64u, equal, from_b64u_exact};
use model::{Entropy, Secret, Timestamp};

use crate::{Requirement, limits};

/// What every link's token begins with, so that leak scanners can find one.
pub const WORKSTATION_PREFIX: &str = "lgw_";

/// Time (8 bytes), random (8 bytes), keyed hash over both (32 bytes).
const TOKEN_BYTES: usize = 48;

/// Whose browser it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workstation {
    /// One person's.
    Own,
    /// Several people's.
    Shared,
}

impl Workstation {
    /// From the mark that the browser sent, if it did.
    #[must_use]
    pub fn of_browser(key: &HashKey, mark: Option<&str>) -> Self {
        match mark.and_then(|mark| read(key, "workstation mark", mark)) {
            Some(_) => Self::Shared,
            None => Self::Own,
        }
    }

    /// The requirement as it holds in this browser.
    #[must_use]
    pub fn asks(self, requirement: &Requirement) -> Requirement {
        match self {
            Self::Own => requirement.clone(),
            Self::Shared => requirement.clone().on_shared_workstation(),
        }
    }
}

/// Makes the token of a link that marks a workstation. It may be opened in several browsers for
/// [`limits::WORKSTATION_LINK_SECONDS`]. Takes 8 bytes of entropy.
#[must_use]
pub fn workstation_link(key: &HashKey, now: Timestamp, entropy: &mut Entropy) -> Secret<String> {
    let token = write(key, "workstation link", now, entropy);
    Secret::new(format!("{WORKSTATION_PREFIX}{}", token.expose()))
}

/// The mark for the browser in which the link was opened; `None` for a token that isn't ours or is too old. Set it as a
/// cookie for [`limits::WORKSTATION_MARK_SECONDS`]. Takes 8 bytes of entropy.
#[must_use]
pub fn workstation_mark(key: &HashKey, token: &str, now: Timestamp, entropy: &mut Entropy) -> Option<Secret<String>> {
    let made = read(key, "workstation link", token.strip_prefix(WORKSTATION_PREFIX)?)?;
    limits::within_seconds(now, made, limits::WORKSTATION_LINK_SECONDS)
        .then(|| write(key, "workstation mark", now, entropy))
}

fn write(key: &HashKey, purpose: &'static str, now: Timestamp, entropy: &mut Entropy) -> Secret<String> {
    let mut token = [0; TOKEN_BYTES];
    token[..8].copy_from_slice(&now.millis().to_be_bytes());
    token[8..16].copy_from_slice(&entropy.take::<8>());
    let hash = key.hash(purpose, &[&token[..16]]);
    token[16..].copy_from_slice(&hash);
    Secret::new(b64u(&token))
}

fn read(key: &HashKey, purpose: &'static str, text: &str) -> Option<Timestamp> {
    let token = from_b64u_exact::<TOKEN_BYTES>(text).ok()?;
    let (made, hash) = token.split_at(16);
    if !equal(&key.hash(purpose, &[made]), hash) {
        return None;
    }
    let millis: [u8; 8] = made[..8].try_into().expect("eight of sixteen bytes");
    Some(Timestamp::from_millis(i64::from_be_bytes(millis)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    #[test]
    fn a_link_marks_a_browser_while_it_is_young() {
        let key = HashKey::new(&[1; 32]);
        let mut entropy = Entropy::new([7; 256]);
        let link = workstation_link(&key, NOW, &mut entropy);
        let late = NOW.plus_seconds(limits::WORKSTATION_LINK_SECONDS + 1);
        let opened = |key: &HashKey, text: &str, at| workstation_mark(key, text, at, &mut Entropy::new([8; 256]));
        assert!(opened(&key, link.expose(), NOW).is_some());
        assert!(opened(&key, link.expose(), late).is_none());
        assert!(opened(&HashKey::new(&[2; 32]), link.expose(), NOW).is_none());
        let bare = link.expose().trim_start_matches(WORKSTATION_PREFIX);
        for text in ["", "lgw_", bare, &format!("{}A", link.expose()), &"A".repeat(100_000)] {
            assert!(opened(&key, text, NOW).is_none(), "{text:.20}");
        }
    }

    #[test]
    fn a_mark_is_no_link_and_only_ours_marks() {
        let key = HashKey::new(&[1; 32]);
        let link = workstation_link(&key, NOW, &mut Entropy::new([7; 256]));
        let mark = workstation_mark(&key, link.expose(), NOW, &mut Entropy::new([8; 256])).expect("a young link");
        assert_eq!(Workstation::of_browser(&key, Some(mark.expose())), Workstation::Shared);
        for other in ["", "damaged", link.expose(), link.expose().trim_start_matches(WORKSTATION_PREFIX)] {
            assert_eq!(Workstation::of_browser(&key, Some(other)), Workstation::Own, "{other}");
        }
        assert_eq!(Workstation::of_browser(&key, None), Workstation::Own);
        let forged = format!("{WORKSTATION_PREFIX}{}", mark.expose());
        assert!(workstation_mark(&key, &forged, NOW, &mut Entropy::new([9; 256])).is_none());
    }
}
