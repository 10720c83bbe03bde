//! Writes the behaviour vectors: makes the calls once and notes what comes back.
//!
//! The files are meant to stay as they are. Where a change of behaviour is wanted, this writes them anew,
//! and the difference shows what changed for every host.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "part of the tests"
)]

mod bursts;
mod linux;
mod networks;
mod nodes;
mod sas;
mod tables;

use iiptran_tests::Hex;
use iiptran_tests::behaviour::{self, Case, Expect, FILES, Runner, Step, Vectors};

/// A case that is being recorded.
struct Record {
    runner: Runner,
    case: Case,
}

impl Record {
    fn new(name: impl Into<String>) -> Self {
        Self {
            runner: Runner::default(),
            case: Case {
                name: name.into(),
                steps: Vec::new(),
            },
        }
    }

    /// Makes a call and notes what comes back.
    fn call(&mut self, mut step: Step) -> Expect {
        step.expect = self.runner.call(&step);
        let expect = step.expect.clone();
        self.case.steps.push(step);
        expect
    }

    fn make(&mut self, call: &str, on: &str, document: &str) -> Expect {
        self.call(Step {
            document: Some(document.into()),
            ..Step::new(call, on)
        })
    }

    /// A call with a packet; the packet that comes back.
    fn packet(&mut self, step: Step, packet: &[u8]) -> Hex {
        let packet = Some(packet.to_vec().into());
        self.call(Step { packet, ..step })
            .packet
            .unwrap_or_else(|| Vec::new().into())
    }

    fn done(self) -> Case {
        self.case
    }
}

fn main() {
    let about = [
        "Packets that Linux 6.1 sent and received, with its keys, sequence numbers and IVs.",
        "SAs alone: every transform, every option, every mistake.",
        "SAD, SPD and FIB alone.",
        "Nodes of every arrangement.",
        "Packets in a row, which hosts take as bursts too, some of them bad.",
        "Networks on a virtual clock.",
    ];
    let cases = [
        linux::cases(),
        sas::cases(),
        tables::cases(),
        nodes::cases(),
        bursts::cases(),
        networks::cases(),
    ];
    for ((file, about), cases) in FILES.into_iter().zip(about).zip(cases) {
        let vectors = Vectors {
            about: about.into(),
            cases,
        };
        behaviour::write(file, &vectors);
        println!("wrote {file}: {} cases", vectors.cases.len());
    }
}
