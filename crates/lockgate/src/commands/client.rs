//! `lockgate client …`: from options to the written form of an application.

use anyhow::{Context, Result};
use model::Tier;
use oauth::{ClientKind, ConsentPolicy};
use server::control::{ClientForm, ClientsRequest, OwnForm, Request};

use crate::{
    asking::{ask_and_list, ask_and_say, ask_and_write, ask_and_write_all, read_text},
    cli::{ClientAddArgs, ClientCommand, ClientOptions, ClientSetArgs, SecretCommand, SenderArg, TlsSubjectKind},
    exit::Exit,
};

pub(super) fn run(command: ClientCommand) -> Result<Exit> {
    let (config, request) = match command {
        ClientCommand::Add(args) => return add(*args),
        ClientCommand::Set(args) => return set(*args),
        ClientCommand::List(args) => {
            return ask_and_list(&args.config.path(), Request::Clients(ClientsRequest::List), args.output);
        }
        ClientCommand::Secret(SecretCommand::Rotate(args)) => {
            let request = Request::Clients(ClientsRequest::RotateSecret { id: args.id });
            return ask_and_write(&args.config.path(), request, args.secret_file.as_deref());
        }
        ClientCommand::Import(args) => {
            let text = read_text(&args.file)?;
            let request = ClientsRequest::Import { text, dry_run: args.dry_run, replace: args.replace };
            return ask_and_write_all(&args.config.path(), Request::Clients(request), args.secrets_file.as_deref());
        }
        ClientCommand::Show(args) => (args.config, ClientsRequest::Show { id: args.id }),
        ClientCommand::Disable(args) => (args.config, ClientsRequest::Disable { id: args.id }),
        ClientCommand::Enable(args) => (args.config, ClientsRequest::Enable { id: args.id }),
        ClientCommand::Remove(args) => (args.config, ClientsRequest::Remove { id: args.id }),
        ClientCommand::Secret(SecretCommand::Remove(args)) => {
            (args.config, ClientsRequest::RemoveOldSecrets { id: args.id })
        }
    };
    ask_and_say(&config.path(), Request::Clients(request))
}

fn add(args: ClientAddArgs) -> Result<Exit> {
    let mut form = form(args.options)?;
    form.client_id = Some(args.id);
    form.client_name = Some(args.name);
    form.lockgate.kind = Some(ClientKind::from(args.kind).as_str().to_owned());
    let request = Request::Clients(ClientsRequest::Add(Box::new(form)));
    ask_and_write(&args.config.path(), request, args.secret_file.as_deref())
}

fn set(args: ClientSetArgs) -> Result<Exit> {
    let mut form = form(args.options)?;
    form.client_name = args.name;
    let request = Request::Clients(ClientsRequest::Set { id: args.id, form: Box::new(form), clear: args.clear });
    ask_and_write(&args.config.path(), request, args.secret_file.as_deref())
}

/// What was chosen; the rest says nothing.
fn form(options: ClientOptions) -> Result<ClientForm> {
    let (dpop, tls) = match options.sender {
        None => (None, None),
        Some(SenderArg::Any) => (Some(false), Some(false)),
        Some(SenderArg::Dpop) => (Some(true), Some(false)),
        Some(SenderArg::Mtls) => (Some(false), Some(true)),
        Some(SenderArg::DpopOrMtls) => (Some(true), Some(true)),
    };
    let jwks = match &options.jwks_file {
        None => None,
        Some(path) => {
            let text = read_text(path)?;
            Some(serde_json::from_str(text.expose()).with_context(|| format!("{} is not JSON", path.display()))?)
        }
    };
    let mut form = ClientForm {
        redirect_uris: some(options.redirect_uris),
        scope: some(options.scopes).map(|scopes| scopes.join(" ")),
        subject_type: options.public_subject.map(|public| (if public { "public" } else { "pairwise" }).to_owned()),
        grant_types: some(options.grants.into_iter().map(|grant| grant.name().to_owned()).collect()),
        token_endpoint_auth_method: options.auth,
        token_endpoint_auth_signing_alg: options.assertion_alg,
        jwks,
        jwks_uri: options.jwks_uri,
        dpop_bound_access_tokens: dpop,
        tls_client_certificate_bound_access_tokens: tls,
        id_token_signed_response_alg: options.signing_alg,
        require_pushed_authorization_requests: options.require_par,
        require_signed_request_object: options.require_signed,
        default_max_age: options.default_max_age,
        require_auth_time: options.require_auth_time,
        default_acr_values: some(options.acr),
        authorization_details_types: some(options.detail_types),
        post_logout_redirect_uris: some(options.post_logout_uris),
        backchannel_logout_uri: options.backchannel_uri,
        backchannel_logout_session_required: options.backchannel_session,
        contacts: some(options.contacts),
        lockgate: OwnForm {
            tier: options.tier.map(|tier| Tier::from(tier).as_str().to_owned()),
            consent: options
                .trusted
                .map(|trusted| (if trusted { ConsentPolicy::Trusted } else { ConsentPolicy::Ask }).as_str().to_owned()),
            sector: options.sector,
            audience: options.audience,
            access_token_seconds: options.access_seconds,
            refresh_idle_seconds: options.refresh_idle_seconds,
            refresh_absolute_seconds: options.refresh_seconds,
            resources: some(options.resources),
            serves: some(options.serves),
            groups: some(options.groups),
            claims: some(options.claims),
            purpose: options.purpose,
            response_modes: some(options.response_modes),
            exchange: some(options.exchange),
            ..OwnForm::default()
        },
        ..ClientForm::default()
    };
    match options.tls_subject {
        None => {}
        Some((TlsSubjectKind::Dn, name)) => form.tls_client_auth_subject_dn = Some(name),
        Some((TlsSubjectKind::Dns, name)) => form.tls_client_auth_san_dns = Some(name),
        Some((TlsSubjectKind::Uri, name)) => form.tls_client_auth_san_uri = Some(name),
        Some((TlsSubjectKind::Ip, name)) => form.tls_client_auth_san_ip = Some(name),
        Some((TlsSubjectKind::Email, name)) => form.tls_client_auth_san_email = Some(name),
    }
    Ok(form)
}

/// An option that was not given says nothing.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    if list.is_empty() { None } else { Some(list) }
}
