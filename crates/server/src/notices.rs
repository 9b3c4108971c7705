//! Between the notices that wait in the store and the mail that carries them: whom each is for, and what became of it.
//!
//! A person may have several addresses and is told at all of them, so that whoever holds one of them can't keep the others from hearing.
//! A notice counts as sent when at least one mail went out and none is still under way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::NoticeId;
use store::{Change, ChangeSet, CommitError};

use crate::{
    ambient,
    commit::commit,
    mail::{Delivery, MailWorker, Mailer, Notice, Recipient},
    state::App,
};

/// Notices that are marked as undeliverable in one look, when nobody can be told at all.
const UNTOLD_MAX: usize = 1024;

/// Notices handed over at once after a commit; more wait for the worker's own look, within the minute.
const HURRIED_MAX: usize = 64;

/// Tells people, for as long as it is not aborted.
pub(crate) async fn deliver(app: Arc<App>, mailer: Mailer, worker: MailWorker) {
    let under_way = Arc::new(Mutex::new(UnderWay::default()));
    let (hurrying, hurried) = (app.clone(), under_way.clone());
    let hurry = async move {
        loop {
            hurrying.notices_queued.notified().await;
            due(&hurrying, &hurried, HURRIED_MAX).await.into_iter().for_each(|notice| mailer.send(notice));
        }
    };
    tokio::join!(hurry, look(app, under_way, worker));
}

async fn look(app: Arc<App>, under_way: Arc<Mutex<UnderWay>>, worker: MailWorker) {
    let (due_app, due_under_way) = (app.clone(), under_way.clone());
    worker
        .run(
            move |rows| {
                let (app, under_way) = (due_app.clone(), due_under_way.clone());
                async move { due(&app, &under_way, rows).await }
            },
            move |id, delivery| {
                let (app, under_way) = (app.clone(), under_way.clone());
                async move { mark(&app, &under_way, id, delivery).await }
            },
        )
        .await;
}

/// Where no mail is configured nobody can be told. The rows must not pile up, and a notice that never went out must never count as one
/// that did.
pub(crate) async fn give_up(app: &App) {
    let Ok(waiting) = app.store.notices_due(ambient::now(), UNTOLD_MAX) else { return };
    for notice in waiting {
        given_up(app, notice.id).await;
    }
}

/// Mails of one notice that are not settled yet.
#[derive(Default)]
struct UnderWay {
    /// The mail's id → its notice's row. The first mail of a notice has the row's own id.
    mails: HashMap<NoticeId, NoticeId>,
    /// The row → what is known of its mails.
    rows: HashMap<NoticeId, Mails>,
}

#[derive(Clone, Copy)]
struct Mails {
    open: usize,
    sent: bool,
}

impl UnderWay {
    /// Notes the mails of one notice, unless it is held already.
    fn begin(&mut self, row: NoticeId, mails: &[NoticeId]) {
        if self.rows.contains_key(&row) {
            return;
        }
        self.rows.insert(row, Mails { open: mails.len(), sent: false });
        self.mails.extend(mails.iter().map(|mail| (*mail, row)));
    }

    /// What the notice comes to once this mail is settled: `None` while others are under way.
    fn settled(&self, mail: NoticeId, delivery: Delivery) -> Option<(NoticeId, Delivery)> {
        let row = *self.mails.get(&mail)?;
        let mails = self.rows.get(&row)?;
        if mails.open > 1 {
            return None;
        }
        let sent = mails.sent || delivery == Delivery::Sent;
        Some((row, if sent { Delivery::Sent } else { Delivery::Undeliverable }))
    }

    /// Forgets a mail that is settled, and its notice with the last one.
    fn forget(&mut self, mail: NoticeId, delivery: Delivery) {
        let Some(row) = self.mails.remove(&mail) else { return };
        let Some(mails) = self.rows.get_mut(&row) else { return };
        mails.open -= 1;
        mails.sent |= delivery == Delivery::Sent;
        if mails.open == 0 {
            self.rows.remove(&row);
        }
    }
}

