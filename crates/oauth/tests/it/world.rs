//! A small world to ask questions in: one issuer, one client, one person with a session.

use crypto::{HashKey, JwkSet, b64u, sha256};
use model::{
    Amr, Authentication, ClientId, Decision, Employment, Entropy, Outcome, PasskeyId, Person, PersonId, PersonStatus,
    Session, SessionId, Strength, Tier, Timestamp,
};
use oauth::{
    AuthorizeFacts, AuthorizeFault, AuthorizeNeed, AuthorizeRefusal, AuthorizeReply, AuthorizeRequest,
    AuthorizeResponse, Change, Client, ClientAuth, ClientKind, ClientSettings, ClientStatus, CodeFact, CodeRecord,
    Consent, ConsentAnswer, ConsentFact, ConsentPolicy, CredentialFact, FamilyState, GrantTypes, IdTokenHint, Issuer,
    KeysNeed, PushedFact, PushedRequest, RawParams, RedirectUri, RefreshFamily, Resolution, ResolveFacts, Scope, Shown,
    SigninReason, StepUpReason, SubjectKind, TokenFacts, TokenKeys, TokenRefusal, TokenReply, TokenRequest,
    WantedProof, authentication::KeyFact, authorization_details::DetailType, authorize, token,
};

pub(crate) const ISSUER: &str = "https://id.example.com";
pub(crate) const CALLBACK: &str = "https://app.example.com/cb";
pub(crate) const SECRET: &str = "lgs_a-secret-of-the-app";
pub(crate) const VERIFIER: &str = "a-verifier-with-more-than-forty-three-characters.~_";

pub(crate) struct World {
    pub(crate) issuer: Issuer,
    pub(crate) keys: TokenKeys,
    pub(crate) client: Client,
    pub(crate) known: bool,
    pub(crate) person: Person,
    pub(crate) session: Option<Session>,
    pub(crate) consent: Option<Consent>,
    pub(crate) parked: Option<Timestamp>,
    pub(crate) answer: ConsentAnswer,
    pub(crate) hint: Option<Vec<u8>>,
    pub(crate) mapped: Option<String>,
    pub(crate) pushed: Option<Kept>,
    pub(crate) par_required: bool,
    pub(crate) detail_types: Vec<DetailType>,
    /// What the organisation requires and the session does not meet.
    pub(crate) unmet: Option<String>,
    /// The keys behind the client's address, once they were fetched.
    pub(crate) fetched: Option<JwkSet>,
    pub(crate) now: Timestamp,
}

/// What became of an authorization request.
#[derive(Debug)]
pub(crate) enum Answer {
    Code(Outcome<AuthorizeReply, Change>),
    Page(AuthorizeFault),
    Back { fault: AuthorizeFault, response: Box<AuthorizeResponse> },
    Keys(KeysNeed),
    SignIn { reason: SigninReason, login_hint: Option<String>, host: String, wanted: WantedProof },
    StepUp { reason: StepUpReason, wanted: WantedProof, says: Vec<String> },
    Ask { scope: String, new: String, remembered: bool, shown: Shown },
}

/// What is kept of one pushed request.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) key: [u8; 32],
    pub(crate) record: PushedRequest,
    pub(crate) spent: bool,
}

