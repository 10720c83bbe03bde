//! The observer: events into a file, packets into captures.

use std::io::{BufWriter, Write};
use std::path::Path;

use iiptran::network::{Carriage, Event, Network, Observer, Record};
use iiptran::{Instant, Verdict};

use super::captures::Captures;
use crate::failure::Failure;

/// Watches a run for what was asked.
pub(super) struct Watch {
    events: Option<BufWriter<Box<dyn Write>>>,
    captures: Option<Captures>,
    /// The first thing that went wrong; nothing is written after it.
    failure: Option<Failure>,
    pub(super) carried: u64,
    pub(super) received: u64,
    pub(super) dropped: u64,
}

impl Watch {
    pub(super) fn new(
        events: Option<BufWriter<Box<dyn Write>>>,
        captures: Option<Captures>,
    ) -> Self {
        Self {
            events,
            captures,
            failure: None,
            carried: 0,
            received: 0,
            dropped: 0,
        }
    }

    pub(super) const fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Writes out what is buffered.
    pub(super) fn finish(self, events: Option<&Path>, network: &Network) -> Result<(), Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if let (Some(mut writer), Some(file)) = (self.events, events) {
            writer.flush().map_err(|error| Failure::file(file, error))?;
        }
        match self.captures {
            Some(captures) => captures.finish(&network.keys()),
            None => Ok(()),
        }
    }

    fn write(&mut self, time: Instant, event: &Event<'_>) -> Result<(), Failure> {
        if let Some(events) = &mut self.events {
            serde_json::to_writer(&mut *events, &Record { time, event })?;
            events.write_all(b"\n")?;
        }
        if let Some(captures) = &mut self.captures
            && let Event::Carried {
                wire,
                bytes,
                arrival: Carriage::Arrives(_),
                ..
            } = event
        {
            captures.write(wire, time, bytes)?;
        }
        Ok(())
    }
}

impl Observer for Watch {
    fn event(&mut self, time: Instant, event: &Event<'_>) {
        match event {
            Event::Carried { .. } => self.carried += 1,
            Event::Received { .. } => self.received += 1,
            Event::Verdict {
                verdict: Verdict::Drop(_),
                ..
            } => self.dropped += 1,
            _ => {}
        }
        if self.failure.is_none()
            && let Err(failure) = self.write(time, event)
        {
            self.failure = Some(failure);
        }
    }
}
