//! Reading SAs of Linux.

use core::net::IpAddr;
use core::str::FromStr;

use iiptran::config::{
    AddressRangeText, DirectionName, HexKey, ModeName, OffName, OrOpaque, PortRangeText,
    ProtocolText, SaConfig, SelectorsConfig, UdpEncapsulationConfig, WindowConfig,
};
use iiptran::esp::ReplayWindow;
use iiptran::transform::{Keys, SecretBytes};
use iiptran::wire::Spi;

use super::names;
use super::words::{Statement, Word, statements};
use crate::keys::key_file::{KeyEntry, Note, Parsed, Place};
use crate::keys::pattern::{AddressPattern, SpiPattern};

/// Reads commands, or what `ip xfrm state` printed.
pub fn read(text: &str) -> Parsed {
    let (mut entries, mut notes) = (Vec::new(), Vec::new());
    for statement in statements(text)? {
        let place = Place::Line(statement.line);
        let mut state = State::default();
        for line in &statement.lines {
            let mut words = Words {
                words: line.iter().peekable(),
                line: line.first().map_or(statement.line, |word| word.line),
            };
            // Behind these come counters, some of them under names of parameters.
            if !statement.is_command && matches!(words.peek(), Some("lifetime" | "stats:")) {
                break;
            }
            state.line(&statement, &mut words)?;
        }
        for lost in state.lost.drain(..) {
            notes.push(Note::lost(&place, lost));
        }
        match state.entry(&place) {
            Ok(entry) => entries.push(entry),
            Err(cause) => notes.push(Note::left_out(&place, cause)),
        }
    }
    Ok((entries, notes))
}

/// What was read of an SA.
#[derive(Default)]
struct State {
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    protocol: Option<String>,
    spi: Option<u32>,
    mode: Option<String>,
    aead: Option<(String, SecretBytes, u32)>,
    encryption: Option<(String, SecretBytes)>,
    integrity: Option<(String, SecretBytes, Option<u32>)>,
    compression: bool,
    direction: Option<DirectionName>,
    encapsulation: Option<UdpEncapsulationConfig>,
    window: Option<u32>,
    extended: bool,
    // Low and high half of the highest number, received or sent.
    number: u32,
    number_high: u32,
    selectors: SelectorsConfig,
    lost: Vec<String>,
}

type Fault = (usize, String);

struct Words<'w> {
    words: core::iter::Peekable<core::slice::Iter<'w, Word>>,
    line: usize,
}

impl<'w> Words<'w> {
    fn next(&mut self) -> Option<&'w str> {
        let word = self.words.next()?;
        self.line = word.line;
        Some(word.text.trim_end_matches(','))
    }

    fn peek(&mut self) -> Option<&'w str> {
        self.words.peek().map(|word| word.text.as_str())
    }

    fn value(&mut self, of: &str) -> Result<&'w str, Fault> {
        let line = self.line;
        self.next()
            .ok_or_else(|| (line, format!("behind \"{of}\" something is missing")))
    }

    fn parse<T: FromStr>(&mut self, of: &str, what: &str) -> Result<T, Fault> {
        let text = self.value(of)?;
        text.parse().map_err(|_| {
            (
                self.line,
                format!("\"{of} {text}\": \"{text}\" is not {what}"),
            )
        })
    }

    /// A number, which may be hexadecimal and be repeated in brackets.
    fn number(&mut self, of: &str) -> Result<u32, Fault> {
        let text = self.value(of)?;
        let digits = text.split_once('(').map_or(text, |(digits, _)| digits);
        let number = match digits.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        };
        number.ok_or_else(|| {
            (
                self.line,
                format!("\"{of} {text}\": \"{text}\" is not a number of 32 bits"),
            )
        })
    }

    /// A key, and its length in brackets, as statistics have it.
    fn key(&mut self, of: &str) -> Result<SecretBytes, Fault> {
        let text = self.value(of)?;
        if self.peek().is_some_and(|next| next.starts_with('(')) {
            while self.next().is_some_and(|word| !word.ends_with(')')) {}
        }
        if !text.starts_with("0x") {
            return Ok(text.as_bytes().into());
        }
        text.parse::<HexKey>()
            .map(|key| key.0)
            .map_err(|cause| (self.line, format!("{of}: {cause}")))
    }
}

