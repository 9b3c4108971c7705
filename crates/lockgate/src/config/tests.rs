use super::*;

const GOOD: &str = "issuer = \"https://id.example.com\"\norganisation = \"Example\"\n";

fn parsed(text: &str) -> Result<Config, Vec<Problem>> {
    parse(text, &Vec::new(), Path::new("/etc/lockgate"))
}

/// Exactly one problem, whose text holds each of `words`.
fn check_problem(text: &str, words: &[&str]) {
    let problems = parsed(text).expect_err("a problem");
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    let shown = problems[0].to_string();
    for word in words {
        assert!(shown.contains(word), "{text}: {shown:?} lacks {word:?}");
    }
}

#[test]
fn the_smallest_file_has_sound_defaults() {
    let config = parsed(GOOD).unwrap();
    assert_eq!(config.rp_id, "id.example.com");
    assert_eq!(config.rp_name, "Example");
    assert_eq!(config.origins, ["https://id.example.com"]);
    assert_eq!(config.listen.to_string(), "127.0.0.1:8400");
    assert_eq!(config.protection, Protection::Loopback);
    assert_eq!(config.data_dir, Path::new("/etc/lockgate/data"));
    assert_eq!(config.keys_dir, Path::new("/etc/lockgate/keys"));
}

#[test]
fn a_full_file_is_read() {
    let text = format!(
        "{GOOD}listen = \"0.0.0.0:443\"\ndata_dir = \"/var/lib/lockgate\"\nkeys_dir = \"/etc/keys\"\n\
         [passkeys]\nrp_id = \"example.com\"\nrp_name = \"Ex\"\norigins = [\"https://login.example.com\"]\n\
         top_origins = [\"https://portal.example.com\"]\n\
         [tls]\ncert = \"c.pem\"\nkey = \"/k.pem\"\n"
    );
    let config = parsed(&text).unwrap();
    assert_eq!(config.rp_id, "example.com");
    assert_eq!(config.origins, ["https://id.example.com", "https://login.example.com"]);
    assert_eq!(config.top_origins, ["https://portal.example.com"]);
    let files = Protection::Files { cert: "/etc/lockgate/c.pem".into(), key: "/k.pem".into() };
    assert_eq!(config.protection, files);
}

#[test]
fn an_unknown_name_is_refused_with_its_line_and_a_suggestion() {
    check_problem(&format!("{GOOD}isuer = \"x\"\n"), &["line 3", "isuer is not a setting", "did you mean issuer?"]);
    check_problem(&format!("{GOOD}\n[passkeys]\nrpid = \"x\"\n"), &["line 5", "did you mean passkeys.rp_id?"]);
    check_problem(&format!("{GOOD}rp_id = \"x\"\n"), &["did you mean passkeys.rp_id?"]);
    check_problem(&format!("{GOOD}[passkey]\nrp_id = \"x\"\n"), &["did you mean passkeys?"]);
    check_problem(&format!("{GOOD}colour = 3\n"), &["colour is not a setting", "remove it"]);
}

#[test]
fn issuers_are_judged() {
    let issuer = |text: &str| format!("issuer = \"{text}\"\n");
    for good in ["https://id.example.com", "https://id.example.com:8443", "http://localhost:8400", "http://a.localhost"]
    {
        assert!(parsed(&issuer(good)).is_ok(), "{good}");
    }
    for (bad, words) in [
        ("id.example.com", "does not begin with https://"),
        ("https://id.example.com/", "more than scheme, host and port"),
        ("https://id.example.com/x?y", "more than scheme, host and port"),
        ("https://user@id.example.com", "more than scheme, host and port"),
        ("https://ID.example.com", "upper-case"),
        ("HTTPS://id.example.com", "upper-case"),
        ("http://id.example.com", "plain http off this machine"),
        ("http://127.0.0.1:8400", "passkeys need a name"),
        ("https://[::1]:8400", "passkeys need a name"),
        ("https://id.example.com:443", "has a port"),
        ("https://id.example.com:99999", "has a port"),
        ("https://-id.example.com", "no valid host name"),
        ("https://id..example.com", "no valid host name"),
        ("https://", "no valid host name"),
    ] {
        check_problem(&issuer(bad), &["line 1", words]);
    }
    check_problem("organisation = \"x\"\n", &["issuer is missing"]);
}

