//! The worker with a real folder, and with a relay of our own on a real socket.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use model::{NoticeId, NoticeKind, Secret, Timestamp};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::mpsc,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use super::{schedule::Pace, worker::open_with, *};

const HASTY: Pace = Pace {
    relay_first: 1,
    relay_max: 1,
    message_first: 1,
    message_max: 1,
    refused: 1,
    mark: 1,
    refused_for: 60_000,
    tried_for: 60_000,
};

fn settings(transport: MailTransport) -> MailSettings {
    MailSettings {
        from: "help@id.example".to_owned(),
        organisation: "Harbour Works".to_owned(),
        account_url: "https://id.example/account".to_owned(),
        transport,
        extra_ca: None,
    }
}

fn notice(id: u8) -> Notice {
    Notice {
        id: NoticeId::from_bytes([id; 16]),
        kind: NoticeKind::PasskeyAdded,
        at: Timestamp::from_seconds(1_795_378_740),
        to: Recipient::parse("grace@example.org").unwrap(),
    }
}

/// The store's side: rows that nobody has sent yet, and what was marked.
#[derive(Clone)]
struct Rows {
    unsent: Arc<Mutex<Vec<Notice>>>,
    marks: mpsc::UnboundedSender<(NoticeId, Delivery)>,
    /// How many marks fail before one is written.
    failing: Arc<Mutex<u32>>,
}

fn start(settings: &MailSettings, pace: Pace, rows: Vec<Notice>, failing: u32) -> Running {
    let (mailer, worker) = open_with(settings, pace).unwrap();
    let (marks, marked) = mpsc::unbounded_channel();
    let rows = Rows { unsent: Arc::new(Mutex::new(rows)), marks, failing: Arc::new(Mutex::new(failing)) };
    let (source, sink) = (rows.clone(), rows);
    let due = move |count: usize| {
        let found = source.unsent.lock().unwrap().iter().take(count).cloned().collect();
        async move { found }
    };
    let mark = move |id, delivery| {
        let mut failing = sink.failing.lock().unwrap();
        let written = *failing == 0;
        *failing = failing.saturating_sub(1);
        if written {
            sink.unsent.lock().unwrap().retain(|notice| notice.id != id);
            sink.marks.send((id, delivery)).unwrap();
        }
        async move { written }
    };
    Running { mailer, marked, task: tokio::spawn(worker.run(due, mark)) }
}

struct Running {
    mailer: Mailer,
    marked: mpsc::UnboundedReceiver<(NoticeId, Delivery)>,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn what_is_handed_over_and_what_the_store_holds_both_leave_once() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(MailTransport::Folder(folder.path().join("outbox")));
    let mut running = start(&settings, Pace::PRODUCTION, vec![notice(1), notice(2)], 0);
    running.mailer.send(notice(2));
    running.mailer.send(notice(3));
    let mut marked = Vec::new();
    for _ in 0..3 {
        marked.push(running.marked.recv().await.unwrap());
    }
    marked.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(marked, [1, 2, 3].map(|id| (notice(id).id, Delivery::Sent)));
    let names = files(&folder.path().join("outbox"));
    assert_eq!(names, [1, 2, 3].map(|id| format!("1795378740000-{}.eml", notice(id).id)));
    let path = folder.path().join("outbox").join(&names[0]);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("Subject: A passkey was added to your account\r\n"), "{text}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "for us alone");
}

#[tokio::test]
async fn a_full_queue_stops_nobody_and_the_store_makes_up_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mailer, worker) = open(&settings(MailTransport::Folder(folder.path().to_owned()))).unwrap();
    (0..2_000).for_each(|_| mailer.send(notice(9)));
    drop(worker);
    mailer.send(notice(9));
}

#[tokio::test]
async fn a_mark_that_fails_is_written_later_and_nothing_leaves_twice() {
    let relay = Relay::start(Vec::new(), None).await;
    let mut running = start(&settings(relay.plain()), HASTY, vec![notice(1)], 3);
    assert_eq!(running.marked.recv().await, Some((notice(1).id, Delivery::Sent)));
    assert_eq!(relay.mails().len(), 1);
}

#[tokio::test]
async fn a_relay_gets_the_envelope_the_message_and_nothing_more() {
    let relay = Relay::start(Vec::new(), None).await;
    let mut running = start(&settings(relay.plain()), Pace::PRODUCTION, vec![notice(1)], 0);
    running.marked.recv().await.unwrap();
    let mail = relay.mails().remove(0);
    let commands: Vec<_> = mail.lines().take_while(|line| *line != "DATA").collect();
    assert_eq!(commands, ["EHLO id.example", "MAIL FROM:<help@id.example>", "RCPT TO:<grace@example.org>"]);
    assert!(mail.contains("Message-ID: <01010101-0101-0101-0101-010101010101@id.example>\n"), "{mail}");
}

