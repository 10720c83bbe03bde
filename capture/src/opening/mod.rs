//! Opening the packets of a capture, one at a time, in a buffer that is used again.

use iiptran::esp::UdpEncapsulation;
use iiptran::outer;
use iiptran::sa::{EspPlace, Received};
use iiptran::transform::Iv;
use iiptran::wire::{EspHeader, IpHeader, Protocol, SkipList, Spi};
use iiptran::{DropReason, Instant, Mode, Packet, PacketBuffer, ipip};

use crate::{CapturedPacket, Framing};

mod frames;
mod inbound;
mod report;

pub use frames::Frames;
pub use inbound::InboundSas;
pub use report::{Report, Verdict};

/// What becomes of packets that are opened.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions {
    /// Whether the outer header of IP in IP stays.
    pub keep_outer: bool,
    /// Whether what is not ESP is left out.
    pub drop_others: bool,
}

/// Opens packets.
pub struct PacketOpener {
    sas: InboundSas,
    options: OpenOptions,
    frames: Frames,
    buffer: Vec<u8>,
}

/// A packet that was looked at.
pub struct Looked<'b> {
    /// What became of it.
    pub report: Report,
    /// What it is now; `None` if nothing is to be written.
    pub bytes: Option<&'b [u8]>,
    /// How it was sealed, if it was.
    pub seal: Option<Seal>,
}

/// How a packet was sealed: what another like it needs.
#[derive(Clone, Debug)]
pub struct Seal {
    /// Which SA of the keys.
    pub sa: usize,
    /// Its SPI.
    pub spi: Spi,
    /// Its whole sequence number.
    pub sequence: u64,
    /// Its IV.
    pub iv: Iv,
    /// The UDP ports in front of ESP.
    pub udp: Option<UdpEncapsulation>,
    /// Pad length, bytes.
    pub padding: usize,
    /// Bytes of traffic-flow confidentiality padding behind an IP packet.
    pub flow_padding: usize,
    /// The outer header that was taken off, and where its protocol is.
    pub outer: Option<(Vec<u8>, usize)>,
    /// Length of what was inside.
    pub length: usize,
}

impl Seal {
    /// Bytes that sealing another packet so may take, beyond the usual ones.
    #[must_use]
    pub fn room(&self) -> usize {
        let outer = self.outer.as_ref().map_or(0, |(header, _)| header.len());
        outer + self.flow_padding
    }
}

/// A packet of which no more than this is known.
enum Other {
    NotEsp,
    Dropped(DropReason),
}

impl From<DropReason> for Other {
    fn from(reason: DropReason) -> Self {
        Self::Dropped(reason)
    }
}

impl PacketOpener {
    /// An opener with these SAs.
    #[must_use]
    pub const fn new(sas: InboundSas, options: OpenOptions) -> Self {
        Self {
            sas,
            options,
            frames: Frames::new(),
            buffer: Vec::new(),
        }
    }

    /// Its SAs.
    #[must_use]
    pub const fn sas(&self) -> &InboundSas {
        &self.sas
    }

    /// What the frames of the capture were.
    #[must_use]
    pub const fn frames(&self) -> &Frames {
        &self.frames
    }

