//! How a message leaves: into a folder, or through a relay.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};

use super::{
    schedule::SendFault,
    settings::{MailSettings, MailSetupError, MailTransport, Smtp, SmtpSecurity},
    worker::Notice,
};
use crate::outbound::roots::roots;

/// Longest wait for each thing that a relay says.
const REPLY_TIME_MAX: Duration = Duration::from_secs(15);
/// Longest time one message may take in all.
const MESSAGE_TIME_MAX: Duration = Duration::from_secs(60);
/// Longest host name (RFC 1035 §2.3.4).
const HOST_BYTES_MAX: usize = 253;

/// The way out.
pub(super) enum Transport {
    Folder(PathBuf),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl Transport {
    /// `greeting` is the domain that we call ourselves by.
    pub(super) fn new(settings: &MailSettings, greeting: &str) -> Result<Self, MailSetupError> {
        match &settings.transport {
            MailTransport::Folder(path) => {
                fs::create_dir_all(path).map_err(|source| MailSetupError::Folder { path: path.clone(), source })?;
                Ok(Self::Folder(path.clone()))
            }
            MailTransport::Smtp(relay) => {
                Ok(Self::Smtp(Box::new(smtp(relay, settings.extra_ca.as_deref(), greeting)?)))
            }
        }
    }

    /// Sends one message. What went wrong exactly is not told further: a relay's reply may repeat the recipient's address.
    pub(super) async fn deliver(&self, notice: &Notice, message: Message) -> Result<(), SendFault> {
        match self {
            Self::Folder(path) => {
                let (path, name) = (path.clone(), format!("{}-{}.eml", notice.at.millis(), notice.id));
                let written = tokio::task::spawn_blocking(move || write(&path, &name, &message.formatted()));
                written.await.ok().and_then(Result::ok).ok_or(SendFault::RelayDown)
            }
            Self::Smtp(relay) => match tokio::time::timeout(MESSAGE_TIME_MAX, relay.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(fault(&error)),
                Err(_) => Err(SendFault::RelayDown),
            },
        }
    }
}

/// Whole files only: whoever watches the folder never reads half a message.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let part = folder.join(format!(".{name}.part"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, folder.join(name))
}

fn smtp(
    relay: &Smtp,
    extra_ca: Option<&Path>,
    greeting: &str,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailSetupError> {
    let host = relay.host.as_str();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    if host.is_empty() || host.len() > HOST_BYTES_MAX || !host.chars().all(plain) {
        return Err(MailSetupError::Host);
    }
    let tls = match relay.security {
        SmtpSecurity::Tls => Tls::Wrapper(parameters(host, extra_ca)?),
        // RFC 8314 §4.1: required, so that nobody in between can take the offer away.
        SmtpSecurity::StartTls => Tls::Required(parameters(host, extra_ca)?),
        SmtpSecurity::PlainOnLoopback if on_this_machine(host) => Tls::None,
        SmtpSecurity::PlainOnLoopback => return Err(MailSetupError::Plain(host.to_owned())),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(relay.port)
        .tls(tls)
        .timeout(Some(REPLY_TIME_MAX))
        .hello_name(ClientId::Domain(greeting.to_owned()));
    if let Some(credentials) = &relay.credentials {
        builder =
            builder.credentials(Credentials::new(credentials.user.clone(), credentials.password.expose().clone()));
    }
    Ok(builder.build())
}

fn on_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn parameters(host: &str, extra_ca: Option<&Path>) -> Result<TlsParameters, MailSetupError> {
    let fault = |error: lettre::transport::smtp::Error| MailSetupError::Tls(error.to_string());
    // The same authorities as for fetches, and none that the library might bring along.
    let mut builder = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::None);
    for root in roots(extra_ca)? {
        builder = builder.add_root_certificate(Certificate::from_der(root.to_vec()).map_err(fault)?);
    }
    builder.build().map_err(fault)
}

/// RFC 5321 §4.2.1: 4xx may succeed later, 5xx won't as it stands. RFC 4954 §6: 530 to 538 are about our own credentials, so no message
/// will pass.
fn fault(error: &lettre::transport::smtp::Error) -> SendFault {
    let status = error.status().map(u16::from);
    match status {
        Some(421 | 432 | 454 | 530..=538) | None => SendFault::RelayDown,
        Some(400..=499) => SendFault::Deferred,
        Some(_) => SendFault::Refused,
    }
}
