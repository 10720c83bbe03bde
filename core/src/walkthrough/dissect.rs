//! A packet's headers and what their fields say.
//!
//! Unlike the data path this reads as far as it can and refuses nothing: a broken packet is what one
//! wants to look at most.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};

use zerocopy::FromBytes;

use super::{Field, Hex, Layer};
use crate::outer::Ecn;
use crate::wire::icmp::IcmpHeader;
use crate::wire::{EspHeader, Ipv4Header, Ipv6Header, Protocol, UdpHeader};

/// What is known of the ESP in a packet besides its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct EspShape {
    /// Where the ESP header is.
    pub(super) offset: usize,
    /// Length of the IV on the wire, bytes.
    pub(super) iv_length: usize,
    /// Payload, padding and trailer.
    pub(super) body: [usize; 2],
    /// Pad length, bytes.
    pub(super) pad_length: usize,
    /// What the payload is.
    pub(super) next_header: Protocol,
    /// Whether the payload is in clear.
    pub(super) open: bool,
}

/// The layers of a packet of which nothing is known but its bytes, the outermost first. It reads as far as it
/// can and refuses nothing.
#[must_use]
pub fn layers(packet: &[u8]) -> Vec<Layer> {
    dissect(packet, None)
}

/// The layers of a packet, the outermost first.
pub(super) fn dissect(packet: &[u8], esp: Option<&EspShape>) -> Vec<Layer> {
    let mut dissection = Dissection {
        packet,
        esp,
        layers: Vec::new(),
    };
    dissection.ip(0, packet.len());
    dissection.layers
}

struct Dissection<'p> {
    packet: &'p [u8],
    esp: Option<&'p EspShape>,
    layers: Vec<Layer>,
}