    /// Opens a packet.
    pub fn open(&mut self, captured: &CapturedPacket<'_>) -> Looked<'_> {
        let left_out = Looked {
            report: Report::new(captured, Verdict::LeftOut),
            bytes: None,
            seal: None,
        };
        let offset = match self.frames.look(captured) {
            Framing::Ip { offset } => offset,
            Framing::NotIp { .. } => return left_out,
            Framing::Malformed(reason) => return dropped(left_out, reason),
        };
        let ip = captured.bytes.get(offset..).unwrap_or_default();
        let range = fill(&mut self.buffer, ip, 0);
        let Some(mut packet) = Packet::new(&mut self.buffer, range) else {
            return left_out;
        };
        let mut looked = left_out;
        let now = Instant::ZERO.after(captured.timestamp);
        let opened = open(
            &mut self.sas,
            self.options,
            now,
            &mut packet,
            &mut looked.report,
        );
        let range = packet.range();
        match opened {
            Ok(seal) => {
                looked.report.verdict = Verdict::Opened;
                looked.seal = Some(seal);
            }
            Err(Other::NotEsp) if self.options.drop_others => return looked,
            Err(Other::NotEsp) => looked.report.verdict = Verdict::Unchanged,
            Err(Other::Dropped(reason)) => return dropped(looked, reason),
        }
        looked.report.length = range.len();
        looked.bytes = self.buffer.get(range);
        looked
    }
}

/// Puts a packet into a buffer, with the usual room around it and `more` on either side; where it is
/// there.
pub fn fill(buffer: &mut Vec<u8>, packet: &[u8], more: usize) -> core::ops::Range<usize> {
    let start = PacketBuffer::HEADROOM + more;
    buffer.clear();
    buffer.resize(start, 0);
    buffer.extend_from_slice(packet);
    let end = buffer.len();
    buffer.resize(end + PacketBuffer::TAILROOM + more, 0);
    start..end
}

fn dropped(looked: Looked<'_>, reason: DropReason) -> Looked<'static> {
    Looked {
        report: Report {
            verdict: Verdict::Dropped,
            reason: Some(reason),
            ..looked.report
        },
        bytes: None,
        seal: None,
    }
}

fn open(
    sas: &mut InboundSas,
    options: OpenOptions,
    now: Instant,
    packet: &mut Packet<'_>,
    report: &mut Report,
) -> Result<Seal, Other> {
    let skip = SkipList::default();
    let header = IpHeader::parse(packet.bytes(), &skip)?;
    // What lies behind is link padding.
    packet.truncate(header.total_length);
    report.source = Some(header.source);
    report.destination = Some(header.destination);
    let (place, udp) = place(sas, packet.bytes(), &header)?;
    let esp = packet
        .bytes()
        .get(place.offset..)
        .ok_or(DropReason::Truncated)?;
    let esp = EspHeader::parse(esp)?;
    let (spi, low) = (Spi(esp.spi.get()), esp.sequence.get());
    report.spi = Some(spi);
    report.sequence = Some(low.into());
    let index = sas
        .find(spi, header.source, header.destination)
        .ok_or(DropReason::UnknownSpi)?;
    let name = sas.entry(index).and_then(|entry| entry.sa.name.clone());
    report.sa = name;
    let (received, sa) = sas.open(index, spi, low, now, packet)?;
    let Received {
        sequence,
        esp,
        header: restored,
    } = received;
    report.sequence = Some(sequence);
    report.iv = Some(esp.iv);
    report.next_header = Some(esp.next_header.0);

    let inside = esp
        .trailer_offset
        .saturating_sub(esp.pad_length)
        .saturating_sub(esp.payload_offset);
    let mut seal = Seal {
        sa: index,
        spi,
        sequence,
        iv: esp.iv,
        udp,
        padding: esp.pad_length,
        flow_padding: 0,
        outer: None,
        length: packet.len(),
    };
    if restored.protocol.is_ip() && !options.keep_outer {
        let mut inner = outer::inspect(packet.bytes(), &restored, &skip)?;
        seal.flow_padding = inside.saturating_sub(inner.total_length);
        let header = packet.bytes().get(..restored.length).unwrap_or_default();
        seal.outer = Some((header.to_vec(), restored.protocol_offset));
        match sa.mode() {
            Mode::Transport => {
                ipip::decapsulate(packet, &restored, sa.inner_fields(), &skip)?;
            }
            Mode::Tunnel(_) => {
                outer::remove(packet, &restored, &mut inner, sa.inner_fields())?;
            }
        }
        seal.length = packet.len();
    }
    Ok(seal)
}

/// Where ESP is in a packet, and the UDP ports in front of it.
fn place(
    sas: &InboundSas,
    packet: &[u8],
    header: &IpHeader,
) -> Result<(EspPlace, Option<UdpEncapsulation>), Other> {
    let mut udp = None;
    if header.protocol == Protocol::UDP {
        // Later fragments don't show their ports.
        if header.fragment.is_some_and(|fragment| !fragment.is_first()) {
            return Err(Other::NotEsp);
        }
        let ports = header.payload(packet).first_chunk::<4>();
        let &[s0, s1, d0, d1] = ports.ok_or(Other::NotEsp)?;
        let ports = UdpEncapsulation {
            source: u16::from_be_bytes([s0, s1]),
            destination: u16::from_be_bytes([d0, d1]),
        };
        if !sas.has_port(ports.source) && !sas.has_port(ports.destination) {
            return Err(Other::NotEsp);
        }
        udp = Some(ports);
    }
    match EspPlace::find(packet, header) {
        Ok(Some(place)) => Ok((place, udp)),
        // IKE, or a keepalive.
        Ok(None) | Err(DropReason::NatKeepalive) => Err(Other::NotEsp),
        Err(reason) => Err(reason.into()),
    }
}
