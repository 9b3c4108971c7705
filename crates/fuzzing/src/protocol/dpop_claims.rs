//! DPoP proofs: the key is the sender's own, so whatever they say is well signed.

use std::sync::LazyLock;

use ::oauth::dpop::{DpopHeader, Expect, NonceKey, nonce, verify};
use model::{Entropy, Timestamp};
use serde_json::Value;
use url::Url;

use super::stage::{NOW, NOW_SECONDS, SIGNER, sign};
use crate::{Verdict, bend::bend};

const URL: &str = "https://id.example.com/token";
const TOKEN: &str = "an.access.token";

static NONCES: LazyLock<NonceKey> = LazyLock::new(|| NonceKey::fresh(&mut Entropy::new([3; 256])));

/// The claims. Behind a zero byte, how the finished proof is bent.
pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let mut halves = bytes.splitn(2, |byte| *byte == 0);
    let (claims, script) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    let honest = sign("dpop+jwt", &format!(r#","jwk":{}"#, SIGNER.jwk_json()), claims);
    let proof = String::from_utf8_lossy(&bend(honest.as_bytes(), script)).into_owned();
    let rule = ::oauth::dpop::NonceRule {
        key: &NONCES,
        need: ::oauth::dpop::NonceNeed::IssuedBefore(Timestamp::from_seconds(NOW_SECONDS - 30)),
    };
    let expect = Expect { method: "POST", url: URL, access_token: None, nonce: rule };
    let verified = verify(DpopHeader::One(&proof), &expect, NOW);
    let with_token = verify(DpopHeader::One(&proof), &Expect { access_token: Some(TOKEN), ..expect }, NOW);
    if let Ok(held) = &verified {
        assert_eq!(proof, honest, "a proof that the key never made");
        assert!(held.is_some());
        let seen: Value = serde_json::from_slice(claims).expect("another reader takes the claims as well");
        assert_eq!(seen["htm"], "POST");
        // The address, as browsers and most clients read it.
        let mut address = Url::parse(seen["htu"].as_str().expect("a text")).expect("an address");
        address.set_query(None);
        address.set_fragment(None);
        assert_eq!(address.as_str(), URL, "a proof for another address");
        let issued = seen["iat"].as_f64().expect("a number");
        assert!((issued - NOW_SECONDS as f64).abs() <= 61.0, "a proof of another time");
        let nonce = seen.get("nonce").and_then(Value::as_str);
        assert!(nonce.is_none_or(|sent| nonce::accepts(&NONCES, sent, NOW)));
        assert!(nonce.is_some() || issued >= (NOW_SECONDS - 100) as f64);
        assert!(verify(DpopHeader::One(&proof), &Expect { method: "GET", ..expect }, NOW).is_err());
        assert!(verify(DpopHeader::One(&proof), &expect, NOW.plus_seconds(200)).is_err());
    }
    if with_token.is_ok() {
        let seen: Value = serde_json::from_slice(claims).expect("another reader takes the claims as well");
        assert_eq!(seen["ath"], crypto::b64u(&crypto::sha256(TOKEN.as_bytes())), "a proof for another token");
    }
    Verdict::of(&verified)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let now = NOW_SECONDS;
    let ath = crypto::b64u(&crypto::sha256(TOKEN.as_bytes()));
    let sent = nonce::current(&NONCES, NOW);
    let plain = format!(r#"{{"jti":"1","htm":"POST","htu":"{URL}","iat":{now}}}"#);
    let with = |more: String| plain.replacen('{', &format!("{{{more},"), 1).into_bytes();
    vec![
        plain.clone().into_bytes(),
        with(format!(r#""nonce":"{sent}""#)),
        with(format!(r#""nonce":"{sent}","ath":"{ath}""#)),
        with(format!(r#""ath":"{ath}""#)),
        with(r#""nonce":"AAAAAAAAAAAAAAAAAAAAAA""#.to_owned()),
        plain.replace(URL, "HTTPS://ID.example.com:443/token?x#y").into_bytes(),
        plain.replace(URL, "https://u@id.example.com/token").into_bytes(),
        plain.replace(&now.to_string(), &format!("{}.5", now - 40)).into_bytes(),
        plain.replace("POST", "post").into_bytes(),
        [plain.as_bytes(), &[0, 1, 0, 200, 1]].concat(),
    ]
}
