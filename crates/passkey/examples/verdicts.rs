//! Reads the ceremonies that `testkit`'s `ceremonies` prints on standard input and writes our verdict on each, so that
//! it can be laid beside the verdicts of foreign verifiers:
//!
//! `cargo run -q -p testkit --bin ceremonies | cargo run -q -p passkey --example verdicts`
//!
//! Writes `[{"name", "part", "ok", "fault": word or null, "counterRisk": bool or null, "attested": bool or null}]`.

use std::io::{Read as _, Write as _};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use model::{PasskeyId, PersonId, Strength, Timestamp};
use passkey::{
    AuthenticationFacts, AuthenticationResponse, Challenge, Fault, NewCredential, Passkey, RegistrationFacts,
    RegistrationResponse, RelyingParty, verify_authentication, verify_registration,
};
use serde_json::{Value, json};

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    let ceremonies: Vec<Value> = serde_json::from_str(&text)?;
    let mut verdicts = Vec::new();
    for ceremony in &ceremonies {
        verdicts.push(judge(ceremony)?);
    }
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&verdicts)?)?;
    Ok(())
}

fn judge(ceremony: &Value) -> Result<Value, Error> {
    let rp = relying_party(&ceremony["rp"])?;
    let now = Timestamp::from_seconds(ceremony["now"].as_i64().ok_or("a time")?);
    let registered = register(&rp, &ceremony["registration"], now)?;
    let (name, part) = (&ceremony["name"], &ceremony["part"]);
    if part == "registration" {
        let fault = registered.as_ref().err().map(|fault| fault.as_word());
        let attested = registered.as_ref().ok().map(|new| new.attested);
        return Ok(json!({
            "name": name, "part": part, "ok": registered.is_ok(), "fault": fault, "counterRisk": null, "attested": attested,
        }));
    }
    let passkey = stored(registered?, now);
    let verdict = authenticate(&rp, ceremony, passkey)?;
    let fault = verdict.as_ref().err().map(|fault| fault.as_word());
    let risk = verdict.as_ref().ok();
    Ok(json!({
        "name": name, "part": part, "ok": verdict.is_ok(), "fault": fault, "counterRisk": risk, "attested": null,
    }))
}

fn register(rp: &RelyingParty, part: &Value, now: Timestamp) -> Result<Result<NewCredential, Fault>, Error> {
    let challenge = challenge(part)?;
    let facts = RegistrationFacts { rp, challenge: &challenge, allow_unverified_presence: false, now };
    let response = RegistrationResponse::parse(part["response"].to_string().as_bytes());
    Ok(response.and_then(|response| verify_registration(&response, &facts)))
}

/// Whether the counter is at risk, or the fault.
fn authenticate(rp: &RelyingParty, ceremony: &Value, mut passkey: Passkey) -> Result<Result<bool, Fault>, Error> {
    let part = &ceremony["authentication"];
    passkey.sign_count = u32::try_from(part["storedSignCount"].as_u64().ok_or("a counter")?)?;
    let challenge = challenge(part)?;
    let user_handle: [u8; 32] = b64u(&ceremony["userHandle"])?.try_into().map_err(|_| "a user handle of 32 bytes")?;
    let facts = AuthenticationFacts { rp, challenge: &challenge, passkey: &passkey, user_handle: &user_handle };
    let response = AuthenticationResponse::parse(part["response"].to_string().as_bytes());
    let verdict = response.and_then(|response| verify_authentication(&response, &facts));
    Ok(verdict.map(|assertion| assertion.counter_risk))
}

fn relying_party(rp: &Value) -> Result<RelyingParty, Error> {
    let mut attestation_roots = Vec::new();
    for root in texts(&rp["attestationRoots"]) {
        attestation_roots.push(STANDARD.decode(root)?);
    }
    Ok(RelyingParty {
        id: rp["id"].as_str().ok_or("an RP ID")?.into(),
        name: "Example".into(),
        origins: texts(&rp["origins"]),
        top_origins: texts(&rp["topOrigins"]),
        attestation_roots,
    })
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(Into::into)).collect()
}

fn challenge(part: &Value) -> Result<Challenge, Error> {
    Ok(Challenge::from_slice(&b64u(&part["challenge"])?)?)
}

fn b64u(text: &Value) -> Result<Vec<u8>, Error> {
    Ok(URL_SAFE_NO_PAD.decode(text.as_str().ok_or("a text of base64url")?)?)
}

fn stored(new: NewCredential, now: Timestamp) -> Passkey {
    Passkey {
        id: PasskeyId::from_bytes([1; 16]),
        person: PersonId::from_bytes([2; 16]),
        credential_id: new.credential_id,
        public_key: new.public_key,
        algorithm: new.algorithm,
        sign_count: new.sign_count,
        backup_eligible: new.backup_eligible,
        backed_up: new.backed_up,
        user_verified: new.user_verified,
        aaguid: new.aaguid,
        transports: new.transports,
        attested: new.attested,
        attestation_object: new.attestation_object,
        binding: Strength::Passkey,
        noticed: None,
        confirmed: None,
        created: now,
        last_used: None,
        label: Vec::new(),
    }
}
