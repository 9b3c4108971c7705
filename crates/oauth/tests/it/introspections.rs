//! Introspection: who hears what about which token.

use model::{AuditKind, ClientId, Decision, PersonStatus};
use oauth::{
    AboutRefusal, AboutToken, AccessTokenFacts, Client, ClientAuth, ClientStatus, CodeFact, ConsentFact,
    CredentialFact, FamilyState, GrantTypes, InHand, RefreshFamily, RevocationReason, TokenKeys, TokenReply,
    authentication::{AuthenticationFacts, ClientAuthFault, KeyFact},
    introspection::{InHandFact, IntrospectionFacts, IntrospectionReply, introspect, wants_signed},
    still::Standing,
    token::form,
};
use serde_json::{Value, json};

use crate::world::{Form, ISSUER, SECRET, World};

const INACTIVE: &str = r#"{"active":false}"#;

/// A world with tokens, and whoever asks about them.
struct Desk {
    world: World,
    caller: Client,
    reply: TokenReply,
    family: RefreshFamily,
    revoked: bool,
    session_live: bool,
}

impl Desk {
    fn new() -> Self {
        let mut world = World::new();
        world.client.audience = "https://api.example.com".to_owned();
        let (reply, family, _) = world.redeemed(&world.query());
        let caller = world.client.clone();
        Self { world, caller, reply, family, revoked: false, session_live: true }
    }

    /// A resource server that serves `resources`.
    fn asked_by(mut self, id: &str, resources: &[&str]) -> Self {
        self.caller = self.world.client.clone();
        self.caller.id = ClientId::parse(id).unwrap();
        self.caller.settings.serves = resources.iter().map(|resource| (*resource).to_owned()).collect();
        self
    }

    fn decide(&self, form_text: &str, token: InHandFact<'_>) -> Result<(IntrospectionReply, usize), AboutRefusal> {
        let params = form(form_text.as_bytes()).unwrap();
        let request = AboutToken::read(&params, None, None)?;
        let facts = IntrospectionFacts {
            authentication: AuthenticationFacts {
                issuer: &self.world.issuer,
                keys: &self.world.keys,
                client: Some(&self.caller),
                client_keys: KeyFact::NotLoaded,
                assertion_spent: false,
            },
            token,
            token_revoked: self.revoked,
            holder: self.world.known.then_some(&self.world.client),
            family: Some(&self.family),
            family_client: self.world.known.then_some(&self.world.client),
            standing: Standing {
                person: Some(&self.world.person),
                consent: ConsentFact::NotNeeded,
                credential: CredentialFact::Present,
                requirement_met: true,
                session_live: self.session_live,
            },
            mapped_subject: None,
        };
        match introspect(&request, &facts, self.world.now) {
            Decision::Done(outcome) => {
                assert!(outcome.changes.is_empty());
                assert_eq!(outcome.audit[0].kind, AuditKind::TokenIntrospected);
                Ok((outcome.reply, outcome.audit.len()))
            }
            Decision::Refused(outcome) => Err(outcome.reply),
            Decision::Need(need) => panic!("nothing is missing, got {need:?}"),
        }
    }

    fn form(&self, token: &str) -> Form {
        let form = Form::new().with("token", token).with("client_id", self.caller.id.as_str());
        if self.caller.secrets.is_empty() { form } else { form.with("client_secret", SECRET) }
    }

    /// What is said about the access token.
    fn access(&self) -> String {
        let token = AccessTokenFacts::parse(self.reply.access_claims().as_bytes()).unwrap();
        self.decide(&self.form("a.b.c").text(), InHandFact::Access(&token)).unwrap().0.json().to_owned()
    }

    fn refresh_token(&self) -> String {
        self.reply.refresh_token().unwrap().expose().clone()
    }

    /// What is said about the refresh token.
    fn refresh(&self) -> String {
        self.decide(&self.form(&self.refresh_token()).text(), InHandFact::Refresh).unwrap().0.json().to_owned()
    }
}

