//! How far a large file is, for somebody who watches.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

/// A bar on the terminal; nothing where nobody watches, or where it is over in a moment.
pub(super) struct Progress {
    bar: ProgressBar,
    packets: u64,
}

impl Progress {
    /// Bytes from which a file counts as large.
    const LARGE: u64 = 32 << 20;
    /// Packets between two looks.
    const STEP: u64 = 4096;

    /// A bar for a file of so many bytes.
    pub(super) fn new(length: Option<u64>) -> Self {
        let is_shown =
            length.is_some_and(|length| length >= Self::LARGE) && io::stderr().is_terminal();
        let target = if is_shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar =
            ProgressBar::with_draw_target(length, target).with_finish(ProgressFinish::AndClear);
        if let Ok(style) = ProgressStyle::with_template(
            "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
        ) {
            bar.set_style(style);
        }
        Self { bar, packets: 0 }
    }

    /// One more packet, of which the last byte is here.
    pub(super) fn at(&mut self, position: u64) {
        self.packets += 1;
        if self.packets.is_multiple_of(Self::STEP) {
            self.bar.set_position(position);
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
