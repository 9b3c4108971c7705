//! What must hold of every input: no secret comes along, and what is not known is never "no".

use cutover::{Client, Source, columns};
use proptest::prelude::*;
use readers::config::{Document, Reading, read_document, read_terraform};

fn document(name: &str, text: String) -> Document {
    Document { source: Source::file(name), text }
}

fn read(name: &str, text: String) -> Vec<Client> {
    match read_document(&document(name, text)) {
        Reading::Read(_, outcome) => outcome.clients,
        Reading::NotOurs | Reading::Unread(_) => Vec::new(),
    }
}

/// Where secrets stand in each format.
fn with_secret(format: usize, secret: &str) -> (Vec<Client>, String) {
    match format {
        0 => {
            let text = format!(
                r#"{{"clientId": "a", "publicClient": false, "secret": "{secret}", "attributes": {{"jwt.credential.secret": "{secret}"}}}}"#
            );
            (read("a.json", text), String::new())
        }
        1 => (
            read(
                "a.yaml",
                format!(
                    "clients:\n  - name: a\n    app_type: spa\n    client_secret: {secret}\n    token_endpoint_auth_method: {secret}\n"
                ),
            ),
            String::new(),
        ),
        2 => {
            let text = format!(
                r#"{{"id": "a", "signOnMode": "OPENID_CONNECT", "credentials": {{"oauthClient": {{"client_secret": "{secret}", "token_endpoint_auth_method": "{secret}"}}}}, "settings": {{"oauthClient": {{"application_type": "web"}}}}}}"#
            );
            (read("a.json", text), String::new())
        }
        3 => {
            let text = format!(
                r#"{{"appId": "a", "signInAudience": "x", "passwordCredentials": [{{"secretText": "{secret}"}}], "isFallbackPublicClient": "{secret}"}}"#
            );
            (read("a.json", text), String::new())
        }
        4 => (
            read(
                "a.json",
                format!(
                    r#"{{"UserPoolClient": {{"ClientId": "a", "ClientSecret": "{secret}", "GenerateSecret": "{secret}"}}}}"#
                ),
            ),
            String::new(),
        ),
        _ => {
            let text = format!(
                "locals {{\n  s = \"{secret}\"\n}}\nresource \"keycloak_openid_client\" \"a\" {{\n  client_id = \"a\"\n  client_secret = local.s\n  access_type = local.s == \"{secret}\" ? var.x : \"{secret}\"\n  standard_flow_enabled = file(\"{secret}\")\n}}\n"
            );
            let outcome = read_terraform(&[document("a.tf", text)]);
            (outcome.clients, format!("{:?}", outcome.notices))
        }
    }
}

proptest! {
    #[test]
    fn redaction_leaves_no_canary(format in 0_usize..6, tail in "[a-zA-Z0-9]{12,40}") {
        let secret = format!("CANARY{tail}");
        let (clients, said) = with_secret(format, &secret);
        prop_assert_eq!(clients.len(), 1);
        prop_assert!(!format!("{clients:?}{said}").contains(&secret), "{:?}", clients);
    }

    /// Whatever a variable may be called, and whichever setting depends on it, the answer is not "no".
    #[test]
    fn unknown_never_turns_clean(name in "[a-z][a-z_]{0,12}", setting in 0_usize..4, wrapped in any::<bool>()) {
        let value = if wrapped { format!("\"${{var.{name}}}\"") } else { format!("var.{name}") };
        let setting = ["standard_flow_enabled", "implicit_flow_enabled", "direct_access_grants_enabled", "access_type"][setting];
        let kind = if setting == "access_type" { String::new() } else { "access_type = \"PUBLIC\"\n".to_owned() };
        let text = format!("resource \"keycloak_openid_client\" \"a\" {{\nclient_id = \"a\"\n{kind}{setting} = {value}\n}}\n");
        let clients = read_terraform(&[document("a.tf", text)]).clients;
        let answers = columns(&clients[0]);
        let answer = match setting {
            "standard_flow_enabled" => answers.pkce_enforced,
            "implicit_flow_enabled" => answers.implicit,
            "direct_access_grants_enabled" => answers.ropc,
            _ => answers.public_client,
        };
        prop_assert_eq!(answer.as_word(), "unknown");
    }

    /// A file cut off anywhere is read as what it was, or not at all, and never as something cleaner.
    #[test]
    fn a_file_cut_off_is_not_read_in_part(at in 0_usize..400) {
        let whole = include_str!("fixtures/okta/apps.json").trim_end();
        let clients = read("a.json", whole[..at.min(whole.len() - 1)].to_owned());
        prop_assert!(clients.is_empty());
    }

    #[test]
    fn no_input_stops_a_reader(text in "[ -~\n]{0,120}", word in prop::sample::select(vec![
        "{\"clientId\": ", "clients:\n- app_type: ", "{\"oauthClient\": {\"application_type\": ", "{\"appId\": {\"signInAudience\": ",
        "Resources:\n A:\n  Type: AWS::Cognito::UserPoolClient\n  Properties: ", "{\"format_version\": 1, \"root_module\": ",
    ])) {
        let _ = read_document(&document("a.yaml", format!("{word}{text}")));
        let _ = read_document(&document("a.json", format!("{word}{text}")));
        let _ = read_terraform(&[document("a.tf", format!("resource \"okta_app_oauth\" \"a\" {{\n{text}\n}}\n"))]);
    }
}
