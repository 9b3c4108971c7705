//! Which addresses may be called. A name is an attacker's promise; an address is what a packet obeys.
//!
//! The lists follow the IANA special-purpose address registries (RFC 6890). For IPv6 the rule is turned round: only global unicast space is
//! public, and what is carved out of it is listed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::settings::{Loopback, Reach};

/// What an address is, as far as calling it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Somewhere on the public internet.
    Public,
    /// This machine.
    Loopback,
    /// Inside an organisation: private, unique-local or shared address space.
    Internal,
    /// Nothing that a fetch has business with: link-local, multicast, documentation, tunnels, metadata services …
    Never,
}

/// Whether `ip` may be called under `reach`.
pub(super) fn permits(reach: &Reach, ip: IpAddr) -> bool {
    match place(ip) {
        Place::Public => true,
        Place::Loopback => reach.loopback == Loopback::Allowed,
        Place::Internal => reach.internal.iter().any(|network| network.contains(carried(ip))),
        Place::Never => false,
    }
}

/// What `ip` is.
pub(super) fn place(ip: IpAddr) -> Place {
    if METADATA_SERVICES.contains(&ip) {
        return Place::Never;
    }
    match ip {
        IpAddr::V4(ip) => place_v4(ip),
        IpAddr::V6(ip) => place_v6(ip),
    }
}

/// Services that hand out a machine's credentials, at addresses that no other rule below refuses for good.
const METADATA_SERVICES: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

fn place_v4(ip: Ipv4Addr) -> Place {
    let [a, b, c, _] = ip.octets();
    match (a, b, c) {
        (127, _, _) => Place::Loopback,
        // RFC 1918 §3, and RFC 6598 §7: shared between a carrier and its customers.
        (10, _, _) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) => Place::Internal,
        // RFC 1122 §3.2.1.3: "this network". Many systems take 0.0.0.0 for themselves.
        (0, _, _)
        // RFC 3927: link-local, where metadata services live.
        | (169, 254, _)
        // RFC 6890 §2.2.2: protocol assignments. RFC 5737: documentation. RFC 7526: the anycast address of 6to4.
        | (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99)
        // RFC 2544 appendix C: benchmarking.
        | (198, 18..=19, _)
        // RFC 5771: multicast. RFC 1112 §4: reserved, with the limited broadcast.
        | (224..=255, _, _) => Place::Never,
        (_, _, _) => Place::Public,
    }
}

fn place_v6(ip: Ipv6Addr) -> Place {
    if ip.is_loopback() {
        return Place::Loopback;
    }
    if let Some(v4) = embedded(ip) {
        return place(IpAddr::V4(v4));
    }
    let s = ip.segments();
    // RFC 4193 §3.1: unique local.
    if s[0] & 0xfe00 == 0xfc00 {
        return Place::Internal;
    }
    // RFC 4291 §2.4: global unicast is 2000::/3 today. Unspecified, link-local, site-local, multicast and all unassigned space are outside.
    let global = s[0] & 0xe000 == 0x2000;
    // RFC 6890 §2.2.3: 2001::/23 holds Teredo, benchmarking, ORCHID and other protocol assignments, and no web server.
    let assignments = s[0] == 0x2001 && s[1] < 0x0200;
    // RFC 3849 and RFC 9637: documentation.
    let documentation = (s[0] == 0x2001 && s[1] == 0x0db8) || (s[0] == 0x3fff && s[1] < 0x1000);
    // RFC 7526: 6to4 is retired, whatever address it carries.
    let six_to_four = s[0] == 0x2002;
    if global && !assignments && !documentation && !six_to_four { Place::Public } else { Place::Never }
}

/// The IPv4 address that a packet to `ip` would reach in the end.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let low = Ipv4Addr::from_bits((u32::from(s[6]) << 16) | u32::from(s[7]));
    match s {
        // RFC 4291 §2.5.5.1 and §2.5.5.2: compatible and mapped. `::` and `::1` are addresses of their own, and 0.0.0.0/8 is refused anyway.
        [0, 0, 0, 0, 0, 0 | 0xffff, _, _]
        // RFC 2765 §2.1: translated.
        | [0, 0, 0, 0, 0xffff, 0, _, _]
        // RFC 6052 §2.1: what a NAT64 gateway translates.
        | [0x0064, 0xff9b, 0, 0, 0, 0, _, _]
        // RFC 5214 §6.1: ISATAP, under whatever prefix.
        | [_, _, _, _, 0 | 0x0200, 0x5efe, _, _] => Some(low),
        _ => None,
    }
}