#[tokio::test]
async fn a_message_that_is_put_off_or_refused_or_meets_a_sleeping_relay_is_tried_again() {
    for reply in ["450 later", "550 no such mailbox", "421 closing", "554 no"] {
        let relay = Relay::start(vec![reply; 2], None).await;
        let mut running = start(&settings(relay.plain()), HASTY, vec![notice(1)], 0);
        assert_eq!(running.marked.recv().await, Some((notice(1).id, Delivery::Sent)), "{reply}");
        let messages: Vec<_> = relay.mails();
        assert_eq!(messages.len(), 1, "{reply}");
    }
}

#[tokio::test]
async fn a_message_that_is_refused_for_long_is_given_up() {
    let relay = Relay::start(vec!["550 no such mailbox"; 1000], None).await;
    let pace = Pace { refused_for: 0, ..HASTY };
    let mut running = start(&settings(relay.plain()), pace, vec![notice(1)], 0);
    assert_eq!(running.marked.recv().await, Some((notice(1).id, Delivery::Undeliverable)));
}

#[tokio::test]
async fn nothing_is_said_in_clear_to_a_relay_that_offers_no_tls() {
    let relay = Relay::start(Vec::new(), None).await;
    let pace = Pace { tried_for: 0, ..HASTY };
    let mut running = start(&settings(relay.with(SmtpSecurity::StartTls)), pace, vec![notice(1)], 0);
    assert_eq!(running.marked.recv().await, Some((notice(1).id, Delivery::Undeliverable)));
    let said = relay.said.lock().unwrap().clone();
    assert!(said.iter().all(|line| line.starts_with("EHLO") || line == "QUIT" || line == "RSET"), "{said:?}");
}

#[tokio::test]
async fn tls_from_the_first_byte_needs_a_certificate_that_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let (acceptor, ca) = certificate("localhost", folder.path());
    let relay = Relay::start(Vec::new(), Some(acceptor)).await;
    let trusted = MailSettings { extra_ca: Some(ca), ..settings(relay.with(SmtpSecurity::Tls)) };
    let mut running = start(&trusted, Pace::PRODUCTION, vec![notice(1)], 0);
    assert_eq!(running.marked.recv().await, Some((notice(1).id, Delivery::Sent)));
    assert_eq!(relay.mails().len(), 1);

    let pace = Pace { tried_for: 0, ..HASTY };
    let mut running = start(&settings(relay.with(SmtpSecurity::Tls)), pace, vec![notice(2)], 0);
    assert_eq!(running.marked.recv().await, Some((notice(2).id, Delivery::Undeliverable)));
    assert_eq!(relay.mails().len(), 1);
}

#[tokio::test]
async fn our_password_is_said_inside_tls_only_and_a_wrong_one_loses_no_notice() {
    let folder = tempfile::tempdir().unwrap();
    let (acceptor, ca) = certificate("localhost", folder.path());
    let relay = Relay::offering(Offer::StartTls, vec!["535 wrong"; 2], Some(acceptor)).await;
    let credentials = SmtpCredentials { user: "lockgate".to_owned(), password: Secret::new("hush".to_owned()) };
    let smtp = Smtp {
        host: "localhost".to_owned(),
        port: relay.port,
        security: SmtpSecurity::StartTls,
        credentials: Some(credentials),
    };
    let settings = MailSettings { extra_ca: Some(ca), ..settings(MailTransport::Smtp(smtp)) };
    // Refused messages would be given up at once here; a relay that does not know us is not that.
    let pace = Pace { refused_for: 0, ..HASTY };
    let mut running = start(&settings, pace, vec![notice(1)], 0);
    assert_eq!(running.marked.recv().await, Some((notice(1).id, Delivery::Sent)));
    let said = relay.said.lock().unwrap().clone();
    for session in said.split(|line| line.as_str() == "STARTTLS").skip(1) {
        assert_eq!(session[0], "(TLS)", "{session:?}");
    }
    let in_clear: Vec<_> = said.split(|line| line.as_str() == "(TLS)").next().unwrap().to_vec();
    assert_eq!(in_clear, ["EHLO id.example", "STARTTLS"]);
    assert_eq!(said.iter().filter(|line| line.starts_with("AUTH PLAIN ")).count(), 3, "{said:?}");
    assert_eq!(relay.mails().len(), 1);
}

#[test]
fn settings_that_would_send_in_clear_over_a_network_are_refused() {
    let smtp = |host: &str, security| {
        open(&settings(MailTransport::Smtp(Smtp { host: host.to_owned(), port: 25, security, credentials: None })))
            .err()
    };
    assert!(smtp("127.0.0.1", SmtpSecurity::PlainOnLoopback).is_none());
    for host in ["relay.example", "10.0.0.1", "localhost.example"] {
        assert!(matches!(smtp(host, SmtpSecurity::PlainOnLoopback), Some(MailSetupError::Plain(_))), "{host}");
    }
    for host in ["", "relay example", "relay\r\n", "[::1]"] {
        assert!(matches!(smtp(host, SmtpSecurity::Tls), Some(MailSetupError::Host)), "{host:?}");
    }
}

