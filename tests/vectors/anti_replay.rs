//! Anti-replay with extended sequence numbers (RFC 4303 appendix A2).

use iiptran::esp::ReplayWindow;
use iiptran::sa::{Diagnosis, InboundSa, OutboundSa, SaParameters, SealOptions};
use iiptran::transform::Transform;
use iiptran::wire::Spi;
use iiptran::{DropReason, Mode, PacketBuffer};
use iiptran_tests::{Ip, KEY_BYTES, NOW, keys, process, vectors};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    window: u32,
    top: u64,
    received: Vec<u64>,
    steps: Vec<Step>,
}

/// A packet and what becomes of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    sequence: u64,
    inferred_high: Option<u64>,
    outcome: Outcome,
    top: u64,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Accept,
    Replayed,
    BadIcv,
    LeftOfWindow,
}

fn scenarios() -> Vec<Scenario> {
    let scenarios: Vec<Scenario> = vectors::load("rfc4303-anti-replay");
    assert_eq!(scenarios.len(), 11);
    let steps: usize = scenarios.iter().map(|scenario| scenario.steps.len()).sum();
    assert_eq!(steps, 44);
    scenarios
}

#[test]
fn seq_07_the_window_infers_and_judges() {
    for scenario in scenarios() {
        let mut window = ReplayWindow::new(scenario.window).unwrap();
        window.restore(scenario.top, scenario.received.iter().copied());
        for step in &scenario.steps {
            let low = u32::try_from(step.sequence & u64::from(u32::MAX)).unwrap();
            let inferred = window.infer(low);
            let high = inferred.map(|sequence| sequence >> 32);
            assert_eq!(high.ok(), step.inferred_high, "{}", scenario.name);
            let outcome = match inferred.and_then(|sequence| window.check(sequence)) {
                Err(DropReason::Replayed) => Outcome::Replayed,
                Err(DropReason::LeftOfWindow) => Outcome::LeftOfWindow,
                Err(reason) => panic!("{}: {reason}", scenario.name),
                // The ICV covers the sender's number.
                Ok(()) if inferred != Ok(step.sequence) => Outcome::BadIcv,
                Ok(()) => {
                    window.receive(step.sequence);
                    Outcome::Accept
                }
            };
            assert!(outcome == step.outcome, "{}", scenario.name);
            assert_eq!(window.top(), step.top, "{}", scenario.name);
        }
    }
}

/// What is inside the packets.
const CONTENT: &[u8] = b"a refused packet does not show this";

/// An SA with extended sequence numbers whose receiver has the window of the scenario.
fn parameters(scenario: &Scenario, transform: Transform, retries: u32) -> SaParameters {
    let keys = keys(transform, &[7; KEY_BYTES]);
    // The received number of a scenario is its top; that is what a restored SA starts from.
    assert!(
        scenario
            .received
            .iter()
            .all(|&sequence| sequence == scenario.top)
    );
    SaParameters {
        extended_sequence: true,
        start: scenario.top,
        window: Some(scenario.window),
        diagnosis: Diagnosis {
            retries_per_second: retries,
        },
        ..SaParameters::new(Spi(0x1000), Mode::Transport, transform, keys)
    }
}

fn run(scenario: &Scenario, transform: Transform, retries: u32) {
    let parameters = parameters(scenario, transform, retries);
    let sender = SaParameters {
        start: 0,
        ..parameters.clone()
    };
    let sender = OutboundSa::new(sender).unwrap();
    let mut receiver = InboundSa::new(parameters).unwrap();
    let clear = ["192.0.2.1", "192.0.2.2"].map(|end| end.parse().unwrap());
    let clear = Ip::udp(clear, CONTENT).bytes();
    for step in &scenario.steps {
        let options = SealOptions {
            sequence: Some(step.sequence),
            ..SealOptions::default()
        };
        let sealed = process(&clear, |packet| sender.seal_with(NOW, packet, &options)).unwrap();
        let was_top = receiver.window().unwrap().top();
        let mut buffer = PacketBuffer::new(&sealed);
        let opened = buffer.process(|packet| receiver.open(NOW, packet));
        let opened = opened.map(|_| buffer.bytes());
        let expected = match step.outcome {
            Outcome::Accept => Ok(&*clear),
            Outcome::Replayed => Err(DropReason::Replayed),
            Outcome::LeftOfWindow => Err(DropReason::LeftOfWindow),
            // A second look tells a late packet from a forged one.
            Outcome::BadIcv if retries > 0 && step.sequence < was_top => {
                Err(DropReason::LeftOfWindow)
            }
            Outcome::BadIcv => Err(DropReason::BadIcv),
        };
        assert_eq!(opened, expected, "{}", scenario.name);
        let mut windows = buffer.bytes().windows(CONTENT.len());
        let is_readable = windows.any(|window| window == CONTENT);
        assert_eq!(is_readable, expected.is_ok(), "{}", scenario.name);
        assert_eq!(
            receiver.window().unwrap().top(),
            step.top,
            "{}",
            scenario.name
        );
    }
}

/// An AEAD and a separate integrity algorithm cover the high half in different places.
#[test]
fn seq_08_an_sa_receives_accordingly() {
    let transforms = [
        Transform::from_names("aes-128-gcm-16", None),
        Transform::from_names("aes-128-cbc", Some("hmac-sha2-256-128")),
    ];
    for transform in transforms.map(Result::unwrap) {
        for scenario in scenarios() {
            run(&scenario, transform, 0);
            run(&scenario, transform, 100);
        }
    }
}