impl Dissection<'_> {
    /// More headers than any packet that a node makes.
    const MOST_LAYERS: usize = 32;

    fn bytes(&self, start: usize, end: usize) -> &[u8] {
        self.packet.get(start..end).unwrap_or_default()
    }

    fn add(
        &mut self,
        name: &'static str,
        [start, end]: [usize; 2],
        clause: &'static str,
        fields: Vec<Field>,
    ) {
        self.layers.push(Layer {
            name,
            start,
            end: end.min(self.packet.len()),
            clause,
            fields,
        });
    }

    fn rest(&mut self, name: &'static str, start: usize, end: usize) {
        let end = end.min(self.packet.len());
        if start < end {
            self.add(name, [start, end], "", Vec::new());
        }
    }

    fn ip(&mut self, start: usize, end: usize) {
        match self.packet.get(start).map(|byte| byte >> 4) {
            Some(4) => self.ipv4(start, end),
            Some(6) => self.ipv6(start, end),
            _ => self.rest("Payload", start, end),
        }
    }

    fn ipv4(&mut self, start: usize, end: usize) {
        let Ok((header, _)) = Ipv4Header::read_from_prefix(self.bytes(start, end)) else {
            return self.rest("Payload", start, end);
        };
        let length = header.header_length().max(Ipv4Header::LENGTH);
        let behind = start.saturating_add(length);
        let total = usize::from(header.total_length.get());
        let mut fields = Fields::at(start);
        fields.add("version", 0, 1, "4");
        fields.add("header length", 0, 1, format!("{length} bytes"));
        traffic_class(&mut fields, 1, header.traffic_class);
        fields.add("total length", 2, 2, total.to_string());
        fields.add(
            "identification",
            4,
            2,
            format!("0x{:04x}", header.identification.get()),
        );
        let flags = header.flags_and_offset.get();
        let df = if header.dont_fragment() {
            "set"
        } else {
            "clear"
        };
        fields.add("DF", 6, 1, df);
        if let Some(fragment) = header.fragment() {
            let more = if fragment.more { ", more follow" } else { "" };
            fields.add(
                "fragment",
                6,
                2,
                format!("offset {}{more}", fragment.offset),
            );
        } else {
            fields.add("fragment", 6, 2, format!("none (0x{flags:04x})"));
        }
        fields.add("TTL", 8, 1, header.ttl.to_string());
        fields.add("protocol", 9, 1, named(Protocol(header.protocol)));
        fields.add(
            "checksum",
            10,
            2,
            format!("0x{:04x}", header.checksum.get()),
        );
        fields.add("source", 12, 4, Ipv4Addr::from(header.source).to_string());
        fields.add(
            "destination",
            16,
            4,
            Ipv4Addr::from(header.destination).to_string(),
        );
        if length > Ipv4Header::LENGTH {
            let options = length.saturating_sub(Ipv4Header::LENGTH);
            fields.add(
                "options",
                Ipv4Header::LENGTH,
                options,
                format!("{options} bytes"),
            );
        }
        self.add("IPv4", [start, behind], "RFC 791 section 3.1", fields.0);
        let end = end.min(start.saturating_add(total));
        let later = header
            .fragment()
            .is_some_and(|fragment| !fragment.is_first());
        self.next(Protocol(header.protocol), later, behind, end);
    }

    fn ipv6(&mut self, start: usize, end: usize) {
        let Ok((header, _)) = Ipv6Header::read_from_prefix(self.bytes(start, end)) else {
            return self.rest("Payload", start, end);
        };
        let payload = usize::from(header.payload_length.get());
        let mut fields = Fields::at(start);
        fields.add("version", 0, 1, "6");
        traffic_class(&mut fields, 0, header.traffic_class());
        fields.add("flow label", 1, 3, format!("0x{:05x}", header.flow_label()));
        fields.add("payload length", 4, 2, payload.to_string());
        fields.add("next header", 6, 1, named(Protocol(header.next_header)));
        fields.add("hop limit", 7, 1, header.hop_limit.to_string());
        fields.add("source", 8, 16, Ipv6Addr::from(header.source).to_string());
        fields.add(
            "destination",
            24,
            16,
            Ipv6Addr::from(header.destination).to_string(),
        );
        let behind = start.saturating_add(Ipv6Header::LENGTH);
        self.add("IPv6", [start, behind], "RFC 8200 section 3", fields.0);
        let end = end.min(behind.saturating_add(payload));
        self.next(Protocol(header.next_header), false, behind, end);
    }

    /// What lies behind a header that says which protocol it is.
    fn next(&mut self, protocol: Protocol, later_fragment: bool, start: usize, end: usize) {
        if later_fragment || self.layers.len() > Self::MOST_LAYERS {
            return self.rest("Payload", start, end);
        }
        match protocol {
            Protocol::IPV4 | Protocol::IPV6 => self.ip(start, end),
            Protocol::ESP => self.esp(start, end),
            Protocol::UDP => self.udp(start, end),
            Protocol::ICMP => self.icmp("ICMP", "RFC 792", start, end),
            Protocol::ICMPV6 => self.icmp("ICMPv6", "RFC 4443 section 2.1", start, end),
            Protocol::TCP => self.tcp(start, end),
            protocol if protocol.is_extension_header() => self.extension(protocol, start, end),
            _ => self.rest("Payload", start, end),
        }
    }

    fn extension(&mut self, protocol: Protocol, start: usize, end: usize) {
        let Some(&[next, length, high, low]) =
            self.packet.get(start..).and_then(|b| b.first_chunk())
        else {
            return self.rest("Payload", start, end);
        };
        let is_fragment = protocol == Protocol::FRAGMENT;
        let length = if is_fragment {
            8
        } else {
            usize::from(length).saturating_add(1).saturating_mul(8)
        };
        let behind = start.saturating_add(length);
        let mut fields = Fields::at(start);
        fields.add("next header", 0, 1, named(Protocol(next)));
        let mut later = false;
        let (name, clause) = match protocol {
            Protocol::HOP_BY_HOP => ("Hop-by-hop options", "RFC 8200 section 4.3"),
            Protocol::ROUTING => ("Routing header", "RFC 8200 section 4.4"),
            Protocol::FRAGMENT => {
                let field = u16::from_be_bytes([high, low]);
                let offset = field & 0xfff8;
                later = offset > 0;
                let more = if field & 1 == 1 { ", more follow" } else { "" };
                fields.add("offset", 2, 2, format!("{offset}{more}"));
                ("Fragment header", "RFC 8200 section 4.5")
            }
            _ => {
                if let Some([_, _, 4, 1, limit]) =
                    self.packet.get(start..).and_then(|b| b.first_chunk())
                {
                    fields.add("encapsulation limit", 2, 3, limit.to_string());
                }
                ("Destination options", "RFC 8200 section 4.6")
            }
        };
        self.add(name, [start, behind], clause, fields.0);
        self.next(Protocol(next), later, behind, end);
    }

    fn udp(&mut self, start: usize, end: usize) {
        let Ok((header, _)) = UdpHeader::read_from_prefix(self.bytes(start, end)) else {
            return self.rest("Payload", start, end);
        };
        let mut fields = Fields::at(start);
        fields.add("source port", 0, 2, header.source.get().to_string());
        fields.add(
            "destination port",
            2,
            2,
            header.destination.get().to_string(),
        );
        fields.add("length", 4, 2, header.length.get().to_string());
        let checksum = match header.checksum.get() {
            0 => "none".to_string(),
            sum => format!("0x{sum:04x}"),
        };
        fields.add("checksum", 6, 2, checksum);
        let behind = start.saturating_add(UdpHeader::LENGTH);
        self.add("UDP", [start, behind], "RFC 768", fields.0);
        let holds_esp = self.esp.is_some_and(|esp| esp.offset == behind)
            || header.destination.get() == 4500
                && self.bytes(behind, behind.saturating_add(4)) != [0; 4];
        if holds_esp {
            self.esp(behind, end);
        } else {
            self.rest("Payload", behind, end);
        }
    }

    fn tcp(&mut self, start: usize, end: usize) {
        let Some(&[s1, s2, d1, d2]) = self.packet.get(start..end).and_then(|b| b.first_chunk())
        else {
            return self.rest("Payload", start, end);
        };
        let words = self
            .packet
            .get(start.saturating_add(12))
            .copied()
            .unwrap_or(0x50)
            >> 4;
        let behind = start
            .saturating_add(usize::from(words).saturating_mul(4))
            .min(end);
        let mut fields = Fields::at(start);
        fields.add(
            "source port",
            0,
            2,
            u16::from_be_bytes([s1, s2]).to_string(),
        );
        fields.add(
            "destination port",
            2,
            2,
            u16::from_be_bytes([d1, d2]).to_string(),
        );
        self.add("TCP", [start, behind], "RFC 9293 section 3.1", fields.0);
        self.rest("Payload", behind, end);
    }

    fn icmp(&mut self, name: &'static str, clause: &'static str, start: usize, end: usize) {
        let Ok((header, _)) = IcmpHeader::read_from_prefix(self.bytes(start, end)) else {
            return self.rest("Payload", start, end);
        };
        let mut fields = Fields::at(start);
        let kind = match (name, header.kind) {
            ("ICMP", 8) | ("ICMPv6", 128) => format!("{} (echo request)", header.kind),
            ("ICMP", 0) | ("ICMPv6", 129) => format!("{} (echo reply)", header.kind),
            (_, kind) => kind.to_string(),
        };
        fields.add("type", 0, 1, kind);
        fields.add("code", 1, 1, header.code.to_string());
        fields.add("checksum", 2, 2, format!("0x{:04x}", header.checksum.get()));
        fields.add(
            "rest of header",
            4,
            4,
            format!("0x{:08x}", header.rest.get()),
        );
        let behind = start.saturating_add(IcmpHeader::LENGTH);
        self.add(name, [start, behind], clause, fields.0);
        self.rest("Payload", behind, end);
    }

    fn esp(&mut self, start: usize, end: usize) {
        let Ok((header, _)) = EspHeader::read_from_prefix(self.bytes(start, end)) else {
            return self.rest("Payload", start, end);
        };
        let mut fields = Fields::at(start);
        fields.add("SPI", 0, 4, format!("0x{:08x}", header.spi.get()));
        fields.add("sequence number", 4, 4, header.sequence.get().to_string());
        let behind = start.saturating_add(EspHeader::LENGTH);
        self.add("ESP", [start, behind], "RFC 4303 section 2", fields.0);
        match self.esp.copied().filter(|esp| esp.offset == start) {
            Some(shape) => self.esp_parts(&shape, behind, end),
            None => self.rest("Protected", behind, end),
        }
    }

    fn esp_parts(&mut self, shape: &EspShape, behind: usize, end: usize) {
        let [body, icv] = shape.body;
        if shape.iv_length > 0 {
            let mut fields = Fields::at(behind);
            let iv = Hex::from(self.bytes(behind, body)).to_string();
            fields.add("IV", 0, shape.iv_length, iv);
            self.add("IV", [behind, body], "RFC 4303 section 2.3", fields.0);
        }
        if shape.open {
            let trailer = icv.saturating_sub(EspHeader::TRAILER_LENGTH);
            let padding = trailer.saturating_sub(shape.pad_length);
            self.next(shape.next_header, false, body, padding);
            let mut fields = Fields::at(padding);
            let pad = trailer.saturating_sub(padding);
            if pad > 0 {
                let value = Hex::from(self.bytes(padding, trailer)).to_string();
                fields.add("padding", 0, pad, value);
            }
            fields.add("pad length", pad, 1, shape.pad_length.to_string());
            let next = named(shape.next_header);
            fields.add("next header", pad.saturating_add(1), 1, next);
            self.add(
                "ESP trailer",
                [padding, icv],
                "RFC 4303 section 2.4",
                fields.0,
            );
        } else {
            self.add(
                "Ciphertext",
                [body, icv],
                "RFC 4303 section 2.3",
                Vec::new(),
            );
        }
        if icv < end {
            let mut fields = Fields::at(icv);
            let value = Hex::from(self.bytes(icv, end)).to_string();
            fields.add("ICV", 0, end.saturating_sub(icv), value);
            self.add("ICV", [icv, end], "RFC 4303 section 2.8", fields.0);
        }
    }
}

/// The fields of a header that begins at some place.
struct Fields(Vec<Field>, usize);

impl Fields {
    const fn at(start: usize) -> Self {
        Self(Vec::new(), start)
    }

    fn add(&mut self, name: &'static str, offset: usize, length: usize, value: impl Into<String>) {
        let start = self.1.saturating_add(offset);
        self.0.push(Field {
            name,
            start,
            end: start.saturating_add(length),
            value: value.into(),
            clause: None,
            setting: None,
        });
    }

    fn ruled_by(&mut self, clause: &'static str) {
        if let Some(field) = self.0.last_mut() {
            field.clause = Some(clause);
        }
    }
}

fn traffic_class(fields: &mut Fields, offset: usize, class: u8) {
    // In IPv6 the eight bits lie across two bytes.
    let length = if offset == 0 { 2 } else { 1 };
    fields.add("DSCP", offset, length, (class >> 2).to_string());
    fields.ruled_by("RFC 2983");
    fields.add("ECN", offset, length, Ecn::of(class).name());
    fields.ruled_by("RFC 6040 section 4");
}

fn named(protocol: Protocol) -> String {
    match protocol.name() {
        Some(name) => format!("{} ({name})", protocol.0),
        None => protocol.0.to_string(),
    }
}