impl World {
    /// A confidential web client that the organisation trusts, and a person who signed in ten minutes ago.
    pub(crate) fn new() -> Self {
        let now = Timestamp::from_seconds(1_800_000_000);
        let keys = TokenKeys::new(HashKey::new(&[7; 32]), HashKey::new(&[8; 32]));
        let person_id = PersonId::from_bytes([1; 16]);
        let client = Client {
            id: ClientId::parse("app").unwrap(),
            name: "The app".to_owned(),
            kind: ClientKind::Web,
            secrets: vec![keys.client_secret_hash(SECRET)],
            auth: ClientAuth::SecretBasic,
            redirect_uris: vec![RedirectUri::parse(CALLBACK).unwrap()],
            scopes: ["openid", "offline_access", "orders"].map(|s| Scope::parse(s).unwrap()).to_vec(),
            grants: GrantTypes::AUTHORIZATION_CODE.and(GrantTypes::REFRESH_TOKEN),
            subject: SubjectKind::Pairwise { sector: "app.example.com".to_owned() },
            consent: ConsentPolicy::Trusted,
            tier: Tier::Standard,
            status: ClientStatus::Active,
            access_token_seconds: 300,
            refresh_idle_seconds: 3600,
            refresh_absolute_seconds: 86_400,
            audience: ISSUER.to_owned(),
            created: now,
            settings: ClientSettings::default(),
        };
        let session = Session {
            id: SessionId::from_bytes([2; 16]),
            cookie_hash: [3; 32],
            authentication: Authentication {
                person: person_id,
                at: now.plus_seconds(-600),
                strength: Strength::Passkey,
                amr: Amr::POP.and(Amr::USER).and(Amr::MFA),
                passkey: Some(PasskeyId::from_bytes([4; 16])),
            },
            created: now.plus_seconds(-600),
            expires: now.plus_seconds(36_000),
            idle_seconds: 3600,
        };
        let person = Person {
            id: person_id,
            status: PersonStatus::Active,
            employment: Employment::Workforce,
            privileged: false,
            groups: Vec::new(),
            user_handle: [5; 32],
            ends: None,
            created: now,
        };
        Self {
            issuer: Issuer::new(ISSUER).unwrap(),
            keys,
            client,
            known: true,
            person,
            session: Some(session),
            consent: None,
            parked: None,
            answer: ConsentAnswer::NotAsked,
            hint: None,
            mapped: None,
            pushed: None,
            par_required: false,
            detail_types: Vec::new(),
            unmet: None,
            fetched: None,
            now,
        }
    }

    /// The same with a native app: public, on a loopback address, and people are asked.
    pub(crate) fn native() -> Self {
        let mut world = Self::new();
        world.client.kind = ClientKind::Native;
        world.client.auth = ClientAuth::None;
        world.client.secrets.clear();
        world.client.consent = ConsentPolicy::Ask;
        world.redirects(&["http://127.0.0.1/cb"]);
        world
    }

    pub(crate) fn redirects(&mut self, uris: &[&str]) {
        self.client.redirect_uris = uris.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect();
    }

    /// The whole query of an ordinary request.
    pub(crate) fn query(&self) -> Form {
        Form::new()
            .with("response_type", "code")
            .with("client_id", self.client.id.as_str())
            .with("redirect_uri", self.client.redirect_uris[0].as_str())
            .with("scope", "openid orders")
            .with("state", "a state")
            .with("nonce", "a nonce")
            .with("code_challenge", &b64u(&sha256(VERIFIER.as_bytes())))
            .with("code_challenge_method", "S256")
    }

    /// Undresses a request and decides it.
    pub(crate) fn authorize(&self, query: &Form) -> Answer {
        let text = query.text();
        let params = RawParams::parse(&text).unwrap();
        let pushed = self.kept(authorize::pushed_key(&params, &self.keys));
        let facts = ResolveFacts {
            issuer: &self.issuer,
            client: self.known.then_some(&self.client),
            client_keys: self.key_fact(),
            pushed,
        };
        match authorize::resolve(params, &facts, self.now) {
            Resolution::Request(request) => self.decide(&request),
            Resolution::Need(need) => Answer::Keys(need),
            Resolution::Refused(AuthorizeRefusal::Page(fault)) => Answer::Page(fault),
            Resolution::Refused(AuthorizeRefusal::Answer { fault, .. }) => {
                panic!("{fault} before any redirect URI was checked")
            }
        }
    }

