//! From which address a request comes, when proxies stand in front.

use std::net::IpAddr;

use axum::http::HeaderMap;

use crate::settings::Network;

/// Most addresses looked at: more proxies than stand in any row.
const HOPS_MAX: usize = 16;

/// The address that a request comes from: `peer`, or, while that is a trusted proxy, whoever it says it heard the request from.
///
/// `X-Forwarded-For` is read from its end, because each proxy adds there whom it talked to; what stands further left was written by whoever sent
/// the request. A proxy that adds nothing, or something unreadable, answers for everybody behind it: then all of them share its limits. `trusted`
/// is empty unless connections come through listed proxies, and the header counts for nothing then. The address is for limits; nothing is
/// allowed because of it.
#[must_use]
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let mut client = peer.to_canonical();
    let fields = headers.get_all("x-forwarded-for").iter().rev();
    let hops = fields.flat_map(|field| field.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops.take(HOPS_MAX) {
        if !trusted.iter().any(|network| network.contains(client)) {
            break;
        }
        let Some(ip) = std::str::from_utf8(hop).ok().and_then(|text| read(text.trim())) else { break };
        client = ip;
    }
    client
}

/// An address, alone or with a port, as proxies write them.
fn read(text: &str) -> Option<IpAddr> {
    let ip =
        text.parse::<IpAddr>().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()));
    let bare = || text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|inner| inner.parse().ok());
    ip.or_else(bare).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let mut headers = HeaderMap::new();
        for field in forwarded {
            headers.append("x-forwarded-for", field.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|block| Network::parse(block).unwrap());
        let found = client_address(peer.parse().unwrap(), &headers, &trusted);
        assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
    }

    #[test]
    fn strangers_speak_for_themselves_only() {
        check("203.0.113.9", &[], "203.0.113.9");
        check("203.0.113.9", &["198.51.100.1"], "203.0.113.9");
        check("::ffff:203.0.113.9", &["198.51.100.1"], "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_tells_whom_it_heard() {
        check("10.0.0.1", &["203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["203.0.113.9:4711"], "203.0.113.9");
        check("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1");
        check("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1");
        check("fd00::1", &["2001:db8::1"], "2001:db8::1");
        check("10.0.0.1", &["203.0.113.9, 10.0.0.2"], "203.0.113.9");
        check("10.0.0.1", &["203.0.113.9", "10.0.0.2"], "203.0.113.9");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        check("10.0.0.1", &["198.51.100.1, 203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["10.0.0.7, 203.0.113.9, 10.0.0.2"], "203.0.113.9");
        check("10.0.0.1", &["198.51.100.1", "203.0.113.9"], "203.0.113.9");
    }

    #[test]
    fn a_proxy_that_says_nothing_readable_answers_for_all() {
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["unknown"], "10.0.0.1");
        check("10.0.0.1", &[""], "10.0.0.1");
        check("10.0.0.1", &["203.0.113.9, _hidden"], "10.0.0.1");
        check("10.0.0.1", &["203.0.113.9, nonsense, 10.0.0.2"], "10.0.0.2");
    }

    #[test]
    fn endless_rows_end() {
        let row = vec!["10.0.0.3"; 1000].join(",");
        check("10.0.0.1", &[&format!("203.0.113.9,{row}")], "10.0.0.3");
    }
}
