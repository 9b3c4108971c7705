use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{kinds::Rate, *};

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

fn limits(loopback: LoopbackLimits) -> RequestLimits {
    RequestLimits::new(loopback, &mut Entropy::new([42; model::entropy::ENTROPY_BYTES]))
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Asks until refused; how many were let through.
fn drain(limits: &RequestLimits, kind: LimitKind, ip: IpAddr, now: Timestamp) -> u32 {
    (0..).take_while(|_| limits.admit(kind, ip, now).is_ok()).count().try_into().unwrap()
}

#[test]
fn each_kind_has_a_burst_and_earns_more_with_time() {
    for kind in LimitKind::ALL {
        let (limits, here) = (limits(LoopbackLimits::Limited), ip("203.0.113.9"));
        let Rate { burst, every_millis } = kind.rates().narrow;
        assert_eq!(drain(&limits, kind, here, NOW), burst, "{kind:?}");
        let refused = limits.admit(kind, here, NOW).unwrap_err();
        assert_eq!(refused.seconds, every_millis.div_ceil(1000), "{kind:?}");
        let after = |millis: u32| Timestamp::from_millis(NOW.millis() + i64::from(millis));
        assert!(limits.admit(kind, here, after(every_millis - 1)).is_err(), "{kind:?}");
        assert_eq!(drain(&limits, kind, here, after(every_millis)), 1, "{kind:?}");
        assert_eq!(
            drain(&limits, kind, here, NOW.plus_seconds(100_000)),
            burst,
            "and never more than a burst: {kind:?}"
        );
    }
}

#[test]
fn kinds_and_blocks_are_counted_apart() {
    let limits = limits(LoopbackLimits::Limited);
    let burst = LimitKind::Registration.rates().narrow.burst;
    assert_eq!(drain(&limits, LimitKind::Registration, ip("203.0.113.9"), NOW), burst);
    assert!(limits.admit(LimitKind::DeviceCodeGuess, ip("203.0.113.9"), NOW).is_ok());
    assert_eq!(drain(&limits, LimitKind::Registration, ip("203.0.113.10"), NOW), burst);
    assert_eq!(drain(&limits, LimitKind::Registration, ip("2001:db8::1"), NOW), burst);
}

#[test]
fn the_same_block_in_another_dress_is_the_same_block() {
    let limits = limits(LoopbackLimits::Limited);
    drain(&limits, LimitKind::Registration, ip("203.0.113.9"), NOW);
    assert!(limits.admit(LimitKind::Registration, ip("::ffff:203.0.113.9"), NOW).is_err());
    drain(&limits, LimitKind::Registration, ip("2001:db8:1:2::1"), NOW);
    assert!(limits.admit(LimitKind::Registration, ip("2001:db8:1:2:ffff:ffff:ffff:ffff"), NOW).is_err());
    assert!(limits.admit(LimitKind::Registration, ip("2001:db8:1:3::1"), NOW).is_ok());
}

#[test]
fn changing_addresses_inside_a_wide_block_ends_as_well() {
    let rates = LimitKind::Registration.rates();
    let v4 = limits(LoopbackLimits::Limited);
    let admitted: u32 =
        (0..=255).map(|last| drain(&v4, LimitKind::Registration, Ipv4Addr::new(203, 0, 113, last).into(), NOW)).sum();
    assert_eq!(admitted, rates.wide.burst);
    assert!(v4.admit(LimitKind::Registration, ip("203.0.114.1"), NOW).is_ok());

    let v6 = limits(LoopbackLimits::Limited);
    let admitted: u32 = (0..1000)
        .map(|net| drain(&v6, LimitKind::Registration, Ipv6Addr::new(0x2001, 0xdb8, 1, net, 0, 0, 0, 1).into(), NOW))
        .sum();
    assert_eq!(admitted, rates.wide.burst);
    assert!(v6.admit(LimitKind::Registration, ip("2001:db8:2::1"), NOW).is_ok());
}

#[test]
fn a_refused_request_costs_its_neighbours_nothing() {
    let limits = limits(LoopbackLimits::Limited);
    let (one, wide) = (ip("203.0.113.9"), LimitKind::Registration.rates().wide);
    let spent = drain(&limits, LimitKind::Registration, one, NOW);
    (0..1000).for_each(|_| assert!(limits.admit(LimitKind::Registration, one, NOW).is_err()));
    let others: u32 = (10..=255)
        .map(|last| drain(&limits, LimitKind::Registration, Ipv4Addr::new(203, 0, 113, last).into(), NOW))
        .sum();
    assert_eq!(spent + others, wide.burst);
}

#[test]
fn failures_are_counted_after_the_fact() {
    let (limits, here, kind) =
        (limits(LoopbackLimits::Limited), ip("203.0.113.9"), LimitKind::ClientAuthenticationFailed);
    let Rate { burst, every_millis } = kind.rates().narrow;
    for _ in 0..1000 {
        assert!(limits.peek(kind, here, NOW).is_ok(), "asking costs nothing");
    }
    for _ in 0..burst {
        assert!(limits.peek(kind, here, NOW).is_ok());
        limits.count(kind, here, NOW);
    }
    assert!(limits.peek(kind, here, NOW).is_err());
    // Many that were under way at once can't dig the block in deeper than a full share.
    (0..10_000).for_each(|_| limits.count(kind, here, NOW));
    let seconds = i64::from(every_millis) * 2 / 1000;
    assert!(limits.peek(kind, here, NOW.plus_seconds(seconds)).is_ok());
}

#[test]
fn this_machine_is_free_where_said_so() {
    for here in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        let free = limits(LoopbackLimits::Free);
        (0..1000).for_each(|_| assert!(free.admit(LimitKind::Registration, ip(here), NOW).is_ok()));
        let limited = limits(LoopbackLimits::Limited);
        assert_eq!(
            drain(&limited, LimitKind::Registration, ip(here), NOW),
            LimitKind::Registration.rates().narrow.burst
        );
    }
    let free = limits(LoopbackLimits::Free);
    assert!(drain(&free, LimitKind::Registration, ip("10.0.0.1"), NOW) > 0, "and others are counted");
}

