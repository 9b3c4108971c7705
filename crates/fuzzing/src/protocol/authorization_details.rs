//! The `authorization_details` parameter, and the words that people are shown of it.

use std::sync::LazyLock;

use ::oauth::{
    Client, ClientAuth,
    authorization_details::{AuthorizationDetails, DETAILS_BYTES_MAX, DETAILS_MAX, DetailField, DetailType, FieldKind},
};
use serde_json::Value;

use super::stage::client;
use crate::Verdict;

static TYPES: LazyLock<Vec<DetailType>> = LazyLock::new(|| {
    let field = |name: &str, kind, required| DetailField { name: name.to_owned(), kind, required };
    let amount = FieldKind::Members(vec![
        field("value", FieldKind::Integer { least: 1, greatest: 1_000_000 }, true),
        field("currency", FieldKind::Text { one_of: vec!["EUR".to_owned()] }, true),
    ]);
    let fields = vec![
        field("amount", amount, true),
        field("payee", FieldKind::Text { one_of: Vec::new() }, true),
        field("notes", FieldKind::Texts { one_of: Vec::new() }, false),
        field("urgent", FieldKind::Flag, false),
    ];
    let words = "Pay {amount.value} {amount.currency} to {payee}";
    vec![DetailType::new("payment", fields, words).expect("the words name fields of the type")]
});

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let mut client = client(ClientAuth::SecretBasic);
    client.settings.requests.authorization_details_types = vec!["payment".to_owned()];
    client
});

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = AuthorizationDetails::parse(text, &TYPES, &CLIENT);
    if let Ok(details) = &read {
        assert!(text.len() <= DETAILS_BYTES_MAX);
        let seen: Vec<Value> = serde_json::from_str(text).expect("another reader takes the details as well");
        assert!((1..=DETAILS_MAX).contains(&seen.len()) && details.shown().len() == seen.len());
        for (detail, shown) in seen.iter().zip(details.shown()) {
            assert!(detail["type"] == "payment" && shown.type_name == "payment");
            let value = detail["amount"]["value"].as_i64().expect("a whole number");
            assert!((1..=1_000_000).contains(&value));
            assert!(shown.text.starts_with(&format!("Pay {value} EUR to ")), "people are shown another amount");
            assert!(
                !shown.text.contains(
                    |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                )
            );
        }
        // It is kept with the grant: what was written must be readable, and the same.
        let again = AuthorizationDetails::parse(details.json(), &TYPES, &CLIENT).expect("what we keep, we read");
        assert_eq!(again.json(), details.json());
        assert!(again.shown() == details.shown(), "what was kept is shown differently");
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let detail = |more: &str| {
        format!(r#"[{{"type":"payment","amount":{{"value":7,"currency":"EUR"}},"payee":"Ada"{more}}}]"#).into_bytes()
    };
    vec![
        detail(""),
        detail(r#","notes":["a","b"],"urgent":true,"locations":["https://api.example.com/"]"#),
        detail(r#","locations":["https://other.example/"]"#),
        detail(r#","payee":"Eve""#),
        String::from_utf8_lossy(&detail("")).replace("Ada", r"A\u202eda\n").into_bytes(),
        String::from_utf8_lossy(&detail("")).replace(":7", ":7.0").into_bytes(),
        b"[]".to_vec(),
        br#"[{"type":"other"}]"#.to_vec(),
    ]
}