#[test]
fn the_holder_hears_what_the_token_says() {
    let desk = Desk::new();
    let said: Value = serde_json::from_str(&desk.access()).unwrap();
    let claims: Value = serde_json::from_str(desk.reply.access_claims()).unwrap();
    assert_eq!((&said["active"], &said["token_type"]), (&json!(true), &json!("Bearer")));
    for name in ["iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti", "auth_time", "acr"] {
        assert_eq!(said[name], claims[name], "{name}");
    }
    let said: Value = serde_json::from_str(&desk.refresh()).unwrap();
    assert_eq!(
        (&said["active"], &said["scope"], &said["sub"]),
        (&json!(true), &json!("openid orders"), &claims["sub"])
    );
    assert_eq!(said["exp"], desk.world.now.seconds() + desk.family.idle_seconds);
}

#[test]
fn a_resource_server_hears_about_tokens_that_are_meant_for_it() {
    let active = |desk: Desk| desk.access() != INACTIVE;
    assert!(active(Desk::new().asked_by("api", &["https://api.example.com"])));
    assert!(active(Desk::new().asked_by("api", &["https://x.example", "https://api.example.com"])));
    assert!(active(Desk::new().asked_by("https://api.example.com", &[])), "its id is the audience");
    assert!(!active(Desk::new().asked_by("stranger", &[])));
    assert!(!active(Desk::new().asked_by("stranger", &["https://api.example.com/", ISSUER])));
    // What a client may ask for is not what it is.
    let mut asks = Desk::new().asked_by("stranger", &[]);
    asks.caller.settings.requests.resources = vec!["https://api.example.com".to_owned()];
    asks.caller.audience = "https://api.example.com".to_owned();
    assert_eq!(asks.access(), INACTIVE);
    // A refresh token is the business of its own client, whatever the other one serves.
    assert_eq!(Desk::new().asked_by("api", &["https://api.example.com"]).refresh(), INACTIVE);
}

#[test]
fn a_token_that_does_not_count_says_nothing_else() {
    let said = |change: fn(&mut Desk)| {
        let mut desk = Desk::new();
        change(&mut desk);
        (desk.access(), desk.refresh())
    };
    let both = (INACTIVE.to_owned(), INACTIVE.to_owned());
    assert_ne!(said(|_| {}), both);
    let changes: [fn(&mut Desk); 7] = [
        |desk| {
            let reason = RevocationReason::Operator;
            desk.family.state = FamilyState::Revoked { at: desk.world.now, reason };
        },
        |desk| desk.family.id = model::FamilyId::from_bytes([9; 16]),
        |desk| desk.family.expires = desk.world.now,
        |desk| desk.world.person.status = PersonStatus::Disabled,
        |desk| desk.world.now = desk.world.now.plus_seconds(86_400),
        |desk| desk.session_live = false,
        |desk| desk.family.client = ClientId::parse("other").unwrap(),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        assert_eq!(said(change), both, "change {i}");
    }
    // These concern access tokens only.
    assert_eq!(said(|desk| desk.revoked = true).0, INACTIVE);
    assert_eq!(said(|desk| desk.world.known = false).0, INACTIVE);
    assert_eq!(said(|desk| desk.world.client.status = ClientStatus::Disabled).0, INACTIVE);
    assert_eq!(said(|desk| desk.world.now = desk.world.now.plus_seconds(300)).0, INACTIVE);
    assert_ne!(said(|desk| desk.world.now = desk.world.now.plus_seconds(300)).1, INACTIVE);
    // An old refresh token, or one that storage does not remember.
    assert_eq!(said(|desk| desk.family.generation = 1).1, INACTIVE);
    assert_eq!(said(|desk| desk.family.token_hash = [0; 32]).1, INACTIVE);
}

#[test]
fn nothing_of_ours_is_inactive() {
    let desk = Desk::new();
    let (reply, records) = desk.decide(&desk.form("whatever").text(), InHandFact::Nothing).unwrap();
    assert_eq!((reply.json(), reply.is_active(), records), (INACTIVE, false, 1));
    // A shell that says "refresh" about something else gets no further.
    assert_eq!(desk.decide(&desk.form("lgr_x").text(), InHandFact::Refresh).unwrap().0.json(), INACTIVE);
}

