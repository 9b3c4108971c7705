//! Rows to types. A row that can't be read back is damage, never a default.

use std::sync::LazyLock;

use model::{
    Amr, Authentication, Capabilities, ClientId, Employment, FamilyId, PassId, PasskeyId, Person, PersonId,
    PersonStatus, Session, SessionId, SigninMethod, SigninOutcome, SigninRecord, Strength, Tier, Timestamp,
};
use oauth::{
    Client, ClientAuth, ClientKind, ClientSettings, ClientStatus, Consent, ConsentPolicy, FamilyState, GrantDetails,
    GrantTypes, RedirectUri, RefreshFamily, RevocationReason, Scope, ScopeSet, SubjectKind,
};
use passkey::{Algorithm, Passkey, Transport};
use rusqlite::{Row, types::ValueRef};
use signin::EnrolmentPass;

use crate::ReadError;

/// Columns of [`person`], in order.
pub(crate) const PERSON: &str = "id, status, employment, privileged, groups, user_handle, ends, created";

pub(crate) fn person(row: &Row<'_>) -> Result<Person, ReadError> {
    Ok(Person {
        id: PersonId::from_bytes(row.get(0)?),
        status: word(row, 1, PersonStatus::from_word, "person status")?,
        employment: word(row, 2, Employment::from_word, "employment")?,
        privileged: row.get(3)?,
        groups: json_list(row, 4, "groups")?,
        user_handle: row.get(5)?,
        ends: optional_time(row, 6)?,
        created: time(row, 7)?,
    })
}

/// Columns of [`passkey`], in order.
pub(crate) const PASSKEY: &str =
    "id, person, credential_id, public_key, algorithm, sign_count, backup_eligible, backed_up,
    user_verified, aaguid, transports, attested, attestation_object, binding, created, last_used, label,
    noticed, confirmed";

pub(crate) fn passkey(row: &Row<'_>) -> Result<Passkey, ReadError> {
    let transports = row.get_ref(10)?.as_str().map_err(|_| ReadError::Damaged("transports"))?;
    Ok(Passkey {
        id: PasskeyId::from_bytes(row.get(0)?),
        person: PersonId::from_bytes(row.get(1)?),
        credential_id: row.get(2)?,
        public_key: row.get(3)?,
        algorithm: Algorithm::from_cose_id(row.get(4)?).ok_or(ReadError::Damaged("algorithm"))?,
        sign_count: row.get(5)?,
        backup_eligible: row.get(6)?,
        backed_up: row.get(7)?,
        user_verified: row.get(8)?,
        aaguid: row.get(9)?,
        transports: transports
            .split_ascii_whitespace()
            .map(|name| Transport::from_word(name).ok_or(ReadError::Damaged("transports")))
            .collect::<Result<_, _>>()?,
        attested: row.get(11)?,
        attestation_object: row.get(12)?,
        binding: word(row, 13, Strength::from_word, "binding")?,
        created: time(row, 14)?,
        last_used: optional_time(row, 15)?,
        label: row.get(16)?,
        noticed: optional_time(row, 17)?,
        confirmed: optional_time(row, 18)?,
    })
}

/// Columns of [`pass`], in order.
pub(crate) const PASS: &str = "id, hash, person, binding, created, expires, spent";

pub(crate) fn pass(row: &Row<'_>) -> Result<EnrolmentPass, ReadError> {
    Ok(EnrolmentPass {
        id: PassId::from_bytes(row.get(0)?),
        hash: row.get(1)?,
        person: PersonId::from_bytes(row.get(2)?),
        binding: word(row, 3, Strength::from_word, "binding")?,
        created: time(row, 4)?,
        expires: time(row, 5)?,
        spent: optional_time(row, 6)?,
    })
}

/// Columns of [`session`], in order.
pub(crate) const SESSION: &str =
    "id, cookie_hash, person, auth_at, strength, amr, passkey, created, expires, idle_seconds, last_used";

