//! From a name to the addresses that may be called.
//!
//! The client asks here when it connects, and connects to what it is given and nothing else. There is no second look-up between the judgement
//! and the connection for a rebinding name server to answer differently.

use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use super::{
    address,
    settings::{Loopback, Reach},
    url::is_localhost,
};

/// Most look-ups under way. The system's resolver can't be called off, so those of silent name servers go on after nobody waits.
const LOOKUPS_MAX: usize = 64;
/// Most addresses tried for one name.
const ADDRESSES_MAX: usize = 8;

/// A future that a look-up returns.
pub(super) type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Whoever knows the addresses of names.
pub(super) trait Lookup: Send + Sync + 'static {
    /// All addresses of `name`.
    fn lookup(&self, name: &str) -> Looking;
}

/// The system's own resolver.
pub(super) struct System {
    under_way: Arc<Semaphore>,
}

impl System {
    pub(super) fn new() -> Self {
        Self { under_way: Arc::new(Semaphore::new(LOOKUPS_MAX)) }
    }
}

impl Lookup for System {
    fn lookup(&self, name: &str) -> Looking {
        let (name, permit) = (name.to_owned(), self.under_way.clone().try_acquire_owned());
        Box::pin(async move {
            let permit = permit.map_err(|_| io::Error::from(io::ErrorKind::ResourceBusy))?;
            let looked_up = tokio::task::spawn_blocking(move || {
                let _until_done = permit;
                (name.as_str(), 0).to_socket_addrs().map(|found| found.map(|socket| socket.ip()).collect())
            });
            looked_up.await.map_err(io::Error::other)?
        })
    }
}

/// Why a name gave no address to connect to. The client wraps it; [`super::wire`] finds it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unresolved {
    #[error("an address of this name must not be called")]
    Forbidden,
    #[error("this name has no address")]
    NoAddress,
    #[error("too many names are being looked up")]
    Busy,
}

/// The resolver that the client uses.
pub(super) struct Guarded {
    pub(super) reach: Reach,
    pub(super) lookup: Arc<dyn Lookup>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach.clone();
        // RFC 6761 §6.3: this name is answered without asking anybody, so that nobody can answer it differently.
        if is_localhost(name.as_str()) {
            return Box::pin(async move {
                match reach.loopback {
                    Loopback::Allowed => Ok(addresses(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])),
                    Loopback::Refused => Err(Unresolved::Forbidden.into()),
                }
            });
        }
        let looking = self.lookup.lookup(name.as_str());
        Box::pin(async move {
            let found = looking.await.map_err(|error| match error.kind() {
                io::ErrorKind::ResourceBusy => Unresolved::Busy,
                _ => Unresolved::NoAddress,
            })?;
            Ok(addresses(judge(&reach, found)?))
        })
    }
}

/// All of them, or none: a name with one forbidden address is up to something, or is misconfigured so that trying again would reach inside.
fn judge(reach: &Reach, mut found: Vec<IpAddr>) -> Result<Vec<IpAddr>, Unresolved> {
    if found.is_empty() {
        return Err(Unresolved::NoAddress);
    }
    if !found.iter().all(|ip| address::permits(reach, *ip)) {
        return Err(Unresolved::Forbidden);
    }
    found.truncate(ADDRESSES_MAX);
    Ok(found)
}

/// Port 0 stands for the port of the URL.
fn addresses(found: Vec<IpAddr>) -> Addrs {
    Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(addresses: &[&str], expected: Result<usize, Unresolved>) {
        let found = addresses.iter().map(|text| text.parse().unwrap()).collect();
        assert_eq!(judge(&Reach::default(), found).map(|left| left.len()), expected, "{addresses:?}");
    }

    #[test]
    fn one_forbidden_address_refuses_the_name() {
        check(&["1.1.1.1", "2606:4700::1111"], Ok(2));
        check(&["1.1.1.1", "127.0.0.1"], Err(Unresolved::Forbidden));
        check(&["169.254.169.254", "1.1.1.1"], Err(Unresolved::Forbidden));
        check(&["1.1.1.1", "::ffff:10.0.0.1"], Err(Unresolved::Forbidden));
        check(&[], Err(Unresolved::NoAddress));
    }

    #[test]
    fn every_address_is_judged_and_few_are_tried() {
        check(&["1.1.1.1"; 20], Ok(ADDRESSES_MAX));
        let mut many = ["1.1.1.1"; 20];
        many[19] = "10.0.0.1";
        check(&many, Err(Unresolved::Forbidden));
    }
}