#[test]
fn a_clients_own_token_is_told_too() {
    let mut desk = Desk::new();
    desk.world.client.grants = GrantTypes::CLIENT_CREDENTIALS;
    let form =
        Form::new().with("grant_type", "client_credentials").with("client_id", "app").with("client_secret", SECRET);
    desk.reply = desk.world.token(&form, None, &desk.world.facts(CodeFact::Unknown, None)).unwrap().reply;
    let said: Value = serde_json::from_str(&desk.access()).unwrap();
    assert_eq!((&said["active"], &said["sub"]), (&json!(true), &json!("app")));
    assert!(said.get("auth_time").is_none());
    desk.revoked = true;
    assert_eq!(desk.access(), INACTIVE);
}

#[test]
fn only_callers_that_prove_themselves_are_answered() {
    let mut desk = Desk::new();
    let ask = |desk: &Desk, form: Form| desk.decide(&form.text(), InHandFact::Nothing).map(drop);
    let form = desk.form("x");
    assert_eq!(
        ask(&desk, form.clone().with("client_secret", "wrong")),
        Err(AboutRefusal::Client(ClientAuthFault::SecretWrong))
    );
    assert_eq!(ask(&desk, form.clone().without("token")), Err(AboutRefusal::TokenMissing));
    assert_eq!(ask(&desk, form.clone().again("token", "y")), Err(AboutRefusal::Repeated("token")));
    desk.caller.auth = ClientAuth::None;
    desk.caller.secrets.clear();
    let refusal = ask(&desk, desk.form("x")).unwrap_err();
    assert_eq!(refusal, AboutRefusal::Client(ClientAuthFault::PublicClient));
    assert_eq!((refusal.answer().status, refusal.answer().www_authenticate.is_some()), (401, true));
}

#[test]
fn a_signed_answer_can_not_pass_for_a_token() {
    let desk = Desk::new().asked_by("api", &["https://api.example.com"]);
    let token = AccessTokenFacts::parse(desk.reply.access_claims().as_bytes()).unwrap();
    let (reply, _) = desk.decide(&desk.form("a.b.c").text(), InHandFact::Access(&token)).unwrap();
    let claims: Value = serde_json::from_str(reply.signed_claims()).unwrap();
    assert_eq!(
        (&claims["iss"], &claims["aud"], &claims["iat"]),
        (&json!(ISSUER), &json!("api"), &json!(desk.world.now.seconds()))
    );
    assert_eq!(claims["token_introspection"], serde_json::from_str::<Value>(reply.json()).unwrap());
    assert!(claims.get("sub").is_none() && claims.get("exp").is_none());
    assert!(AccessTokenFacts::parse(reply.signed_claims().as_bytes()).is_err());
    assert_eq!(crypto::JwtType::Introspection.as_str(), "token-introspection+jwt");

    assert!(wants_signed(Some("application/token-introspection+jwt")));
    assert!(wants_signed(Some("application/json;q=0.5, Application/Token-Introspection+JWT ; q=1")));
    for plain in [None, Some("application/json"), Some("*/*"), Some("application/token-introspection+jwtx")] {
        assert!(!wants_signed(plain), "{plain:?}");
    }
    assert!(!wants_signed(Some(&format!("application/token-introspection+jwt,{}", "a".repeat(2000)))));
}

#[test]
fn a_request_says_which_token_it_is_about() {
    let desk = Desk::new();
    let in_hand = |token: &str, keys: &TokenKeys| {
        let text = desk.form(token).text();
        let params = form(text.as_bytes()).unwrap();
        let request = AboutToken::read(&params, None, None).unwrap();
        assert_eq!(request.client_id(), Some("app"));
        match request.in_hand(keys) {
            InHand::Refresh(family) => format!("refresh {family}"),
            InHand::Access(text) => format!("access {text}"),
            InHand::Nothing => "nothing".to_owned(),
        }
    };
    let keys = &desk.world.keys;
    assert_eq!(in_hand(&desk.refresh_token(), keys), format!("refresh {}", desk.family.id));
    assert_eq!(in_hand("a.b.c", keys), "access a.b.c");
    for nothing in ["x", "a.b", "a.b.c.d", "lgr_forged", ""] {
        assert_eq!(in_hand(nothing, keys), "nothing", "{nothing}");
    }
    assert!(!format!("{:?}", InHand::Access("secret.secret.secret")).contains("secret"));
}