fn lock(under_way: &Mutex<UnderWay>) -> MutexGuard<'_, UnderWay> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn due(app: &App, under_way: &Mutex<UnderWay>, rows: usize) -> Vec<Notice> {
    let waiting = match app.store.notices_due(ambient::now(), rows) {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::error!(%error, "failed to read which notices wait");
            return Vec::new();
        }
    };
    let mut mails = Vec::with_capacity(waiting.len());
    for notice in waiting {
        let addresses = match app.store.notice_addresses(notice.person) {
            Ok(addresses) => addresses,
            Err(error) => {
                tracing::error!(%error, notice = %notice.id, "failed to read where a person is told");
                continue;
            }
        };
        let recipients = addresses.iter().filter_map(|(hash, text)| Some((hash, Recipient::parse(text).ok()?)));
        let of_this: Vec<Notice> = recipients
            .enumerate()
            .map(|(at, (hash, to))| Notice { id: mail_id(notice.id, at, hash), kind: notice.kind, at: notice.at, to })
            .collect();
        if of_this.is_empty() {
            given_up(app, notice.id).await;
            continue;
        }
        let ids: Vec<NoticeId> = of_this.iter().map(|mail| mail.id).collect();
        lock(under_way).begin(notice.id, &ids);
        mails.extend(of_this);
        if mails.len() >= rows {
            break;
        }
    }
    mails.truncate(rows);
    mails
}

/// The mail's id: the row's for the first address, for others one that is made of row and address, so that a repeated mail is known again.
fn mail_id(row: NoticeId, at: usize, address: &[u8; 32]) -> NoticeId {
    if at == 0 {
        return row;
    }
    let hash = crypto::sha256(&[row.as_bytes().as_slice(), address].concat());
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    NoticeId::from_bytes(id)
}

async fn mark(app: &App, under_way: &Mutex<UnderWay>, mail: NoticeId, delivery: Delivery) -> bool {
    let settled = lock(under_way).settled(mail, delivery);
    let written = match settled {
        Some((row, Delivery::Sent)) => write(app, Change::NoticeSent { id: row, at: ambient::now() }).await,
        Some((row, Delivery::Undeliverable)) => given_up(app, row).await,
        None => true,
    };
    if written {
        lock(under_way).forget(mail, delivery);
    }
    written
}

async fn given_up(app: &App, row: NoticeId) -> bool {
    write(app, Change::GiveUpNotice { id: row, at: ambient::now() }).await
}

/// Whether what became of a notice is durable. One that is settled already, or gone with its person, is.
async fn write(app: &App, change: Change) -> bool {
    match commit(app, ChangeSet::new(ambient::now(), [change], Vec::new())).await {
        Ok(()) | Err(CommitError::Lost(_)) => true,
        Err(CommitError::Failed) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: NoticeId = NoticeId::from_bytes([1; 16]);

    #[test]
    fn a_notice_is_settled_with_its_last_mail_and_sent_with_any() {
        let other = mail_id(ROW, 1, &[7; 32]);
        assert_ne!(other, ROW);
        let mut under_way = UnderWay::default();
        under_way.begin(ROW, &[ROW, other]);
        under_way.begin(ROW, &[ROW, other]);
        assert_eq!(under_way.settled(ROW, Delivery::Sent), None);
        under_way.forget(ROW, Delivery::Sent);
        assert_eq!(under_way.settled(other, Delivery::Undeliverable), Some((ROW, Delivery::Sent)));
        under_way.forget(other, Delivery::Undeliverable);
        assert!(under_way.mails.is_empty() && under_way.rows.is_empty());
    }

    #[test]
    fn a_notice_that_reached_nobody_is_undeliverable() {
        let mut under_way = UnderWay::default();
        under_way.begin(ROW, &[ROW]);
        assert_eq!(under_way.settled(ROW, Delivery::Undeliverable), Some((ROW, Delivery::Undeliverable)));
    }
}
