//! Limits on strangers: one count for each kind of door.

use http::StatusCode;

use crate::{
    clients::restarted,
    world::{WEB_REDIRECT, World, authorize},
};

/// What one address may open at once.
const BURST: usize = 600;
/// What time earns it while the test runs.
const EARNED_MAX: usize = 250;

#[tokio::test]
async fn journeys_opened_at_two_doors_are_counted_together() {
    let world = restarted(World::new(), |settings| settings.oauth.loopback_is_limited = true);
    for _ in 0..BURST / 2 {
        let opened = world.get("/sign-in").await;
        assert_ne!(opened.status, StatusCode::TOO_MANY_REQUESTS);
    }
    let path = authorize("web-app", WEB_REDIRECT, "openid");
    for opened in 0..BURST / 2 + EARNED_MAX {
        if world.get(&path).await.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(opened >= BURST / 2, "refused too early, at {opened}");
            return;
        }
    }
    panic!("what was opened at one door did not count at the other");
}