#[test]
fn plain_http_off_loopback_needs_tls_or_a_proxy() {
    check_problem(&format!("{GOOD}listen = \"0.0.0.0:80\"\n"), &["line 3", "without TLS", "[tls]", "[proxy]"]);
    check_problem(&format!("{GOOD}listen = \"[::]:80\"\n"), &["without TLS"]);
    let config = parsed(&format!("{GOOD}listen = \"0.0.0.0:80\"\n[proxy]\ntrusted = [\"10.0.0.0/8\"]\n")).unwrap();
    assert_eq!(config.protection, Protection::BehindProxy { trusted: vec!["10.0.0.0/8".into()] });
}

#[test]
fn protection_must_be_whole_and_single() {
    check_problem(&format!("{GOOD}[tls]\ncert = \"c\"\n"), &["line 4", "both cert and key"]);
    check_problem(&format!("{GOOD}[tls]\n"), &["line 3", "[tls] is empty"]);
    check_problem(&format!("{GOOD}[proxy]\ntrusted = []\n"), &["no connection would be served"]);
    check_problem(&format!("{GOOD}[proxy]\ntrusted = [\"proxy.example\"]\n"), &["neither an address nor a block"]);
    check_problem(
        &format!("{GOOD}[tls]\ncert = \"c\"\nkey = \"k\"\n[proxy]\ntrusted = [\"127.0.0.1\"]\n"),
        &["line 7", "keep one"],
    );
}

#[test]
fn values_of_the_wrong_kind_or_shape_are_refused() {
    check_problem(&format!("{GOOD}listen = 8400\n"), &["line 3", "listen must be one text", "listen = \"…\""]);
    check_problem(&format!("{GOOD}listen = \"localhost\"\n"), &["not an address with a port"]);
    check_problem(&format!("{GOOD}[passkeys]\norigins = \"https://x.example\"\n"), &["must be a list"]);
    check_problem(&format!("{GOOD}[passkeys]\norigins = [1]\n"), &["must be a list"]);
    check_problem(&format!("{GOOD}[passkeys]\nrp_id = \"other.org\"\n"), &["does not belong to the issuer's host"]);
    check_problem(&format!("{GOOD}[passkeys]\nrp_id = \"com\"\n"), &["does not belong"]);
    check_problem(&format!("{GOOD}tls = \"x\"\n"), &["tls is a table"]);
    check_problem(&format!("{GOOD}keys_dir = \"data/keys\"\n"), &["line 3", "inside data_dir"]);
    check_problem("issuer = \"https://id.example.com\"\norganisation = \"\"\n", &["organisation is not a name"]);
}

#[test]
fn every_problem_is_told_at_once_in_order() {
    let problems = parsed("isuer = \"x\"\nlisten = 1\n[tls]\ncert = \"c\"\n").expect_err("problems");
    let lines: Vec<usize> = problems.iter().map(Problem::line).collect();
    assert_eq!(lines, [1, 2, 4, usize::MAX]);
}

#[test]
fn broken_toml_is_told_with_its_line() {
    let problems = parsed(&format!("{GOOD}listen = \n")).expect_err("problems");
    assert!(problems[0].to_string().starts_with("line 3: this is not valid TOML"), "{}", problems[0]);
    assert!(parsed(&format!("{GOOD}issuer = \"https://b.example\"\n")).is_err(), "a repeated setting");
}

#[test]
fn the_environment_wins_and_its_slips_are_caught() {
    let with = |name: &str, value: &str| {
        parse(GOOD, &vec![(name.to_owned(), value.to_owned())], Path::new(""))
            .map_err(|problems| problems[0].to_string())
    };
    assert_eq!(with("LOCKGATE_ISSUER", "https://b.example").unwrap().issuer, "https://b.example");
    let trusted = with("LOCKGATE_PROXY_TRUSTED", "10.0.0.1, 10.0.0.2").unwrap().protection;
    assert_eq!(trusted, Protection::BehindProxy { trusted: vec!["10.0.0.1".into(), "10.0.0.2".into()] });
    let slip = with("LOCKGATE_ISUER", "x").unwrap_err();
    assert!(slip.contains("did you mean LOCKGATE_ISSUER?"), "{slip}");
    assert!(with("LOCKGATE_LISTEN", "8400").unwrap_err().starts_with("LOCKGATE_LISTEN: "));
    assert!(with("LOCKGATE_SOMETHING_ELSE", "x").is_ok());
}

