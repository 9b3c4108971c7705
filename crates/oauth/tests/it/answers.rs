//! Errors as clients see them.

use crypto::{BadJson, BadJws};
use oauth::{
    AuthorizeFault, EndedBecause, Malformed, RequestObjectFault, TokenRefusal,
    authentication::{BadAssertion, ClientAuthFault},
    authorization_details::DetailsFault,
    claims_request::BadClaimsRequest,
    confirmation::BindingFault,
};

const AUTHORIZE: [AuthorizeFault; 54] = {
    use AuthorizeFault::*;
    [
        Malformed(self::Malformed::TooLong),
        ClientIdMissing,
        ClientUnknown,
        ClientDisabled,
        RedirectRepeated,
        RedirectMissing,
        RedirectUnregistered,
        ParameterRepeated("scope"),
        RequestObjectUnsupported,
        RequestUriUnsupported,
        RequestAndRequestUri,
        RequestObject(RequestObjectFault::Unreadable(BadJws::Member("alg"))),
        RequestObject(RequestObjectFault::Claims(BadJson::Duplicate)),
        RequestObject(RequestObjectFault::Claim("client_id")),
        RequestObject(RequestObjectFault::Signature),
        KeysUnavailable,
        RequestUriUnknown,
        RequestUriSpent,
        PushRequired,
        SignatureRequired,
        RegistrationParameter,
        ResponseTypeMissing,
        ResponseTypeUnsupported,
        ResponseModeUnsupported,
        GrantNotAllowed,
        ChallengeMissing,
        ChallengeMethod,
        ChallengeInvalid,
        ScopeMissing,
        ScopeMalformed,
        ScopeNotAllowed,
        NonceTooLong,
        DpopKeyInvalid,
        DpopKeyMismatch,
        ResourceInvalid,
        ResourceNotAllowed,
        Details(DetailsFault::Malformed),
        Details(DetailsFault::FieldUnknown(3)),
        Claims(BadClaimsRequest::Json),
        Claims(BadClaimsRequest::Claim),
        AcrValuesTooLong,
        PromptUnknown,
        PromptNoneNotAlone,
        MaxAgeInvalid,
        HintInvalid,
        LoginRequired,
        OtherPerson,
        AcrUnmet,
        ConsentRequired,
        ConsentDenied,
        AccessRefused,
        PersonRefused,
        Incomplete,
        Malformed(self::Malformed::NotUtf8),
    ]
};

const TOKEN: [TokenRefusal; 52] = {
    use TokenRefusal::*;
    [
        Malformed(self::Malformed::TooMany),
        Repeated("code"),
        GrantTypeMissing,
        GrantTypeUnsupported,
        Client(ClientAuthFault::TwoMethods),
        Client(ClientAuthFault::TwoClients),
        Client(ClientAuthFault::HeaderBroken),
        Client(ClientAuthFault::ClientMissing),
        Client(ClientAuthFault::ClientUnknown),
        Client(ClientAuthFault::ClientDisabled),
        Client(ClientAuthFault::SecretMissing),
        Client(ClientAuthFault::SecretWrong),
        Client(ClientAuthFault::SecretUnexpected),
        Client(ClientAuthFault::OtherMethod),
        Client(ClientAuthFault::KeysMissing),
        Client(ClientAuthFault::AssertionMissing),
        Client(ClientAuthFault::Assertion(BadAssertion::Replayed)),
        Client(ClientAuthFault::CertificateMissing),
        Client(ClientAuthFault::CertificateNotTrusted),
        Client(ClientAuthFault::CertificateExpired),
        Client(ClientAuthFault::CertificateWrong),
        Client(ClientAuthFault::PublicClient),
        GrantNotAllowed,
        CodeMissing,
        CodeUnknown,
        CodeOfOtherClient,
        RedirectMismatch,
        VerifierMissing,
        VerifierMalformed,
        VerifierWrong,
        VerifierUnexpected,
        CodeExpired,
        CodeReplayed,
        TokenMissing,
        TokenNotOurs,
        FamilyUnknown,
        TokenOfOtherClient,
        FamilyRevoked,
        TokenReplayed,
        TokenExpired,
        Ended(EndedBecause::PersonRefused),
        Ended(EndedBecause::SessionEnded),
        Binding(BindingFault::ProofMissing),
        Binding(BindingFault::CertificateMissing),
        Binding(BindingFault::KeyMissing),
        Binding(BindingFault::OtherKey),
        TargetInvalid,
        DetailsUnchangeable,
        NotConfidential,
        SubjectLikePerson,
        ScopeMalformed,
        ScopeTooWide,
    ]
};