    pub(crate) fn key_fact(&self) -> KeyFact<'_> {
        self.fetched.as_ref().map_or(KeyFact::NotLoaded, KeyFact::Fetched)
    }

    fn kept(&self, key: Option<[u8; 32]>) -> PushedFact<'_> {
        let Some(key) = key else { return PushedFact::NotNamed };
        match &self.pushed {
            Some(kept) if kept.key == key && kept.spent => PushedFact::Spent,
            Some(kept) if kept.key == key => PushedFact::Live { key, record: &kept.record },
            Some(_) | None => PushedFact::Unknown,
        }
    }

    /// Decides a request that was undressed, maybe long ago.
    pub(crate) fn decide(&self, request: &AuthorizeRequest<'_>) -> Answer {
        let says: Vec<String> = self.unmet.iter().cloned().collect();
        let facts = AuthorizeFacts {
            issuer: &self.issuer,
            keys: &self.keys,
            client: self.known.then_some(&self.client),
            session: self.session.as_ref(),
            person: self.session.as_ref().map(|_| &self.person),
            mapped_subject: self.mapped.as_deref(),
            consent: self.consent.as_ref(),
            reauthenticated_after: self.parked,
            consent_answer: self.answer.clone(),
            id_token_hint: match (&self.hint, request.params().value("id_token_hint")) {
                (_, None) => IdTokenHint::NotSent,
                (None, Some(_)) => IdTokenHint::Unverifiable,
                (Some(claims), Some(_)) => IdTokenHint::Claims(claims),
            },
            pushed: self.kept(request.pushed()),
            par_required: self.par_required,
            detail_types: &self.detail_types,
            requirement_met: self.unmet.is_none(),
            requirement_says: &says,
        };
        match authorize::decide(request, &facts, self.now, &mut entropy(1)) {
            Decision::Done(outcome) => Answer::Code(outcome),
            Decision::Refused(outcome) => {
                assert!(outcome.changes.is_empty() && outcome.audit.is_empty());
                match outcome.reply {
                    AuthorizeRefusal::Page(fault) => Answer::Page(fault),
                    AuthorizeRefusal::Answer { fault, response } => Answer::Back { fault, response },
                }
            }
            Decision::Need(AuthorizeNeed::SignIn { reason, login_hint, host, client, client_name, wanted }) => {
                assert_eq!((client, client_name), (self.client.id.clone(), self.client.name.clone()));
                Answer::SignIn { reason, login_hint: login_hint.map(|hint| hint.expose().clone()), host, wanted }
            }
            Decision::Need(AuthorizeNeed::StepUp { reason, wanted, says, person, .. }) => {
                assert_eq!(person, self.person.id);
                Answer::StepUp { reason, wanted, says }
            }
            Decision::Need(AuthorizeNeed::Consent { scope, new, remembered, person, .. }) => {
                assert_eq!(person, self.person.id);
                Answer::Ask { scope: scope.to_string(), new: new.scope.to_string(), remembered, shown: new }
            }
        }
    }

    /// Insists that a code is issued.
    pub(crate) fn passes(&self, query: &Form) {
        assert!(self.granted(query).reply.response.params().any(|(name, _)| name == "code"));
    }

    /// Insists on a code, and returns it.
    pub(crate) fn granted(&self, query: &Form) -> Outcome<AuthorizeReply, Change> {
        match self.authorize(query) {
            Answer::Code(outcome) => outcome,
            other => panic!("expected a code, got {other:?}"),
        }
    }

    /// Insists on an error sent back to the client.
    pub(crate) fn sent_back(&self, query: &Form) -> (AuthorizeFault, Form) {
        match self.authorize(query) {
            Answer::Back { fault, response } => (fault, Form::of_location(&location(&response))),
            other => panic!("expected an error redirect, got {other:?}"),
        }
    }

    /// A code and its record.
    pub(crate) fn code(&self, query: &Form) -> (String, CodeRecord) {
        let reply = self.granted(query).reply;
        let code = Form::of_location(&location(&reply.response)).value("code").expect("a code in the answer");
        assert_eq!(reply.code_hash, self.keys.code_hash(&code));
        (code, *reply.record)
    }

    /// The form that redeems `code`.
    pub(crate) fn redemption(&self, code: &str) -> Form {
        let form =
            Form::new().with("grant_type", "authorization_code").with("code", code).with("code_verifier", VERIFIER);
        self.identified(form)
    }

    /// The form that exchanges a refresh token.
    pub(crate) fn refreshing(&self, refresh_token: &str) -> Form {
        self.identified(Form::new().with("grant_type", "refresh_token").with("refresh_token", refresh_token))
    }

    fn identified(&self, form: Form) -> Form {
        let form = form.with("client_id", self.client.id.as_str());
        if self.client.secrets.is_empty() { form } else { form.with("client_secret", SECRET) }
    }

    pub(crate) fn facts<'a>(&'a self, code: CodeFact<'a>, family: Option<&'a RefreshFamily>) -> TokenFacts<'a> {
        TokenFacts {
            code,
            family,
            person: Some(&self.person),
            mapped_subject: self.mapped.as_deref(),
            session_live: self.session.is_some(),
            consent: self.consent.as_ref().map_or(ConsentFact::Missing, ConsentFact::Given),
            credential: CredentialFact::Present,
            requirement_met: true,
            ..TokenFacts::new(&self.issuer, &self.keys, self.known.then_some(&self.client))
        }
    }

    pub(crate) fn token(
        &self,
        form: &Form,
        authorization: Option<&str>,
        facts: &TokenFacts<'_>,
    ) -> Result<Outcome<TokenReply, Change>, Outcome<TokenRefusal, Change>> {
        let body = form.text();
        let params = token::form(body.as_bytes()).map_err(|fault| Outcome::plain(TokenRefusal::Malformed(fault)))?;
        let request = TokenRequest::read(&params, authorization, None).map_err(Outcome::plain)?;
        match token::handle(&request, facts, self.now, &mut entropy(2)) {
            Decision::Done(outcome) => Ok(outcome),
            Decision::Refused(outcome) => Err(outcome),
            Decision::Need(need) => panic!("nothing is missing, got {need:?}"),
        }
    }

    /// Redeems a fresh code: the tokens, the new family, the record.
    pub(crate) fn redeemed(&self, query: &Form) -> (TokenReply, RefreshFamily, CodeRecord) {
        let (code, record) = self.code(query);
        let outcome = self
            .token(&self.redemption(&code), None, &self.facts(CodeFact::Live(&record), None))
            .expect("the code is redeemable");
        let [Change::InsertFamily(family)] = outcome.changes.as_slice() else { panic!("one new family") };
        let family = (**family).clone();
        assert_eq!(family.state, FamilyState::Live);
        (outcome.reply, family, record)
    }
}

