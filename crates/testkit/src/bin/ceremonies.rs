//! Prints every ceremony of the catalogue as a JSON array, for verifiers written by others.
//!
//! Byte strings are base64url without padding; certificates are standard base64 of DER.
//!
//! ```json
//! {
//!   "name": "es256_none_registration", "mutation": null, "part": "registration",
//!   "rp": {"id": "…", "origins": ["…"], "topOrigins": [], "attestationRoots": ["…"]},
//!   "userHandle": "…", "now": 1793000000,
//!   "registration": {"challenge": "…", "response": { RegistrationResponseJSON }},
//!   "authentication": {"challenge": "…", "response": { AuthenticationResponseJSON }, "storedSignCount": 0}
//! }
//! ```
//!
//! `part` is the half to judge, and the half that `mutation` names a change in; it is `registration` or
//! `authentication`. Where it is `registration`, `authentication` is null. Where it is `authentication`, the
//! registration is honest: take the public key and the flags from it, then the counter from `storedSignCount`.
//! The relying party asks for UP and UV and offers -8, -7, -257, -35 and -36. What each verifier ought to answer is not
//! said here.

use std::io::Write as _;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use testkit::catalogue::{
    self, AUTHENTICATION_CHALLENGE, Ceremony, NOW_SECONDS, ORIGIN, REGISTRATION_CHALLENGE, RP_ID, USER_HANDLE,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut ceremonies = Vec::new();
    for ceremony in catalogue::all() {
        ceremonies.push(describe(&ceremony)?);
    }
    let text = serde_json::to_string_pretty(&Value::Array(ceremonies))?;
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

fn describe(ceremony: &Ceremony) -> Result<Value, serde_json::Error> {
    let registration: Value = serde_json::from_str(&ceremony.registration)?;
    let authentication = match &ceremony.authentication {
        None => Value::Null,
        Some(response) => json!({
            "challenge": URL_SAFE_NO_PAD.encode(AUTHENTICATION_CHALLENGE),
            "response": serde_json::from_str::<Value>(response)?,
            "storedSignCount": ceremony.stored_sign_count,
        }),
    };
    Ok(json!({
        "name": ceremony.name,
        "mutation": ceremony.mutation,
        "part": ceremony.half.as_str(),
        "rp": {
            "id": RP_ID,
            "origins": [ORIGIN],
            "topOrigins": [],
            "attestationRoots": [STANDARD.encode(&ceremony.root)],
        },
        "userHandle": URL_SAFE_NO_PAD.encode(USER_HANDLE),
        "now": NOW_SECONDS,
        "registration": {"challenge": URL_SAFE_NO_PAD.encode(REGISTRATION_CHALLENGE), "response": registration},
        "authentication": authentication,
    }))
}
