//! Grants of devices, as rows. What no statement asks about is one JSON value.

use std::sync::LazyLock;

use model::{Amr, Authentication, DeviceGrantId, FamilyId, PasskeyId, PersonId, SessionId, Strength, Timestamp};
use oauth::{
    GrantDetails, ScopeSet,
    device::{DeviceApproval, DeviceGrant, DeviceState},
};
use rusqlite::Row;
use serde::{Deserialize, Serialize};

use crate::{ReadError, rows};

/// Columns of [`grant`], in order.
const COLUMNS: &str =
    "id, device_hash, user_hash, client, look_ups, polled, interval_seconds, expires, body, state, person, session";

pub(crate) static BY_ID: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM device_grant WHERE id = ?1"));
pub(crate) static BY_DEVICE: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM device_grant WHERE device_hash = ?1"));
pub(crate) static BY_USER: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM device_grant WHERE user_hash = ?1"));

/// What a row holds besides its columns.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceBody {
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<String>,
    place: String,
    created: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<Proof>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<String>,
}

/// How the person who approved had signed in.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    at: i64,
    strength: String,
    amr: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    passkey: Option<String>,
}

impl DeviceBody {
    pub(crate) fn of(grant: &DeviceGrant) -> Self {
        let (answered, proof, family) = match &grant.state {
            DeviceState::Pending => (None, None, None),
            DeviceState::Approved(approval) => (Some(approval.at), Some(Proof::of(&approval.authentication)), None),
            DeviceState::Denied { at } => (Some(*at), None, None),
            DeviceState::Redeemed { family, at } => (Some(*at), None, Some(family.to_string())),
        };
        Self {
            scope: grant.scope.as_str().to_owned(),
            details: grant.details.to_json(),
            place: grant.place.clone(),
            created: grant.created.millis(),
            answered: answered.map(Timestamp::millis),
            proof,
            family,
        }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always have a JSON form")
    }
}

impl Proof {
    fn of(authentication: &Authentication) -> Self {
        Self {
            at: authentication.at.millis(),
            strength: authentication.strength.as_str().to_owned(),
            amr: authentication.amr.bits(),
            passkey: authentication.passkey.map(|id| id.to_string()),
        }
    }

    fn authentication(&self, person: PersonId) -> Result<Authentication, ReadError> {
        let passkey = self.passkey.as_deref().map(str::parse::<PasskeyId>).transpose().map_err(|_| DAMAGED)?;
        Ok(Authentication {
            person,
            at: Timestamp::from_millis(self.at),
            strength: Strength::from_word(&self.strength).ok_or(DAMAGED)?,
            amr: Amr::from_bits(self.amr),
            passkey,
        })
    }
}

const DAMAGED: ReadError = ReadError::Damaged("device grant");

pub(crate) fn grant(row: &Row<'_>) -> Result<DeviceGrant, ReadError> {
    let body: DeviceBody = serde_json::from_str(row.get_ref(8)?.as_str().map_err(|_| DAMAGED)?).map_err(|_| DAMAGED)?;
    let details = body.details.as_deref().map(GrantDetails::from_json).transpose().map_err(|_| DAMAGED)?;
    Ok(DeviceGrant {
        id: DeviceGrantId::from_bytes(row.get(0)?),
        client: rows::client_id(row, 3)?,
        device_hash: row.get(1)?,
        user_hash: row.get(2)?,
        scope: ScopeSet::parse(&body.scope).map_err(|_| DAMAGED)?,
        details: details.unwrap_or_default(),
        place: body.place.clone(),
        created: Timestamp::from_millis(body.created),
        expires: rows::time(row, 7)?,
        interval_seconds: row.get(6)?,
        polled: rows::optional_time(row, 5)?,
        look_ups: row.get(4)?,
        state: state(row, &body)?,
    })
}

fn state(row: &Row<'_>, body: &DeviceBody) -> Result<DeviceState, ReadError> {
    let at = || body.answered.map(Timestamp::from_millis).ok_or(DAMAGED);
    Ok(match row.get_ref(9)?.as_str().map_err(|_| DAMAGED)? {
        "pending" => DeviceState::Pending,
        "denied" => DeviceState::Denied { at: at()? },
        "redeemed" => {
            let family: FamilyId = body.family.as_deref().ok_or(DAMAGED)?.parse().map_err(|_| DAMAGED)?;
            DeviceState::Redeemed { family, at: at()? }
        }
        "approved" => {
            let person = PersonId::from_bytes(row.get::<_, Option<[u8; 16]>>(10)?.ok_or(DAMAGED)?);
            DeviceState::Approved(DeviceApproval {
                person,
                session: SessionId::from_bytes(row.get::<_, Option<[u8; 16]>>(11)?.ok_or(DAMAGED)?),
                authentication: body.proof.as_ref().ok_or(DAMAGED)?.authentication(person)?,
                at: at()?,
            })
        }
        _ => return Err(DAMAGED),
    })
}