#[test]
fn a_clock_set_back_shuts_nobody_out_and_a_small_step_forgets_nothing() {
    let (limits, here, kind) = (limits(LoopbackLimits::Limited), ip("203.0.113.9"), LimitKind::DeviceCodeGuess);
    let Rate { burst, every_millis } = kind.rates().narrow;
    drain(&limits, kind, here, NOW.plus_seconds(1_000_000));
    assert_eq!(drain(&limits, kind, here, NOW), burst, "it begins anew");
    let wait = limits.admit(kind, here, NOW.plus_seconds(-30)).unwrap_err();
    assert_eq!(wait.seconds, every_millis / 1000 + 30);
}

#[test]
fn a_flood_of_blocks_stays_inside_the_table_and_keeps_the_heaviest() {
    let limits = limits(LoopbackLimits::Limited);
    let heavy = ip("203.0.113.9");
    drain(&limits, LimitKind::DeviceCodeGuess, heavy, NOW);
    let flood = 10 * u32::try_from(Table::places()).unwrap();
    for n in 0..flood {
        let stranger = Ipv4Addr::from_bits(0x2000_0000 + n * 257);
        let _ = limits.admit(LimitKind::JourneyOpened, stranger.into(), NOW);
    }
    assert!(limits.admit(LimitKind::DeviceCodeGuess, heavy, NOW).is_err(), "a flood of others buys nobody new guesses");
}

#[test]
fn blocks_spread_over_the_whole_table() {
    let table = limits(LoopbackLimits::Limited).narrow;
    let count = u32::try_from(Table::places()).unwrap() / 4;
    let rate = LimitKind::JourneyOpened.rates().narrow;
    let block = |n: u32| Block::narrow(LimitKind::JourneyOpened, Ipv4Addr::from_bits(0x0a00_0000 + n).into());
    (0..count).for_each(|n| table.place(block(n)).count(rate, NOW));
    let kept = (0..count).filter(|n| table.place(block(*n)).wait(Rate { burst: 1, ..rate }, NOW) > 0).count();
    assert!(kept as u32 > count / 100 * 98, "{kept} of {count}");
}

#[test]
fn counting_is_exact_under_threads() {
    let (limits, here) = (limits(LoopbackLimits::Limited), ip("203.0.113.9"));
    let admitted: u32 = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..4).map(|_| scope.spawn(|| drain(&limits, LimitKind::JourneyOpened, here, NOW))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(admitted, LimitKind::JourneyOpened.rates().narrow.burst);
}
