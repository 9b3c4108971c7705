//! How clients prove themselves at the token endpoint.

use base64::{Engine, prelude::BASE64_STANDARD};
use model::{ClientId, Outcome};
use oauth::authentication::ClientAuthFault;
use oauth::{
    Change, ClientAuth, ClientStatus, CodeFact, Presented, TokenRefusal, TokenReply, TokenRequest, client_secret, token,
};

use crate::world::{Form, SECRET, World, entropy};

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// A redemption by form and header as `change` leaves them.
fn redeem(
    change: impl FnOnce(&mut World, Form) -> (Form, Option<String>),
) -> Result<Outcome<TokenReply, Change>, Outcome<TokenRefusal, Change>> {
    let mut world = World::new();
    let (code, record) = world.code(&world.query());
    let form = world.redemption(&code);
    let (form, header) = change(&mut world, form);
    world.token(&form, header.as_deref(), &world.facts(CodeFact::Live(&record), None))
}

#[track_caller]
fn refused(change: impl FnOnce(&mut World, Form) -> (Form, Option<String>), refusal: TokenRefusal) {
    assert_eq!(redeem(change).expect_err("must be refused"), Outcome::plain(refusal));
}

fn bare(form: Form) -> Form {
    form.without("client_id").without("client_secret")
}

#[test]
fn a_secret_is_accepted_in_the_header_or_in_the_body_for_either_registration() {
    for auth in [ClientAuth::SecretBasic, ClientAuth::SecretPost] {
        assert!(
            redeem(|world, form| {
                world.client.auth = auth;
                (form, None)
            })
            .is_ok()
        );
        assert!(
            redeem(|world, form| {
                world.client.auth = auth;
                (bare(form), Some(basic("app", SECRET)))
            })
            .is_ok()
        );
    }
    // The body may repeat the id, and the scheme's case does not matter.
    assert!(
        redeem(|_, form| (form.without("client_secret"), Some(basic("app", SECRET).replace("Basic", "bASIC")))).is_ok()
    );
}

#[test]
fn a_wrong_or_missing_secret_is_refused() {
    refused(|_, form| (form.with("client_secret", "wrong"), None), TokenRefusal::Client(ClientAuthFault::SecretWrong));
    refused(|_, form| (bare(form), Some(basic("app", "wrong"))), TokenRefusal::Client(ClientAuthFault::SecretWrong));
    refused(|_, form| (bare(form), Some(basic("app", ""))), TokenRefusal::Client(ClientAuthFault::SecretWrong));
    refused(|_, form| (form.without("client_secret"), None), TokenRefusal::Client(ClientAuthFault::SecretMissing));
    refused(|_, form| (form.with("client_secret", ""), None), TokenRefusal::Client(ClientAuthFault::SecretMissing));
}

#[test]
fn the_client_id_alone_proves_nothing() {
    refused(|_, form| (form.without("client_secret"), None), TokenRefusal::Client(ClientAuthFault::SecretMissing));
}

#[test]
fn each_of_several_secrets_works_so_that_they_can_be_changed() {
    for position in 0..2 {
        let outcome = redeem(|world, form| {
            world.client.secrets.insert(position, [0; 32]);
            (form, None)
        });
        assert!(outcome.is_ok());
    }
}

#[test]
fn two_methods_in_one_request_are_refused() {
    refused(|_, form| (form, Some(basic("app", SECRET))), TokenRefusal::Client(ClientAuthFault::TwoMethods));
    refused(
        |_, form| (form.with("client_id", "other").without("client_secret"), Some(basic("app", SECRET))),
        TokenRefusal::Client(ClientAuthFault::TwoClients),
    );
    refused(
        |_, form| (bare(form).again("client_secret", "").again("client_secret", ""), Some(basic("app", SECRET))),
        TokenRefusal::Client(ClientAuthFault::TwoMethods),
    );
}

#[test]
fn a_public_client_needs_no_secret_and_may_send_none() {
    let public = |world: &mut World| {
        world.client.auth = ClientAuth::None;
        world.client.secrets.clear();
    };
    assert!(
        redeem(|world, form| {
            public(world);
            (form.without("client_secret"), None)
        })
        .is_ok()
    );
    refused(
        |world, form| {
            public(world);
            (form, None)
        },
        TokenRefusal::Client(ClientAuthFault::SecretUnexpected),
    );
    refused(
        |world, form| {
            public(world);
            (bare(form), Some(basic("app", "")))
        },
        TokenRefusal::Client(ClientAuthFault::SecretUnexpected),
    );
}

