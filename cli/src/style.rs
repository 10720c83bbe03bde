//! The styles of the output. No meaning is in a colour alone.

use anstyle::{AnsiColor, Style};

/// An error.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// A warning.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// A heading.
pub(crate) const HEADING: Style = Style::new().bold();
/// What matters less.
pub(crate) const DIM: Style = Style::new().dimmed();
/// What is taken, or goes well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What is refused, or does not work.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// What works at a price.
pub(crate) const FAIR: Style = AnsiColor::Yellow.on_default();
/// Bytes that are new.
pub(crate) const NEW: Style = AnsiColor::Green.on_default().bold();
/// Bytes that changed.
pub(crate) const CHANGED: Style = AnsiColor::Yellow.on_default().bold();
