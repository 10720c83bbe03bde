//! The packets of vectors in bursts.

use iiptran_host::{Burst, Error, Outcomes, Place, Sealed, Verdict};

use crate::runner::{Buffer, Runner, verdict_expected};
use crate::{Expect, Step};

/// How many steps from the first on are one burst: the same call of the same object, at one moment. 0 if the
/// first is not of any.
#[must_use]
pub fn together(steps: &[Step]) -> usize {
    let Some(first) = steps.first() else { return 0 };
    let has_burst = |step: &Step| {
        let calls = ["seal", "open", "send", "receive"];
        calls.contains(&step.call.as_str()) && step.options.is_none()
    };
    let is_beside = |step: &&Step| {
        let of = |step: &Step| {
            let Step { call, on, .. } = step.clone();
            (call, on, step.link.clone(), step.network.clone(), step.now)
        };
        has_burst(step) && of(step) == of(first)
    };
    steps.iter().take_while(is_beside).count()
}

impl Runner {
    /// Makes the calls of steps that go together as bursts, and tells what came back for each.
    ///
    /// # Panics
    /// If a step names what does not exist.
    pub fn burst(&mut self, steps: &[Step]) -> Vec<Expect> {
        let parts = steps.chunks(Burst::LENGTH);
        parts.flat_map(|steps| self.part(steps)).collect()
    }

    fn part(&mut self, steps: &[Step]) -> Vec<Expect> {
        let first = &steps[0];
        let mut buffers: Vec<Buffer> = steps.iter().map(Buffer::new).collect();
        let mut burst = Burst::new();
        for Buffer { bytes, place } in &mut buffers {
            burst.push(bytes, *place).expect("a place in the buffer");
        }
        match first.call.as_str() {
            "seal" => {
                let sa = self.outbound.get(&first.on).expect("an outbound SA");
                let outcomes = sa.seal_burst(first.now, &mut burst);
                expected(&outcomes, &mut buffers, |sealed: Sealed, buffer| {
                    Ok(buffer.sealed(sealed))
                })
            }
            "open" => {
                let sa = self.inbound.get_mut(&first.on).expect("an inbound SA");
                let outcomes = sa.open_burst(first.now, &mut burst);
                expected(&outcomes, &mut buffers, |opened, buffer| {
                    Ok(buffer.opened(opened))
                })
            }
            call => {
                let node = self.nodes.get_mut(&first.on).expect("a node");
                let link = node.link(first.link.as_deref().unwrap_or_default());
                let network = node.network(first.network.as_deref().unwrap_or_default());
                let outcomes: Result<Outcomes<Verdict>, _> = if call == "send" {
                    let allowed = network.and_then(|network| node.may_send(network));
                    allowed
                        .and(network)
                        .map(|network| node.send_burst(first.now, network, &mut burst))
                } else {
                    let allowed = link.and_then(|link| node.may_receive(link));
                    allowed
                        .and(link)
                        .map(|link| node.receive_burst(first.now, link, &mut burst))
                };
                match outcomes {
                    Ok(outcomes) => expected(&outcomes, &mut buffers, |verdict, buffer| {
                        verdict_expected(verdict, &buffer.bytes, buffer.place)
                    }),
                    Err(misuse) => vec![Error::from(misuse).into(); steps.len()],
                }
            }
        }
    }
}

/// What the vectors say of outcomes. A packet that met its end is noted to be where it was.
fn expected<R: Copy>(
    outcomes: &Outcomes<R>,
    buffers: &mut [Buffer],
    say: impl Fn(R, &Buffer) -> Result<Expect, Error>,
) -> Vec<Expect> {
    let both = outcomes.iter().zip(buffers);
    both.map(|(outcome, buffer)| {
        let (result, place): (R, Place) = match *outcome {
            Ok(done) => done,
            Err(reason) => return Error::from(reason).into(),
        };
        buffer.place = place;
        say(result, buffer).unwrap_or_else(Expect::from)
    })
    .collect()
}
