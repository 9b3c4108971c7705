//! Where names lead, and who proves to be there.

use tempfile::tempdir;

use super::{
    super::{Limits, Loopback, OutboundError, OutboundSettings, Reach},
    World,
    site::{Plays, Site, certificate, json},
};
use crate::outbound::wire::Times;

fn trusting(ca: Option<std::path::PathBuf>, loopback: Loopback) -> World {
    World::with(OutboundSettings { reach: Reach { loopback, internal: Vec::new() }, extra_ca: ca }, Times::PRODUCTION)
}

fn url(site: &Site, name: &str) -> String {
    format!("https://{name}:{}/jwks", site.address.port())
}

#[tokio::test]
async fn a_name_is_asked_once_and_its_address_is_the_one_called() {
    let folder = tempdir().unwrap();
    let (tls, ca) = certificate("keys.test", &folder);
    let site = Site::on("127.0.0.3:0", Plays::Says(json("", "{}")), Some(tls)).await;
    let world = trusting(Some(ca), Loopback::Allowed);
    world.names.then(&["127.0.0.3"]);
    // Whatever a second look-up would say, nobody makes one between judging and connecting.
    world.names.then(&["127.0.0.1"]);
    world.outbound.get(&url(&site, "keys.test"), Limits::JWKS).await.unwrap();
    assert_eq!(world.names.asked(), ["keys.test"]);
    assert_eq!(site.heard().len(), 1);
}

#[tokio::test]
async fn a_name_that_is_rebound_inside_is_refused_from_then_on() {
    let folder = tempdir().unwrap();
    let (tls, ca) = certificate("keys.test", &folder);
    let site = Site::on("127.0.0.1:0", Plays::Says(json("", "{}")), Some(tls)).await;
    let world = trusting(Some(ca), Loopback::Allowed);
    let url = url(&site, "keys.test");
    world.names.then(&["127.0.0.1"]);
    world.outbound.get(&url, Limits::JWKS).await.unwrap();
    world.seconds_pass(3600);
    for inside in [&["10.0.0.5"][..], &["169.254.169.254"], &["127.0.0.1", "192.168.0.1"], &["::ffff:172.16.0.1"]] {
        world.names.then(inside);
        let got = world.outbound.get(&url, Limits::JWKS).await;
        assert!(matches!(got, Err(OutboundError::Forbidden { .. })), "{inside:?}: {got:?}");
        world.seconds_pass(30);
    }
    assert_eq!(world.names.asked().len(), 5, "an old connection is not used again");
    assert_eq!(site.heard().len(), 1);
}

#[tokio::test]
async fn this_machine_is_out_of_reach_in_production() {
    let folder = tempdir().unwrap();
    let (tls, ca) = certificate("keys.test", &folder);
    let site = Site::on("127.0.0.1:0", Plays::Says(json("", "{}")), Some(tls)).await;
    let world = trusting(Some(ca), Loopback::Refused);
    world.names.then(&["127.0.0.1"]);
    for name in ["keys.test", "localhost", "127.0.0.1", "[::ffff:127.0.0.1]"] {
        let got = world.outbound.get(&url(&site, name), Limits::JWKS).await;
        assert!(matches!(got, Err(OutboundError::Forbidden { .. })), "{name}: {got:?}");
        let posted = world.outbound.post_form(&url(&site, name), &[]).await;
        assert!(posted.is_err(), "{name}");
    }
    assert!(site.heard().is_empty());
    let expected = ["keys.test", "keys.test"];
    assert_eq!(world.names.asked(), expected, "nobody else is asked who localhost is");
}

#[tokio::test]
async fn localhost_is_this_machine_without_asking() {
    let (site, world) = (Site::json("", "{}").await, World::here());
    let url = format!("http://localhost:{}/", site.address.port());
    world.outbound.get(&url, Limits::JWKS).await.unwrap();
    assert!(world.names.asked().is_empty());
}

#[tokio::test]
async fn who_is_not_vouched_for_is_not_believed() {
    let folder = tempdir().unwrap();
    let (tls, ca) = certificate("keys.test", &folder);
    let site = Site::on("127.0.0.1:0", Plays::Says(json("", "{}")), Some(tls)).await;
    for (world, name) in
        [(trusting(None, Loopback::Allowed), "keys.test"), (trusting(Some(ca), Loopback::Allowed), "other.test")]
    {
        world.names.then(&["127.0.0.1"]);
        let got = world.outbound.get(&url(&site, name), Limits::JWKS).await;
        assert!(matches!(got, Err(OutboundError::Tls { .. })), "{name}: {got:?}");
    }
    assert!(site.heard().is_empty());
}

#[tokio::test]
async fn a_name_without_an_address_is_unresolvable() {
    let world = trusting(None, Loopback::Refused);
    let got = world.outbound.get("https://nowhere.test/", Limits::JWKS).await;
    assert!(matches!(got, Err(OutboundError::Unresolvable { .. })), "{got:?}");
    world.names.then(&[]);
    let got = world.outbound.get("https://empty.test/", Limits::JWKS).await;
    assert!(matches!(got, Err(OutboundError::Unresolvable { .. })), "{got:?}");
}

#[test]
fn an_address_is_judged_by_its_text_without_a_call() {
    let world = trusting(None, Loopback::Refused);
    assert_eq!(world.outbound.check_url("https://keys.example/jwks"), Ok(()));
    assert!(world.outbound.check_url("http://keys.example/jwks").is_err());
    assert!(world.outbound.check_url("https://192.168.0.1/jwks").is_err());
    assert!(world.names.asked().is_empty());
}