impl State {
    fn line(&mut self, statement: &Statement, words: &mut Words<'_>) -> Result<(), Fault> {
        while let Some(word) = words.next() {
            let known = self.word(word, words)? || self.number_of(word, words)?;
            if known {
                continue;
            }
            if !statement.is_command {
                // Counters, times and devices, in lines of their own.
                return Ok(());
            }
            self.lost.push(format!("\"{word}\" is not taken over"));
            words.next();
        }
        Ok(())
    }

    fn word(&mut self, word: &str, words: &mut Words<'_>) -> Result<bool, Fault> {
        match word {
            "src" => self.source = Some(words.parse(word, "an address")?),
            "dst" => self.destination = Some(words.parse(word, "an address")?),
            "proto" => self.protocol = Some(words.value(word)?.to_string()),
            "spi" => self.spi = Some(words.number(word)?),
            "mode" => self.mode = Some(words.value(word)?.to_string()),
            "aead" => {
                let name = words.value(word)?.to_string();
                self.aead = Some((name, words.key(word)?, words.number(word)?));
            }
            "auth-trunc" => {
                let name = words.value(word)?.to_string();
                self.integrity = Some((name, words.key(word)?, Some(words.number(word)?)));
            }
            "auth" => {
                let name = words.value(word)?.to_string();
                self.integrity = Some((name, words.key(word)?, None));
            }
            "enc" => {
                let name = words.value(word)?.to_string();
                let has_no_key = names::is_null(&name)
                    && words
                        .peek()
                        .is_none_or(|next| !next.is_empty() && !next.starts_with("0x"));
                let key = if has_no_key {
                    SecretBytes::default()
                } else {
                    words.key(word)?
                };
                self.encryption = Some((name, key));
            }
            "comp" => {
                words.value(word)?;
                self.compression = true;
            }
            "encap" => self.encapsulation = Some(encapsulation(words)?),
            "flag" | "extra-flag" => self.flags(words),
            "dir" => {
                self.direction = match words.value(word)? {
                    "out" => Some(DirectionName::Outbound),
                    _ => Some(DirectionName::Inbound),
                }
            }
            "sel" => self.selector(words)?,
            "reqid" | "offset" | "if_id" => {
                words.value(word)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Sequence numbers. Where the kernel told them, they are those of the moment, and a capture began
    /// before: only the high half is of use.
    fn number_of(&mut self, word: &str, words: &mut Words<'_>) -> Result<bool, Fault> {
        match word {
            "replay-window" | "replay_window" => {
                let window = words.number(word)?;
                self.window = Some(self.window.unwrap_or(0).max(window));
            }
            "replay-seq" | "replay-oseq" => self.number = self.number.max(words.number(word)?),
            "replay-seq-hi" | "replay-oseq-hi" | "seq-hi" | "oseq-hi" => {
                self.number_high = self.number_high.max(words.number(word)?);
            }
            "seq" | "oseq" | "bitmap" => {
                words.value(word)?;
            }
            "anti-replay" => while words.next_if_not_context() {},
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn flags(&mut self, words: &mut Words<'_>) {
        const NEUTRAL: [&str; 8] = [
            "icmp",
            "wildrecv",
            "af-unspec",
            "align4",
            "nopmtudisc",
            "noecn",
            "dont-encap-dscp",
            "oseq-may-wrap",
        ];
        while let Some(flag) = words.peek() {
            match flag {
                "esn" => self.extended = true,
                "decap-dscp" => {
                    self.lost
                        .push("the flag decap-dscp is not taken over".to_string());
                }
                flag if NEUTRAL.contains(&flag) => {}
                _ => return,
            }
            words.next();
        }
    }

    fn selector(&mut self, words: &mut Words<'_>) -> Result<(), Fault> {
        let fault = |line: usize, cause: String| (line, cause);
        while let Some(word) = words.peek() {
            match word {
                "src" | "dst" => {
                    words.next();
                    let text = words.value(word)?;
                    let is_any = ["0.0.0.0/0", "::/0", "any", "all"].contains(&text);
                    let range: Option<AddressRangeText> = if is_any {
                        None
                    } else {
                        Some(text.parse().map_err(|cause| fault(words.line, cause))?)
                    };
                    let side = if word == "src" {
                        &mut self.selectors.local
                    } else {
                        &mut self.selectors.remote
                    };
                    *side = range.map(|range| vec![range]);
                }
                "proto" | "upspec" => {
                    words.next();
                    let protocol: ProtocolText = words.parse(word, "a protocol")?;
                    self.selectors.protocol = Some(OrOpaque::Values(protocol));
                }
                "sport" | "dport" => {
                    words.next();
                    let port: PortRangeText = words.parse(word, "a port")?;
                    let ports = Some(OrOpaque::Values(vec![port]));
                    match word {
                        "sport" => self.selectors.local_ports = ports,
                        _ => self.selectors.remote_ports = ports,
                    }
                }
                "type" | "code" | "key" | "dev" => {
                    words.next();
                    let value = words.value(word)?;
                    self.lost
                        .push(format!("the selector \"{word} {value}\" is not taken over"));
                }
                _ => break,
            }
        }
        Ok(())
    }

    fn entry(self, place: &Place) -> Result<KeyEntry, String> {
        match self.protocol.as_deref() {
            Some("esp" | "50") => {}
            Some(other) => return Err(format!("the protocol is {other}, and not esp")),
            None => return Err("\"proto esp\" is missing".to_string()),
        }
        if self.compression {
            return Err("packets are compressed".to_string());
        }
        let spi = Spi(self.spi.ok_or("the SPI is missing")?);
        let mode = match self.mode.as_deref() {
            None | Some("transport") => ModeName::Transport,
            Some("tunnel") => ModeName::Tunnel,
            Some(other) => return Err(format!("the mode is {other}, and not transport or tunnel")),
        };
        let (transform, encryption, integrity) = match (self.aead, self.encryption) {
            (Some((name, key, icv)), _) => {
                let transform = names::aead(&name, key.len(), icv)?;
                (transform, key, SecretBytes::default())
            }
            (None, encryption) => {
                let (name, key) = encryption
                    .unwrap_or_else(|| ("ecb(cipher_null)".to_string(), SecretBytes::default()));
                let integrity = self.integrity.as_ref();
                let integrity_name = integrity.map(|(name, _, bits)| (name.as_str(), *bits));
                let transform = names::separate(&name, key.len(), integrity_name)?;
                let integrity_key = self.integrity.map(|(_, key, _)| key).unwrap_or_default();
                (transform, key, integrity_key)
            }
        };
        let keys = Keys {
            encryption,
            integrity,
        };
        let mut sa = SaConfig::new(spi, transform, keys);
        sa.source = self.source;
        sa.destination = self.destination;
        sa.mode = mode;
        sa.direction = self.direction;
        sa.extended_sequence = self.extended;
        sa.start = u64::from(self.number);
        if self.extended {
            sa.start |= u64::from(self.number_high) << 32;
        }
        sa.udp_encapsulation = self.encapsulation;
        sa.window = match self.window {
            Some(0) if !self.extended => Some(WindowConfig::Word(OffName::Off)),
            None | Some(0 | ReplayWindow::DEFAULT) => None,
            Some(window) => Some(WindowConfig::Size(window)),
        };
        if self.selectors != SelectorsConfig::default() {
            // The kernel's are those of the packet: from its source to its destination.
            sa.selectors = vec![self.selectors];
            if self.direction == Some(DirectionName::Inbound) {
                sa.selectors = sa.at_other_end().selectors;
            }
        }
        Ok(KeyEntry {
            place: place.clone(),
            spi: SpiPattern::one(spi),
            source: AddressPattern::of(sa.source),
            destination: AddressPattern::of(sa.destination),
            is_strict: false,
            sa,
        })
    }
}

impl Words<'_> {
    /// Passes over the words of "anti-replay context:"; whether there was one.
    fn next_if_not_context(&mut self) -> bool {
        let is_heading = self
            .peek()
            .is_some_and(|word| ["esn", "context:"].contains(&word));
        if is_heading {
            self.next();
        }
        is_heading
    }
}

/// `espinudp 4500 4500 0.0.0.0`, or `type espinudp sport 4500 dport 4500 addr 0.0.0.0`.
fn encapsulation(words: &mut Words<'_>) -> Result<UdpEncapsulationConfig, Fault> {
    const ENCAP: &str = "encap";
    let mut named = |name: &str| {
        if words.peek() == Some(name) {
            words.next();
        }
        words.value(ENCAP)
    };
    let kind = named("type")?;
    let (source, destination) = (named("sport")?, named("dport")?);
    named("addr")?;
    if kind != "espinudp" {
        return Err((
            words.line,
            format!("the encapsulation {kind} is not supported; espinudp is"),
        ));
    }
    let port = |text: &str| {
        text.parse::<u16>()
            .map_err(|_| (words.line, format!("\"{text}\" is not a port")))
    };
    Ok(UdpEncapsulationConfig {
        source: port(source)?,
        destination: port(destination)?,
    })
}
