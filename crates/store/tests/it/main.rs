//! The store's tests. What any engine must do is in `contract/`; the rest is about SQLite and its files.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod audit;
mod contract;
mod failures;
mod files;
mod fixture;
mod killed;
mod migrations;
mod personal;

/// SQLite, in a directory of its own.
struct Sqlite {
    home: fixture::Home,
    store: Option<store::Store>,
}

impl contract::Engine for Sqlite {
    fn with_queue(queue_max: usize) -> Self {
        let mut home = fixture::Home::empty();
        home.config.queue_max = queue_max;
        let store =
            store::Store::create(&home.config, &fixture::root(), fixture::NOW, &mut fixture::entropy()).unwrap();
        Self { home, store: Some(store) }
    }

    fn store(&self) -> &store::Store {
        self.store.as_ref().unwrap()
    }

    fn restart(mut self, now: model::Timestamp) -> Self {
        self.store.take().unwrap().close(now).unwrap();
        let store = store::Store::open(&self.home.config, &fixture::root(), now).unwrap();
        Self { home: self.home, store: Some(store) }
    }

    fn crash(self) -> Self {
        let home = self.home.snapshot();
        let store = Some(home.open());
        Self { home, store }
    }
}

contract::suite!(Sqlite);