#[test]
fn an_unknown_or_disabled_client_is_refused() {
    refused(
        |world, form| {
            world.known = false;
            (form, None)
        },
        TokenRefusal::Client(ClientAuthFault::ClientUnknown),
    );
    refused(
        |world, form| {
            world.client.id = ClientId::parse("other").unwrap();
            (form, None)
        },
        TokenRefusal::Client(ClientAuthFault::ClientUnknown),
    );
    refused(
        |world, form| {
            world.client.status = ClientStatus::Disabled;
            (form, None)
        },
        TokenRefusal::Client(ClientAuthFault::ClientDisabled),
    );
    refused(|_, form| (bare(form), None), TokenRefusal::Client(ClientAuthFault::ClientMissing));
}

#[test]
fn header_credentials_are_form_decoded() {
    let outcome = redeem(|world, form| {
        world.client.id = ClientId::parse("https://app.example/a+b").unwrap();
        world.client.secrets = vec![world.keys.client_secret_hash("p%:w +ä")];
        let header = basic("https%3A%2F%2Fapp.example%2Fa%2Bb", "p%25%3Aw+%2B%C3%A4");
        (bare(form), Some(header))
    });
    // The code belongs to the client's former id: what matters here is that authentication came through.
    assert_eq!(outcome.unwrap_err().reply, TokenRefusal::CodeOfOtherClient);
}

#[test]
fn unreadable_headers_are_refused() {
    let long = format!("Basic {}", "A".repeat(2048));
    for header in [
        "",
        "Basic",
        "Basic !",
        "Basic YXBw",
        "Bearer abc",
        "DPoP abc",
        &basic("%zz", "x"),
        &basic("app", "%"),
        "Basic /////w==",
        &long,
    ] {
        refused(|_, form| (bare(form), Some(header.to_owned())), TokenRefusal::Client(ClientAuthFault::HeaderBroken));
    }
}

#[test]
fn a_refused_client_is_told_401_and_how_to_authenticate() {
    for refusal in [
        TokenRefusal::Client(ClientAuthFault::SecretWrong),
        TokenRefusal::Client(ClientAuthFault::ClientUnknown),
        TokenRefusal::Client(ClientAuthFault::HeaderBroken),
    ] {
        let answer = refusal.answer();
        assert_eq!(answer.status, 401);
        assert!(answer.www_authenticate.unwrap().starts_with("Basic realm="));
        assert!(answer.body.starts_with(r#"{"error":"invalid_client","#));
    }
    assert_eq!(
        TokenRefusal::Client(ClientAuthFault::SecretWrong).description(),
        TokenRefusal::Client(ClientAuthFault::ClientUnknown).description(),
        "the answer does not tell which part was wrong"
    );
}

#[test]
fn a_request_says_what_to_load() {
    let world = World::new();
    let presents = |form: &Form| {
        let body = form.text();
        let params = token::form(body.as_bytes()).unwrap();
        let request = TokenRequest::read(&params, None, None).unwrap();
        (request.client_id().map(str::to_owned), request.presents(&world.keys))
    };
    assert_eq!(
        presents(&world.redemption("lgc_x")),
        (Some("app".to_owned()), Presented::Code(world.keys.code_hash("lgc_x")))
    );
    assert_eq!(presents(&world.refreshing("lgr_forged")), (Some("app".to_owned()), Presented::Nothing));
    let (reply, family, _) = world.redeemed(&world.query());
    let token = reply.refresh_token().unwrap().expose().clone();
    assert_eq!(presents(&world.refreshing(&token)).1, Presented::Family(family.id));
    assert_eq!(presents(&Form::new().with("grant_type", "password")), (None, Presented::Nothing));
}

#[test]
fn fresh_secrets_are_random_and_long() {
    let (one, two) = (client_secret::fresh(&mut entropy(1)), client_secret::fresh(&mut entropy(2)));
    assert_ne!(one.expose(), two.expose());
    assert_eq!(one.expose().len(), 4 + 43);
}

#[test]
fn secrets_are_not_printed() {
    let body = Form::new().with("client_secret", "very-secret").with("refresh_token", "also-secret").text();
    let params = token::form(body.as_bytes()).unwrap();
    let request = TokenRequest::read(&params, None, None).unwrap();
    let shown = format!("{request:?}");
    assert!(!shown.contains("very-secret") && !shown.contains("also-secret"));
    let header = basic("app", "very-secret");
    let params = token::form(b"").unwrap();
    let request = TokenRequest::read(&params, Some(&header), None).unwrap();
    assert!(!format!("{request:?}").contains("very-secret"));
}
