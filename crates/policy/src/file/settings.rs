//! One table of facets: from words and numbers to a requirement.

use model::Strength;

use crate::{
    Facet, Requirement,
    bounds::{SECONDS_MAX, SECONDS_MIN, SKIPS_MAX, SNOOZE_DAYS_MAX},
};

use super::{
    problem::{Fault, Problems, shown},
    shape::{Setting, Settings},
};

const STRENGTHS: [Strength; 5] =
    [Strength::Password, Strength::TwoFactor, Strength::Passkey, Strength::DeviceBoundClaimed, Strength::Attested];

/// Puts what was written into `requirement`, and tells which facets were. `beside` are other keys that the same table may hold, for the words
/// that a problem lists.
pub(super) fn put(
    path: &str,
    written: &Settings,
    beside: &[&'static str],
    requirement: &mut Requirement,
    problems: &mut Problems,
) -> Vec<Facet> {
    let mut facets = Vec::new();
    for (key, setting) in written {
        let Some(facet) = Facet::from_word(key).filter(|facet| is_setting(*facet)) else {
            let mut known = beside.to_vec();
            known.extend(Facet::ALL.into_iter().filter(|facet| is_setting(*facet)).map(Facet::as_str));
            problems.unknown_keys(path, [key], &known);
            continue;
        };
        match put_one(facet, setting, requirement) {
            Ok(()) => facets.push(facet),
            Err(fault) => problems.push(&format!("{path}.{key}"), fault),
        }
    }
    facets
}

/// User verification follows from the strength that is asked; it can't be switched by itself.
const fn is_setting(facet: Facet) -> bool {
    !matches!(facet, Facet::UserVerified)
}

fn put_one(facet: Facet, setting: &Setting, into: &mut Requirement) -> Result<(), Fault> {
    match facet {
        Facet::LeastStrength => into.least = strength(setting)?,
        // Filtered out by `is_setting`.
        Facet::UserVerified => {}
        Facet::DeviceBoundOnly => into.device_bound_only = flag(setting)?,
        Facet::AttestedOnly => into.attested_only = flag(setting)?,
        Facet::SyncedPasskeys => into.synced_passkeys = flag(setting)?,
        Facet::PasswordAndTotp => into.fallbacks.password_and_totp = flag(setting)?,
        Facet::RecoveryCodes => into.fallbacks.recovery_codes = flag(setting)?,
        Facet::UnconfirmedBinding => into.unconfirmed_binding = flag(setting)?,
        Facet::FreshSeconds => into.fresh_seconds = seconds(setting)?,
        Facet::SessionIdleSeconds => into.session.idle_seconds = seconds(setting)?,
        Facet::SessionAbsoluteSeconds => into.session.absolute_seconds = seconds(setting)?,
        Facet::InvitationSnoozeDays => into.invitation.snooze_days = small(setting, SNOOZE_DAYS_MAX)?,
        Facet::InvitationSkips => into.invitation.skips = small(setting, SKIPS_MAX)?,
    }
    Ok(())
}

fn strength(setting: &Setting) -> Result<Strength, Fault> {
    let Setting::Word(word) = setting else { return Err(Fault::WrongKind { wanted: "a word in quotes" }) };
    Strength::from_word(word).ok_or_else(|| {
        let allowed = STRENGTHS.map(|strength| strength.as_str().to_owned()).into();
        Fault::UnknownWord { typed: shown(word), allowed }
    })
}

fn flag(setting: &Setting) -> Result<bool, Fault> {
    match setting {
        Setting::Flag(flag) => Ok(*flag),
        Setting::Number(_) | Setting::Word(_) | Setting::Other(_) => Err(Fault::WrongKind { wanted: "true or false" }),
    }
}

fn seconds(setting: &Setting) -> Result<i64, Fault> {
    number(setting, SECONDS_MIN, SECONDS_MAX)
}

fn small(setting: &Setting, most: i64) -> Result<u16, Fault> {
    let number = number(setting, 0, most)?;
    u16::try_from(number).map_err(|_| Fault::OutOfBounds { least: 0, most })
}

fn number(setting: &Setting, least: i64, most: i64) -> Result<i64, Fault> {
    match setting {
        Setting::Number(number) if (least..=most).contains(number) => Ok(*number),
        Setting::Number(_) => Err(Fault::OutOfBounds { least, most }),
        Setting::Flag(_) | Setting::Word(_) | Setting::Other(_) => Err(Fault::WrongKind { wanted: "a whole number" }),
    }
}