#[test]
fn the_template_is_a_valid_file_and_shows_every_setting() {
    let wanted = template::Wanted { issuer: "http://localhost:9000", organisation: "Low \"Water\" Trust" };
    let text = template::fill(&wanted).unwrap();
    let config = parsed(&text).unwrap();
    assert_eq!(config.organisation, "Low \"Water\" Trust");
    assert_eq!(config.listen.port(), 9000);
    for key in keys::KEYS {
        let last = key.path.rsplit('.').next().unwrap();
        assert!(text.contains(&format!("{last} = ")), "{}", key.path);
    }
    assert!(template::fill(&template::Wanted { issuer: "http://id.example.com", organisation: "x" }).is_err());
    // With the examples switched on, the file must still be one that could start.
    let examples = text
        .replace("# rp_", "rp_")
        .replace("# origins", "origins")
        .replace("# top_origins", "top_origins")
        .replace("# [proxy]", "[proxy]")
        .replace("# trusted", "trusted")
        .replace("# [client_documents]", "[client_documents]")
        .replace("# redirects", "redirects")
        .replace("# [signing_keys]", "[signing_keys]")
        .replace("# algorithms", "algorithms")
        .replace("# active_days", "active_days")
        .replace("# [outbound]", "[outbound]")
        .replace("# internal", "internal");
    assert!(parsed(&examples).is_ok(), "{examples}");
}

#[test]
fn a_file_too_large_or_missing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lockgate.toml");
    assert!(load(&path, &Vec::new()).unwrap_err()[0].to_string().contains("lockgate init"));
    std::fs::write(&path, "#".repeat(70 * 1024)).unwrap();
    assert!(load(&path, &Vec::new()).unwrap_err()[0].to_string().contains("larger than 64 KiB"));
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(load(&path, &Vec::new()).unwrap_err()[0].to_string().contains("not UTF-8"));
}

#[test]
fn a_policy_is_read_and_its_problems_have_lines_and_suggestions() {
    let config = parsed(&format!("{GOOD}[policy.base.standard]\npassword_and_totp = true\n")).unwrap();
    assert!(config.policy.base(model::Tier::Standard).fallbacks.password_and_totp);
    assert_eq!(parsed(GOOD).unwrap().policy, ::policy::Policy::default());
    let lax = format!("{GOOD}[policy.base.critical]\nleast = \"password\"\n");
    check_problem(&lax, &["policy.base.critical"]);
    let slip = format!("{GOOD}[policy.base.standard]\nrecovery_code = true\n");
    check_problem(&slip, &["line 4", "did you mean recovery_codes?"]);
    check_problem(&format!("{GOOD}[policy]\npresets = 3\n"), &["line 4", "[policy] can't be read"]);
    check_problem(&format!("{GOOD}[polcy]\npresets = []\n"), &["did you mean policy?"]);
}

#[test]
fn mail_goes_to_a_relay_or_into_a_folder() {
    let mail = |text: &str| parsed(&format!("{GOOD}[mail]\nfrom = \"help@example.com\"\n{text}"));
    let relay = mail("relay = \"smtp.example.com\"\n").unwrap().mail.unwrap();
    let starttls = server::mail::SmtpSecurity::StartTls;
    let via = Via::Relay { host: "smtp.example.com".into(), port: 587, security: starttls, credentials: None };
    assert_eq!((relay.from.as_str(), relay.via), ("help@example.com", via));
    assert_eq!(mail("folder = \"mail\"\n").unwrap().mail.unwrap().via, Via::Folder("/etc/lockgate/mail".into()));
    assert!(parsed(GOOD).unwrap().mail.is_none());
    for (text, word) in [
        ("", "neither folder nor relay"),
        ("folder = \"m\"\nrelay = \"r\"\n", "both"),
        ("relay = \"r:0\"\n", "not a host"),
        ("relay = \"r\"\nsecurity = \"none\"\n", "mail.security"),
        ("relay = \"r\"\nuser = \"u\"\n", "both user and password_file"),
    ] {
        check_problem(&format!("{GOOD}[mail]\nfrom = \"help@example.com\"\n{text}"), &[word]);
    }
    check_problem(&format!("{GOOD}[mail]\nfolder = \"m\"\n"), &["mail.from is missing"]);
    check_problem(&format!("{GOOD}[mail]\nfolder = \"m\"\nfrom = \"nobody\"\n"), &["not an e-mail address"]);
}

