//! People are told of changes on their account: at every address that is known, and a weakly bound passkey counts only after that.

use model::{NoticeKind, Secret};
use server::{
    ambient,
    mail::{MailSettings, MailTransport},
};
use store::{Change, ChangeSet, PersonalKind};

use crate::{
    weaker::{ADA, PASSWORD, code, lax, person},
    world::{Browser, World},
};

/// Runs the whole server on `world`'s store until the folder holds `mails` messages.
async fn until_told(world: &World, mails: usize) -> Vec<String> {
    let folder = world.dir.path().join("mail");
    let mut settings = crate::world::settings(server::Tls::None);
    lax(&mut settings);
    settings.mail = Some(MailSettings {
        from: "help@example.com".into(),
        organisation: "Example".into(),
        account_url: "http://localhost:8400/account".into(),
        transport: MailTransport::Folder(folder.clone()),
        extra_ca: None,
    });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let root = crypto::RootKey::new(Secret::new([7; 32]));
    let server = tokio::spawn(server::run(settings, world.store.clone(), root, |_| {}, async {
        let _ = stopped.await;
    }));
    let read = || -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
        let files = entries.map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect()
    };
    // Bounded by the test's own patience: each look yields to the worker.
    for _ in 0..2_000 {
        if read().len() >= mails && world.store.notices_due(ambient::now(), 10).unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    read()
}

fn address(world: &World, text: &str, number: u8) {
    let (id, now) = (person(world, ADA), ambient::now());
    let sealed = world.store.seal_for(id, PersonalKind::NoticeAddress, text.as_bytes(), now, &mut ambient::entropy());
    let change = Change::AddNoticeAddress { person: id, hash: [number; 32], sealed: sealed.unwrap(), at: now };
    let set = ChangeSet::new(now, vec![change], Vec::new());
    std::thread::scope(|scope| scope.spawn(|| world.store.commit_blocking(set)).join().unwrap().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_passkey_is_told_at_every_address_and_counts_as_noticed() {
    let (world, _) = crate::weaker::world();
    address(&world, "ada@example.com", 1);
    address(&world, "ada@home.example", 2);
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    browser.sign_in_weakly(&journey, ADA, PASSWORD, &code(0)).await;
    let begun = browser.post("/api/ceremony/enrol/begin", serde_json::json!({})).await;
    browser.finish_enrolment(&begun.json()).await;
    let waiting = world.store.notices_due(ambient::now(), 10).unwrap();
    assert_eq!(waiting.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::PasskeyAdded]);
    assert!(world.store.passkeys_of(person(&world, ADA)).unwrap()[0].noticed.is_none());

    let mails = until_told(&world, 2).await;
    assert_eq!(mails.len(), 2, "{mails:?}");
    for to in ["ada@example.com", "ada@home.example"] {
        assert!(mails.iter().any(|mail| mail.contains(&format!("To: {to}"))), "{to}: {mails:?}");
    }
    assert!(world.store.notices_due(ambient::now(), 10).unwrap().is_empty());
    assert!(world.store.passkeys_of(person(&world, ADA)).unwrap()[0].noticed.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_for_nobody_is_given_up_and_never_counts_as_told() {
    let (world, _) = crate::weaker::world();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    browser.sign_in_weakly(&journey, ADA, PASSWORD, &code(0)).await;
    let begun = browser.post("/api/ceremony/enrol/begin", serde_json::json!({})).await;
    browser.finish_enrolment(&begun.json()).await;
    assert!(until_told(&world, 0).await.is_empty());
    assert!(world.store.notices_due(ambient::now().plus_seconds(86_400), 10).unwrap().is_empty());
    assert!(world.store.passkeys_of(person(&world, ADA)).unwrap()[0].noticed.is_none());
}
