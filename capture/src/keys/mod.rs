//! Files with the keys of SAs, in three formats.

mod key_file;
mod pattern;
#[cfg(test)]
mod tests;
pub mod wireshark;
pub mod xfrm;

pub use key_file::{KeyEntry, KeyError, KeyFile, Note, Place};
pub use pattern::{AddressPattern, SpiPattern};

/// A format of key files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum KeyFormat {
    /// IIPtran's own document, TOML or JSON.
    #[default]
    Iiptran,
    /// Wireshark's table of ESP SAs, `esp_sa`.
    Wireshark,
    /// `ip xfrm state` of Linux.
    IpXfrm,
}

impl KeyFormat {
    /// The format that a text is in, by the first line that says something.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut lines = text.lines().map(str::trim);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
        match first {
            Some(line) if line.starts_with('"') => Self::Wireshark,
            Some(line) if line.starts_with("src ") || line.contains("xfrm ") => Self::IpXfrm,
            _ => Self::Iiptran,
        }
    }

    /// Its name on command lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iiptran => "iiptran",
            Self::Wireshark => "wireshark",
            Self::IpXfrm => "ip-xfrm",
        }
    }
}

/// The keys in a capture's comment ([`crate::CaptureReader::comment`]), to be read as a key file of any format;
/// `None` for a comment that is of something else.
#[must_use]
pub fn in_comment(comment: &str) -> Option<&str> {
    let any = |is: fn(&str) -> bool| comment.lines().map(str::trim).any(is);
    let is_keys = match KeyFormat::of(comment) {
        KeyFormat::Wireshark => any(|line| line.starts_with("\"IPv")),
        KeyFormat::IpXfrm => any(|line| {
            let is_printed = line.starts_with("src ") && line.contains(" dst ");
            is_printed || line.starts_with("ip xfrm state ")
        }),
        KeyFormat::Iiptran => {
            comment.trim_start().starts_with('{') || any(|line| line.starts_with("[[sas]]"))
        }
    };
    is_keys.then_some(comment)
}