#[test]
fn the_authorization_server_is_set_and_its_slips_have_cures() {
    let with = |text: &str| parsed(&format!("{GOOD}{text}"));
    let plain = with("").unwrap();
    assert_eq!(plain.oauth, server::OauthSettings::default());
    let strict = with(
        "[oauth]\npushed_requests = \"required\"\ndpop_nonce = \"always\"\nregistration = \"off\"\n\
         [client_documents]\nhosts = [\".example.com\"]\nredirects = \"shown\"\n\
         [signing_keys]\nalgorithms = [\"ES256\", \"RS256-2048\"]\nactive_days = \"30\"\n\
         [outbound]\ninternal = [\"10.20.0.0/16\"]\n",
    )
    .unwrap();
    let oauth = &strict.oauth;
    assert!(oauth.pushed_requests_required && oauth.dpop_nonce_always && !oauth.registration);
    assert_eq!(oauth.client_documents.as_ref().unwrap().hosts, [".example.com"]);
    assert_eq!((oauth.rotation.kinds.len(), oauth.rotation.active_seconds), (2, 30 * 86_400));
    assert_eq!(strict.outbound.reach.internal.len(), 1);
    for (text, expected) in [
        ("[oauth]\npushed_requests = \"yes\"\n", "neither optional nor required"),
        ("[passkeys]\nattestation_roots = [\"no.pem\"]\n", "no.pem"),
        ("[oauth]\ndetail_types = \"nowhere.json\"\n", "nowhere.json"),
        ("[client_documents]\ngrants = [\"password\"]\n", "which is no grant"),
        ("[certificates]\n", "neither header nor listen"),
        ("[certificates]\nheader = \"client-cert\"\n", "listed proxy"),
        ("[certificates]\nlisten = \"0.0.0.0:8443\"\n", "where clients find"),
        ("[signing_keys]\nalgorithms = [\"RS256-2048\"]\n", "lacks ES256"),
        ("[signing_keys]\nalgorithms = [\"ES256\", \"HS256\"]\n", "names an algorithm that is not there"),
        ("[signing_keys]\nactive_days = \"0\"\n", "1 to 3650"),
        ("[outbound]\ninternal = [\"here\"]\n", "not a block"),
    ] {
        check_problem(&format!("{GOOD}{text}"), &[expected]);
    }
}

#[test]
fn types_of_details_are_read_from_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{GOOD}[oauth]\ndetail_types = \"types.json\"\n");
    let read = |json: &str| {
        std::fs::write(folder.path().join("types.json"), json).unwrap();
        parse(&text, &Vec::new(), folder.path()).map_err(|problems| problems[0].to_string())
    };
    let payment = r#"[{"type":"payment","consent":"Pay {amount} to {payee}","always_ask":true,"fields":{
        "amount":{"kind":"integer","least":1,"required":true},"payee":{"kind":"text"}}}]"#;
    let types = read(payment).unwrap().oauth.detail_types;
    assert_eq!((types[0].name(), types[0].is_always_asked(), types[0].fields().len()), ("payment", true, 2));
    assert!(read(r#"[{"type":"payment","consent":"Pay {nobody}"}]"#).unwrap_err().contains("nobody"));
    assert!(read(&format!("[{0},{0}]", r#"{"type":"a","consent":"b"}"#)).unwrap_err().contains("twice"));
    assert!(read(r#"[{"type":"a","consent":"b","colour":"red"}]"#).unwrap_err().contains("colour"));
}
