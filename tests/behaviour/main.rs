//! The behaviour vectors, in Rust.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::collections::BTreeSet;

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

/// What is sealed in the vectors of Linux is what Linux sent, and what is opened is what it received.
#[test]
fn the_bytes_of_linux_are_those_of_the_captures() {
    let captured = captures::load();
    let packets = || captured.iter().flat_map(|sa| &sa.packets);
    let wire: BTreeSet<&[u8]> = packets().map(|packet| &*packet.wire).collect();
    let inner: BTreeSet<&[u8]> = packets().map(|packet| &*packet.inner).collect();
    let mut counts = [0; 2];
    for step in behaviour::read("linux")
        .cases
        .iter()
        .flat_map(|case| &case.steps)
    {
        let packet = step.expect.packet.as_deref().unwrap_or_default();
        match step.call.as_str() {
            "seal" => {
                assert!(wire.contains(packet), "{}", step.on);
                counts[0] += 1;
            }
            // Transport mode leaves the outer header, which Linux took off before it showed the packet.
            "open" if step.on == "tunnel" => {
                assert!(inner.contains(packet), "{}", step.on);
                counts[1] += 1;
            }
            _ => {}
        }
    }
    assert_eq!(counts[0], 3 * captured.len());
    assert!(counts[1] > 0);
}
