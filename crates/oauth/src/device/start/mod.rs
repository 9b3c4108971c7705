//! The device asks (RFC 8628 §3.1, §3.2): who it is was proved already, what it asks for is checked here.

mod checks;
mod fault;
mod reply;

pub use checks::check_list;
pub use fault::DeviceStartFault;
pub use reply::DeviceStarted;

use crypto::b64u;
use model::{
    Actor, AuditEvent, AuditKind, Decision, DeviceGrantId, Entropy, Outcome, Secret, Timestamp, decision::NoQuestion,
};

use super::{
    DEVICE_CODE_SECONDS, DeviceGrant, DeviceState, POLL_INTERVAL_SECONDS, UserCode, VERIFICATION_PATH, device_code_hash,
};
use crate::{AuthenticatedClient, Change, GrantDetails, Issuer, RawParams, TokenKeys};

/// Longest `place` that is kept, in bytes.
const PLACE_BYTES_MAX: usize = 80;

/// Facts for one device authorization request.
#[derive(Debug, Clone, Copy)]
pub struct DeviceStartFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// From where the device asks, coarsely, in words that the person who decides can judge.
    pub place: &'a str,
}

/// Decides one device authorization request. Takes 58 bytes of entropy.
pub fn start(
    params: &RawParams<'_>,
    client: &AuthenticatedClient<'_>,
    facts: &DeviceStartFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<DeviceStarted, DeviceStartFault, NoQuestion, Change> {
    let mut passed = checks::Passed::new(params, client.client());
    for check in &checks::CHECKS {
        if let Err(fault) = (check.run)(&mut passed) {
            let mut outcome = Outcome::plain(fault);
            // An assertion that proved the client is used, whatever comes of the request.
            outcome.changes.extend(client.spends());
            return Decision::Refused(outcome);
        }
    }
    let (Some(scope), Some(resources)) = (passed.scope, passed.resources) else {
        return Decision::Refused(Outcome::plain(DeviceStartFault::Incomplete));
    };

    let id = DeviceGrantId::fresh(now, entropy);
    // RFC 8628 §5.2: nobody guesses the device code; 256 bits.
    let device_code = format!("lgd_{}", b64u(&entropy.take::<32>()));
    let user_code = UserCode::fresh(entropy);
    let grant = DeviceGrant {
        id,
        client: client.client().id.clone(),
        device_hash: device_code_hash(facts.keys, &device_code),
        user_hash: user_code.hash(facts.keys),
        scope,
        details: GrantDetails { resources, ..GrantDetails::default() },
        place: shown_place(facts.place),
        created: now,
        expires: now.plus_seconds(DEVICE_CODE_SECONDS),
        interval_seconds: POLL_INTERVAL_SECONDS,
        polled: None,
        look_ups: 0,
        state: DeviceState::Pending,
    };
    let event =
        AuditEvent::new(AuditKind::DeviceStarted, Actor::Client(grant.client.clone())).client(grant.client.clone());
    let mut changes = vec![Change::InsertDeviceGrant(Box::new(grant))];
    changes.extend(client.spends());
    Decision::Done(Outcome {
        reply: DeviceStarted {
            device_code: Secret::new(device_code),
            user_code: Secret::new(user_code.shown()),
            verification_uri: format!("{}{VERIFICATION_PATH}", facts.issuer.url()),
            expires_in: DEVICE_CODE_SECONDS,
            interval: POLL_INTERVAL_SECONDS,
        },
        changes,
        audit: vec![event],
    })
}

/// Bounded, and without characters that could dress it up on a page.
fn shown_place(place: &str) -> String {
    let mut shown = String::new();
    for letter in place.chars().filter(|letter| letter.is_alphanumeric() || " .,:/()-_[]".contains(*letter)) {
        if shown.len() + letter.len_utf8() > PLACE_BYTES_MAX {
            break;
        }
        shown.push(letter);
    }
    shown
}