/// The address that `Reach::internal` speaks of: the embedded one where there is one.
fn carried(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => embedded(v6).map_or(ip, IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Network;

    fn check(place_expected: Place, addresses: &[&str]) {
        for address in addresses {
            assert_eq!(place(address.parse().unwrap()), place_expected, "{address}");
        }
    }

    #[test]
    fn public_addresses_are_public() {
        check(Place::Public, &["1.1.1.1", "9.9.9.9", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"]);
        check(Place::Public, &["172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0"]);
        check(Place::Public, &["169.253.255.255", "169.255.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255"]);
        check(Place::Public, &["2606:4700::1111", "2001:4860:4860::8888", "2a00::1", "2001:200::1", "3fff:1000::1"]);
        // Mapped and translated forms are what they carry.
        check(Place::Public, &["::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]);
    }

    #[test]
    fn this_machine_is_known_in_every_dress() {
        check(Place::Loopback, &["127.0.0.1", "127.255.255.255", "127.1.2.3", "::1"]);
        check(Place::Loopback, &["::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::127.0.0.1"]);
        check(Place::Loopback, &["::ffff:0:127.0.0.1", "2a00::5efe:127.0.0.1", "fe80::200:5efe:127.0.0.1"]);
    }

    #[test]
    fn inside_addresses_are_known_in_every_dress() {
        check(Place::Internal, &["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.1"]);
        check(Place::Internal, &["100.64.0.0", "100.127.255.255", "fc00::1", "fdff:ffff::1"]);
        check(Place::Internal, &["::ffff:10.0.0.1", "64:ff9b::192.168.1.1", "::10.0.0.1", "2a00::200:5efe:10.0.0.1"]);
    }

    #[test]
    fn what_no_fetch_has_business_with_is_refused_for_good() {
        check(Place::Never, &["0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "255.255.255.255", "240.0.0.1"]);
        check(Place::Never, &["224.0.0.1", "239.255.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1"]);
        check(Place::Never, &["198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9"]);
        check(Place::Never, &["::", "fe80::1", "febf::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1"]);
        check(
            Place::Never,
            &["2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1"],
        );
        check(Place::Never, &["2002:7f00:1::", "2002:a00:1::", "2002:101:101::1", "5f00::1", "4000::1"]);
        // RFC 8215: a local NAT64 prefix; where in it the address stands, only its owner knows.
        check(Place::Never, &["64:ff9b:1::7f00:1", "64:ff9b:1::1.1.1.1"]);
        check(
            Place::Never,
            &["::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "::ffff:0.0.0.0", "::ffff:203.0.113.9"],
        );
    }

    #[test]
    fn metadata_services_are_refused_wherever_they_live() {
        check(Place::Never, &["168.63.129.16", "::ffff:168.63.129.16", "64:ff9b::168.63.129.16", "100.100.100.200"]);
        check(Place::Never, &["::ffff:100.100.100.200", "fd00:ec2::254", "fd20:ce::254"]);
    }

    #[test]
    fn an_operator_opens_inside_blocks_and_nothing_else() {
        let everything = ["0.0.0.0/0", "::/0"].map(|block| Network::parse(block).unwrap()).to_vec();
        let open = Reach { loopback: Loopback::Refused, internal: everything };
        for (address, permitted) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("fd12::1", true),
            ("1.1.1.1", true),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("fe80::1", false),
            ("fd00:ec2::254", false),
            ("100.100.100.200", false),
        ] {
            assert_eq!(permits(&open, address.parse().unwrap()), permitted, "{address}");
        }
        let one = Reach { loopback: Loopback::Refused, internal: vec![Network::parse("10.1.0.0/16").unwrap()] };
        assert!(permits(&one, "64:ff9b::10.1.2.3".parse().unwrap()));
        assert!(!permits(&one, "10.2.0.1".parse().unwrap()));
    }

    #[test]
    fn loopback_opens_by_its_own_switch() {
        let reach = Reach { loopback: Loopback::Allowed, internal: Vec::new() };
        assert!(permits(&reach, "127.0.0.1".parse().unwrap()));
        assert!(!permits(&reach, "10.0.0.1".parse().unwrap()));
        assert!(!permits(&Reach::default(), "127.0.0.1".parse().unwrap()));
    }
}
