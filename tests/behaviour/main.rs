//! The behaviour vectors, in Rust.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::collections::BTreeSet;

use iiptran::Arrangement;
use iiptran_tests::behaviour::{self, FILES, Runner, Vectors};
use iiptran_tests::captures;

fn run(vectors: &Vectors) -> usize {
    for case in &vectors.cases {
        let mut runner = Runner::default();
        for (number, step) in case.steps.iter().enumerate() {
            let place = format!("{}, step {number}: {}", case.name, step.call);
            assert_eq!(runner.call(step), step.expect, "{place}");
        }
    }
    vectors.cases.iter().map(|case| case.steps.len()).sum()
}

#[test]
fn host_01_every_call_gives_what_it_gave_before() {
    let steps: usize = FILES.iter().map(|file| run(&behaviour::read(file))).sum();
    assert!(steps > 1000, "{steps}");
}

/// Whatever stands in a row is a burst, and its packets get what they got one by one.
#[test]
fn host_10_packets_in_bursts_get_what_they_got_alone() {
    let mut longest = 0;
    for case in FILES.iter().flat_map(|file| behaviour::read(file).cases) {
        let mut runner = Runner::default();
        let mut number = 0;
        while let Some(step) = case.steps.get(number) {
            let place = format!("{}, step {number}: {}", case.name, step.call);
            let count = behaviour::together(&case.steps[number..]);
            let steps = &case.steps[number..number + count.max(1)];
            let given = match count {
                0 => vec![runner.call(step)],
                _ => runner.burst(steps),
            };
            let expect: Vec<_> = steps.iter().map(|step| step.expect.clone()).collect();
            assert_eq!(given, expect, "{place}");
            longest = longest.max(count);
            number += steps.len();
        }
    }
    assert!(longest > 64, "{longest}");
}

/// What is sealed in the vectors of Linux is what Linux sent, and what is opened is what it received.
#[test]
fn the_bytes_of_linux_are_those_of_the_captures() {
    let captured = captures::load();
    let packets = || captured.iter().flat_map(|sa| &sa.packets);
    let wire: BTreeSet<&[u8]> = packets().map(|packet| &*packet.wire).collect();
    let inner: BTreeSet<&[u8]> = packets().map(|packet| &*packet.inner).collect();
    let mut counts = [0; 3];
    for step in behaviour::read("linux")
        .cases
        .iter()
        .flat_map(|case| &case.steps)
    {
        let packet = step.expect.packet.as_deref().unwrap_or_default();
        match step.call.as_str() {
            "seal" => {
                assert!(wire.contains(packet), "{}", step.on);
                counts[usize::from(step.on == "tunnel")] += 1;
            }
            // Transport mode leaves the outer header, which Linux took off before it showed the packet.
            "open" if step.on == "tunnel" => {
                assert!(inner.contains(packet), "{}", step.on);
                counts[2] += 1;
            }
            _ => {}
        }
    }
    let tunnels = captured
        .iter()
        .filter(|sa| sa.arrangement != Arrangement::Transport);
    let tunnels = 3 * tunnels.count();
    assert_eq!(counts, [3 * captured.len(), tunnels, tunnels]);
}