#[test]
fn nothing_prints_addresses_or_passwords() {
    let credentials = SmtpCredentials { user: "lockgate".to_owned(), password: Secret::new("hush".to_owned()) };
    let smtp = Smtp {
        host: "relay.example".to_owned(),
        port: 465,
        security: SmtpSecurity::Tls,
        credentials: Some(credentials),
    };
    let shown = format!("{:?} {:?}", settings(MailTransport::Smtp(smtp)), notice(1));
    assert!(!shown.contains("hush") && !shown.contains("grace"), "{shown}");
}

/// A relay that refuses the first messages with given replies and takes all others.
struct Relay {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
    said: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Relay {
    async fn start(refusals: Vec<&'static str>, tls: Option<TlsAcceptor>) -> Self {
        let offer = if tls.is_some() { Offer::TlsAtOnce } else { Offer::Nothing };
        Self::offering(offer, refusals, tls).await
    }

    async fn offering(offer: Offer, refusals: Vec<&'static str>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (taken, said) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (mails, lines, refusals) = (taken.clone(), said.clone(), Arc::new(Mutex::new(refusals)));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // One at a time: our worker never opens two.
                let log = Log { taken: &mails, said: &lines, refusals: &refusals };
                match (offer, &tls) {
                    (Offer::TlsAtOnce, Some(tls)) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            converse(stream, "220 relay.test", "250 relay.test", &log).await;
                        }
                    }
                    (Offer::StartTls, Some(tls)) => {
                        let offer = "250-relay.test\r\n250 STARTTLS";
                        let Some(stream) = converse(stream, "220 relay.test", offer, &log).await else { continue };
                        lines.lock().unwrap().push("(TLS)".to_owned());
                        if let Ok(stream) = tls.accept(stream).await {
                            converse(stream, "", "250-relay.test\r\n250 AUTH PLAIN", &log).await;
                        }
                    }
                    (Offer::Nothing | Offer::TlsAtOnce | Offer::StartTls, _) => {
                        converse(stream, "220 relay.test", "250 relay.test", &log).await;
                    }
                }
            }
        });
        Self { port, taken, said, task }
    }

    fn plain(&self) -> MailTransport {
        self.with(SmtpSecurity::PlainOnLoopback)
    }

    fn with(&self, security: SmtpSecurity) -> MailTransport {
        MailTransport::Smtp(Smtp { host: "localhost".to_owned(), port: self.port, security, credentials: None })
    }

    /// Messages taken, each with the commands before it.
    fn mails(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How a relay protects its connections.
#[derive(Clone, Copy)]
enum Offer {
    Nothing,
    TlsAtOnce,
    StartTls,
}

/// Where a relay writes down what it heard.
struct Log<'a> {
    taken: &'a Mutex<Vec<String>>,
    said: &'a Mutex<Vec<String>>,
    refusals: &'a Mutex<Vec<&'static str>>,
}

/// Talks until the other side hangs up, or asks for TLS: then the connection is handed back.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    greeting: &str,
    hello: &str,
    log: &Log<'_>,
) -> Option<S> {
    let (mut stream, mut session, mut in_message) = (BufReader::new(stream), String::new(), false);
    let mut reply = greeting.to_owned();
    loop {
        if !reply.is_empty() {
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
            stream.flush().await.ok()?;
        }
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let line = line.trim_end().to_owned();
        session.push_str(&line);
        session.push('\n');
        if !in_message {
            log.said.lock().unwrap().push(line.clone());
        }
        reply = match line.as_str() {
            "." if in_message => {
                in_message = false;
                log.taken.lock().unwrap().push(std::mem::take(&mut session));
                "250 taken".to_owned()
            }
            _ if in_message => String::new(),
            "DATA" => {
                in_message = true;
                "354 go on".to_owned()
            }
            "STARTTLS" => {
                stream.write_all(b"220 go on\r\n").await.ok()?;
                return Some(stream.into_inner());
            }
            "QUIT" => "221 bye".to_owned(),
            _ if line.starts_with("EHLO") => hello.to_owned(),
            _ if line.starts_with("AUTH") => log.refusals.lock().unwrap().pop().unwrap_or("235 welcome").to_owned(),
            _ if line.starts_with("RCPT TO:") => log.refusals.lock().unwrap().pop().unwrap_or("250 ok").to_owned(),
            _ => "250 ok".to_owned(),
        };
    }
}

/// A certificate for `name`, which is its own authority: who accepts connections, and the file that trusts it.
fn certificate(name: &str, folder: &Path) -> (TlsAcceptor, std::path::PathBuf) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let path = folder.join("ca.pem");
    std::fs::write(&path, made.cert.pem()).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), path)
}