/// The address of a response that travels in the plain query.
pub(crate) fn location(response: &AuthorizeResponse) -> String {
    response.location().expect("a response in the query").expose().clone()
}

/// Bytes that differ everywhere, by seed.
pub(crate) fn entropy(seed: u8) -> Entropy {
    let mut bytes = [0; model::entropy::ENTROPY_BYTES];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = (i as u8).wrapping_mul(31) ^ seed;
    }
    Entropy::new(bytes)
}

/// A query or form under construction, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn new() -> Self {
        Self::default()
    }
    /// Sets a parameter.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some(pair) => pair.1 = value.to_owned(),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
        self
    }
    /// Takes a parameter out.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }
    /// Adds a parameter even if it is there.
    pub(crate) fn again(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
    pub(crate) fn text(&self) -> String {
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        self.0.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
    }
    /// The parameters in the query of an answer, read independently of the code under test.
    pub(crate) fn of_location(location: &str) -> Self {
        let query = location.split_once('?').expect("an answer has a query").1;
        assert!(!location.contains('#'), "an answer has no fragment");
        Self(
            query
                .split('&')
                .map(|pair| {
                    let (name, value) = pair.split_once('=').expect("name=value");
                    let value = percent_encoding::percent_decode_str(value).decode_utf8().expect("UTF-8").into_owned();
                    (name.to_owned(), value)
                })
                .collect(),
        )
    }
}