/// A session, and when it was last used as far as storage knows.
pub(crate) fn session(row: &Row<'_>) -> Result<(Session, Timestamp), ReadError> {
    let authentication = Authentication {
        person: PersonId::from_bytes(row.get(2)?),
        at: time(row, 3)?,
        strength: word(row, 4, Strength::from_word, "strength")?,
        amr: Amr::from_bits(row.get(5)?),
        passkey: row.get::<_, Option<[u8; 16]>>(6)?.map(PasskeyId::from_bytes),
    };
    let session = Session {
        id: SessionId::from_bytes(row.get(0)?),
        cookie_hash: row.get(1)?,
        authentication,
        created: time(row, 7)?,
        expires: time(row, 8)?,
        idle_seconds: row.get(9)?,
    };
    Ok((session, time(row, 10)?))
}

/// Columns of [`client`], in order.
pub(crate) const CLIENT: &str =
    "id, name, kind, secrets, auth, redirect_uris, scopes, grants, sector, consent, tier, status,
    access_token_seconds, refresh_idle_seconds, refresh_absolute_seconds, audience, created, settings";

pub(crate) static CLIENT_BY_ID: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {CLIENT} FROM client WHERE id = ?1"));

pub(crate) fn client(row: &Row<'_>) -> Result<Client, ReadError> {
    let secrets = row.get_ref(3)?.as_blob().map_err(|_| ReadError::Damaged("client secrets"))?;
    let (secrets, []) = secrets.as_chunks::<32>() else { return Err(ReadError::Damaged("client secrets")) };
    let uris: Vec<String> = json_list(row, 5, "redirect URIs")?;
    let scopes = row.get_ref(6)?.as_str().map_err(|_| ReadError::Damaged("client scopes"))?;
    Ok(Client {
        id: client_id(row, 0)?,
        name: row.get(1)?,
        kind: word(row, 2, ClientKind::from_word, "client kind")?,
        secrets: secrets.to_vec(),
        auth: word(row, 4, ClientAuth::from_word, "client authentication")?,
        redirect_uris: uris
            .iter()
            .map(|uri| RedirectUri::parse(uri).map_err(|_| ReadError::Damaged("redirect URIs")))
            .collect::<Result<_, _>>()?,
        scopes: scopes
            .split_ascii_whitespace()
            .map(|scope| Scope::parse(scope).map_err(|_| ReadError::Damaged("client scopes")))
            .collect::<Result<_, _>>()?,
        grants: GrantTypes::from_bits(row.get(7)?),
        subject: match row.get(8)? {
            None => SubjectKind::Public,
            Some(sector) => SubjectKind::Pairwise { sector },
        },
        consent: word(row, 9, ConsentPolicy::from_word, "consent policy")?,
        tier: word(row, 10, Tier::from_word, "tier")?,
        status: word(row, 11, ClientStatus::from_word, "client status")?,
        access_token_seconds: row.get(12)?,
        refresh_idle_seconds: row.get(13)?,
        refresh_absolute_seconds: row.get(14)?,
        audience: row.get(15)?,
        created: time(row, 16)?,
        settings: settings(row, 17)?,
    })
}

/// An ordinary client, which most are, costs no parsing.
fn settings(row: &Row<'_>, column: usize) -> Result<ClientSettings, ReadError> {
    match row.get_ref(column)?.as_str().map_err(|_| ReadError::Damaged("client settings"))? {
        "{}" => Ok(ClientSettings::default()),
        text => ClientSettings::from_json(text).map_err(|_| ReadError::Damaged("client settings")),
    }
}

pub(crate) fn details(row: &Row<'_>, column: usize) -> Result<GrantDetails, ReadError> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(GrantDetails::default()),
        value => {
            let text = value.as_str().map_err(|_| ReadError::Damaged("grant details"))?;
            GrantDetails::from_json(text).map_err(|_| ReadError::Damaged("grant details"))
        }
    }
}

/// Columns of [`family`], in order.
pub(crate) const FAMILY: &str =
    "id, client, person, session, auth_at, strength, amr, passkey, scope, generation, token_hash,
    created, rotated, idle_seconds, expires, revoked_at, reason, details";