/// RFC 6749 §4.1.2.1, §5.2: %x20-21, %x23-5B, %x5D-7E.
fn allowed(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| (0x20..=0x7e).contains(&b) && b != b'"' && b != b'\\')
}

#[test]
fn errors_and_descriptions_keep_to_their_characters() {
    for fault in AUTHORIZE {
        assert!(allowed(fault.code()) && allowed(&fault.to_string()), "{fault:?}");
    }
    for refusal in TOKEN {
        assert!(
            allowed(refusal.code()) && allowed(refusal.description()) && allowed(&refusal.to_string()),
            "{refusal:?}"
        );
    }
}

#[test]
fn each_error_has_its_registered_code_and_status() {
    for fault in AUTHORIZE {
        assert!(
            [
                "invalid_request",
                "unauthorized_client",
                "access_denied",
                "unsupported_response_type",
                "invalid_scope",
                "server_error",
                "login_required",
                "consent_required",
                "request_not_supported",
                "request_uri_not_supported",
                "registration_not_supported",
                "invalid_request_object",
                "invalid_request_uri",
                "temporarily_unavailable",
                "invalid_target",
                "invalid_authorization_details",
                "unmet_authentication_requirements",
            ]
            .contains(&fault.code()),
            "{fault:?}"
        );
    }
    for refusal in TOKEN {
        let answer = refusal.answer();
        let expected = match refusal.code() {
            "invalid_client" => 401,
            "invalid_request"
            | "invalid_grant"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "invalid_scope"
            | "invalid_target"
            | "invalid_authorization_details"
            | "invalid_dpop_proof" => 400,
            other => panic!("{refusal:?} has the unregistered code {other}"),
        };
        assert_eq!(answer.status, expected, "{refusal:?}");
        assert_eq!(answer.www_authenticate.is_some(), expected == 401);
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"], refusal.code());
        assert_eq!(body["error_description"], refusal.description());
    }
    assert_eq!(TokenRefusal::Incomplete.answer().status, 500);
}

#[test]
fn the_answer_does_not_tell_why_a_grant_is_refused() {
    let told = |refusals: &[TokenRefusal]| {
        let mut texts: Vec<_> = refusals.iter().map(|refusal| refusal.answer().body).collect();
        texts.dedup();
        texts.len()
    };
    use TokenRefusal::*;
    assert_eq!(told(&[CodeUnknown, CodeOfOtherClient, RedirectMismatch, VerifierWrong, CodeExpired, CodeReplayed]), 1);
    assert_eq!(
        told(&[
            TokenNotOurs,
            FamilyUnknown,
            TokenOfOtherClient,
            FamilyRevoked,
            TokenReplayed,
            TokenExpired,
            Ended(EndedBecause::PersonRefused),
            Ended(EndedBecause::SessionEnded)
        ]),
        1
    );
}

#[test]
fn every_token_check_names_its_clause() {
    let list: Vec<_> = oauth::token::check_list().collect();
    let at = |name: &str| list.iter().position(|check| check.0 == name).expect(name);
    assert!(
        at("client_authentication") < at("code_known"),
        "nobody learns anything about a code before saying who they are"
    );
    assert!(
        at("code_unspent") > at("code_verifier") && at("code_unspent") > at("code_redirect"),
        "only a valid replay revokes"
    );
    assert!(at("refresh_current") > at("refresh_client"), "another client's replay revokes nothing");
    assert!(list.iter().all(|(_, clause)| clause.contains('§') || clause.contains("RFC")));
}
