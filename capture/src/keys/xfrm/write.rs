//! Writing SAs as commands for Linux.

use core::fmt::Write;
use core::net::IpAddr;
use core::ops::RangeInclusive;

use iiptran::config::{
    AddressRangeText, DirectionName, ModeName, OrOpaque, PortRangeText, SelectorsConfig,
    WindowConfig,
};
use iiptran::esp::ReplayWindow;

use super::names::{self, Name};
use crate::keys::key_file::{KeyEntry, Note};

/// The commands, one line for each SA.
pub fn write(entries: &[KeyEntry]) -> (String, Vec<Note>) {
    let (mut text, mut notes) = (String::new(), Vec::new());
    for entry in entries {
        let command = command(entry, |lost| notes.push(Note::lost(&entry.place, lost)));
        match command {
            Ok(command) => text.push_str(&(command + "\n")),
            Err(cause) => notes.push(Note::left_out(&entry.place, cause)),
        }
    }
    (text, notes)
}

fn command(entry: &KeyEntry, mut lost: impl FnMut(String)) -> Result<String, String> {
    let KeyEntry { spi, sa, .. } = entry;
    if spi.single().is_none() {
        return Err(format!("{spi} is not one SPI"));
    }
    let (Some(source), Some(destination)) = (sa.source, sa.destination) else {
        return Err("source and destination are missing, which Linux asks for".to_string());
    };
    let transform = sa.transform.0;
    let name = names::of(transform).ok_or_else(|| format!("Linux has no {transform}"))?;
    let algorithms = match name {
        Name::Aead(name) => {
            format!("aead '{name}' 0x{} {}", sa.key, transform.icv_length() * 8)
        }
        Name::Separate(encryption, integrity) => {
            let key = if sa.key.0.is_empty() {
                "''".to_string()
            } else {
                format!("0x{}", sa.key)
            };
            let bits = transform.icv_length() * 8;
            format!(
                "enc '{encryption}' {key} auth-trunc '{integrity}' 0x{} {bits}",
                sa.integrity_key
            )
        }
    };
    let mode = match sa.mode {
        ModeName::Transport => "transport",
        ModeName::Tunnel => "tunnel",
    };
    let window = match sa.window {
        None => ReplayWindow::DEFAULT,
        Some(WindowConfig::Size(size)) => size,
        Some(WindowConfig::Word(_)) => 0,
    };
    let mut command = format!(
        "ip xfrm state add src {source} dst {destination} proto esp spi {} mode {mode} {algorithms} replay-window {window}",
        sa.spi
    );
    let mut add = |words: String| {
        let _ = write!(command, " {words}");
    };
    if sa.extended_sequence {
        add("flag esn".to_string());
    }
    if sa.start > 0 {
        let (high, low) = (sa.start >> 32, sa.start & u64::from(u32::MAX));
        add(format!("replay-seq 0x{low:x} replay-oseq 0x{low:x}"));
        if high > 0 {
            add(format!(
                "replay-seq-hi 0x{high:x} replay-oseq-hi 0x{high:x}"
            ));
        }
    }
    if let Some(udp) = sa.udp_encapsulation {
        add(format!(
            "encap espinudp {} {} 0.0.0.0",
            udp.source, udp.destination
        ));
    }
    let seen_from_sender = match sa.direction {
        Some(DirectionName::Inbound) => sa.at_other_end().selectors,
        _ => sa.selectors.clone(),
    };
    match seen_from_sender.as_slice() {
        [] => {}
        [set] => match selector(set) {
            Some(words) => add(words),
            None => lost("Linux can't say these selectors; they are left out".to_string()),
        },
        _ => lost("Linux has one set of selectors for an SA; they are left out".to_string()),
    }
    // Only new versions of Linux take a direction, and none needs it.
    let losses = [
        ("direction", sa.direction.is_some()),
        ("lifetime", sa.lifetime.is_some()),
        ("iv-mask", sa.iv_mask != 0),
        ("outer", sa.outer.is_some()),
        ("inner", sa.inner.is_some()),
        ("dscps", !sa.dscps.is_empty()),
        ("rollover", sa.rollover),
    ];
    for (field, _) in losses.iter().filter(|(_, has)| *has) {
        lost(format!("{field} is not taken over"));
    }
    Ok(command)
}

/// One set of selectors in the words of Linux: a prefix on each side, a protocol, a port on each side.
fn selector(set: &SelectorsConfig) -> Option<String> {
    let mut words = "sel".to_string();
    for (name, side) in [("src", &set.local), ("dst", &set.remote)] {
        match side.as_deref() {
            None => {}
            Some([range]) => words += &format!(" {name} {}", prefix(range)?),
            Some(_) => return None,
        }
    }
    match &set.protocol {
        None => {}
        Some(OrOpaque::Values(protocol)) => words += &format!(" proto {}", protocol.0.0),
        Some(OrOpaque::Word(_)) => return None,
    }
    for (name, side) in [("sport", &set.local_ports), ("dport", &set.remote_ports)] {
        match side {
            None => {}
            Some(OrOpaque::Values(ports)) => words += &format!(" {name} {}", port(ports)?),
            Some(OrOpaque::Word(_)) => return None,
        }
    }
    let others = [
        set.local_icmp.is_some(),
        set.remote_icmp.is_some(),
        set.local_mobility.is_some(),
        set.remote_mobility.is_some(),
    ];
    (!others.contains(&true)).then_some(words)
}

fn port(ports: &[PortRangeText]) -> Option<u16> {
    match ports {
        [PortRangeText(range)] if range.start() == range.end() => Some(*range.start()),
        _ => None,
    }
}

/// A range that is a prefix, as one.
fn prefix(AddressRangeText(range): &AddressRangeText) -> Option<String> {
    let (first, last, width) = bits(range)?;
    let host = (first ^ last).checked_add(1)?;
    let is_prefix = host.is_power_of_two() && first & (host - 1) == 0;
    is_prefix.then(|| format!("{}/{}", range.start(), width - host.trailing_zeros()))
}

fn bits(range: &RangeInclusive<IpAddr>) -> Option<(u128, u128, u32)> {
    match (range.start(), range.end()) {
        (IpAddr::V4(first), IpAddr::V4(last)) => {
            Some((first.to_bits().into(), last.to_bits().into(), 32))
        }
        (IpAddr::V6(first), IpAddr::V6(last)) => Some((first.to_bits(), last.to_bits(), 128)),
        _ => None,
    }
}