/// A family, or nothing when the row is a tombstone of one that was never inserted.
pub(crate) fn family(row: &Row<'_>) -> Result<Option<RefreshFamily>, ReadError> {
    if row.get_ref(1)? == ValueRef::Null {
        return Ok(None);
    }
    let person = PersonId::from_bytes(row.get(2)?);
    let scope = row.get_ref(8)?.as_str().map_err(|_| ReadError::Damaged("family scope"))?;
    let state = match optional_time(row, 15)? {
        None => FamilyState::Live,
        Some(at) => {
            FamilyState::Revoked { at, reason: word(row, 16, RevocationReason::from_word, "revocation reason")? }
        }
    };
    Ok(Some(RefreshFamily {
        id: FamilyId::from_bytes(row.get(0)?),
        client: client_id(row, 1)?,
        person,
        session: row.get::<_, Option<[u8; 16]>>(3)?.map(SessionId::from_bytes),
        authentication: Authentication {
            person,
            at: time(row, 4)?,
            strength: word(row, 5, Strength::from_word, "strength")?,
            amr: Amr::from_bits(row.get(6)?),
            passkey: row.get::<_, Option<[u8; 16]>>(7)?.map(PasskeyId::from_bytes),
        },
        scope: ScopeSet::parse(scope).map_err(|_| ReadError::Damaged("family scope"))?,
        details: details(row, 17)?,
        generation: row.get(9)?,
        token_hash: row.get(10)?,
        created: time(row, 11)?,
        rotated: time(row, 12)?,
        idle_seconds: row.get(13)?,
        expires: time(row, 14)?,
        state,
    }))
}

/// Columns of [`consent`], in order.
pub(crate) const CONSENT: &str = "person, client, scope, at";

pub(crate) fn consent(row: &Row<'_>) -> Result<Consent, ReadError> {
    let scope = row.get_ref(2)?.as_str().map_err(|_| ReadError::Damaged("consent scope"))?;
    Ok(Consent {
        person: PersonId::from_bytes(row.get(0)?),
        client: client_id(row, 1)?,
        scope: ScopeSet::parse(scope).map_err(|_| ReadError::Damaged("consent scope"))?,
        at: time(row, 3)?,
    })
}

/// Columns of [`signin_record`], in order.
pub(crate) const SIGNIN_RECORD: &str =
    "at, path, tier, pseudonym, method, outcome, strength, elapsed_millis, capabilities";

pub(crate) fn signin_record(row: &Row<'_>) -> Result<SigninRecord, ReadError> {
    let path: Option<String> = row.get(1)?;
    let strength: Option<String> = row.get(6)?;
    Ok(SigninRecord {
        at: time(row, 0)?,
        path: path.map(|id| ClientId::parse(&id).map_err(|_| ReadError::Damaged("client id"))).transpose()?,
        tier: word(row, 2, Tier::from_word, "tier")?,
        pseudonym: row.get(3)?,
        method: word(row, 4, SigninMethod::from_word, "sign-in method")?,
        outcome: word(row, 5, SigninOutcome::from_word, "sign-in outcome")?,
        strength: strength.map(|text| Strength::from_word(&text).ok_or(ReadError::Damaged("strength"))).transpose()?,
        elapsed_millis: row.get(7)?,
        capabilities: Capabilities::from_bits(row.get(8)?),
    })
}

pub(crate) fn client_id(row: &Row<'_>, column: usize) -> Result<ClientId, ReadError> {
    let text = row.get_ref(column)?.as_str().map_err(|_| ReadError::Damaged("client id"))?;
    ClientId::parse(text).map_err(|_| ReadError::Damaged("client id"))
}

pub(crate) fn time(row: &Row<'_>, column: usize) -> Result<Timestamp, ReadError> {
    Ok(Timestamp::from_millis(row.get(column)?))
}

pub(crate) fn optional_time(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>, ReadError> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
}

pub(crate) fn word<T>(
    row: &Row<'_>,
    column: usize,
    read: impl Fn(&str) -> Option<T>,
    what: &'static str,
) -> Result<T, ReadError> {
    let text = row.get_ref(column)?.as_str().map_err(|_| ReadError::Damaged(what))?;
    read(text).ok_or(ReadError::Damaged(what))
}

fn json_list(row: &Row<'_>, column: usize, what: &'static str) -> Result<Vec<String>, ReadError> {
    let text = row.get_ref(column)?.as_str().map_err(|_| ReadError::Damaged(what))?;
    serde_json::from_str(text).map_err(|_| ReadError::Damaged(what))
}
