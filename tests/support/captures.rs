//! Packets that two gateways of Linux 6.1 sent each other, with the keys that they used.

use core::net::IpAddr;
use std::fs;
use std::path::PathBuf;

use iiptran::esp::UdpEncapsulation;
use iiptran::sa::SaParameters;
use iiptran::transform::{Iv, Keys, Transform};
use iiptran::wire::Spi;
use iiptran::{Arrangement, Mode, TunnelEnds};
use pcap_parser::{Linktype, parse_pcap};
use serde::Deserialize;

use crate::{Hex, data};

/// One SA of a recorded case, and all packets that it carried.
#[derive(Clone, Debug)]
pub struct CapturedSa {
    /// The case.
    pub case: String,
    /// How both gateways were set up.
    pub arrangement: Arrangement,
    /// The sending gateway and the receiving one.
    pub ends: TunnelEnds,
    /// Algorithms.
    pub transform: Transform,
    /// Whether ESP was inside UDP.
    pub udp_encapsulation: bool,
    /// The packets in the order in which they were on the wire.
    pub packets: Vec<CapturedPacket>,
    parameters: SaParameters,
}

/// A packet on its way out of one gateway and into the other.
#[derive(Clone, Debug)]
pub struct CapturedPacket {
    /// The whole sequence number.
    pub sequence: u64,
    /// The IV.
    pub iv: Iv,
    /// What was on the wire between the gateways.
    pub wire: Vec<u8>,
    /// What the receiving gateway had in the end: the packet inside the tunnel; in transport mode the
    /// packet as it was before it was protected.
    pub inner: Vec<u8>,
}

/// How many cases there are.
pub const CASES: usize = 56;
/// How many packets all of them have.
pub const PACKETS: usize = 824;

/// Where the file of a case is that has the packets `wire`, between the gateways, or `inner`.
#[must_use]
pub fn file(case: &str, packets: &str) -> PathBuf {
    data(&format!("captures/{case}.{packets}.pcap"))
}

/// Every SA of every case.
#[must_use]
pub fn load() -> Vec<CapturedSa> {
    let manifest = fs::read_to_string(data("captures/manifest.json")).expect("the manifest");
    let manifest: Manifest = serde_json::from_str(&manifest).expect("a manifest");
    assert_eq!(manifest.cases.len(), CASES);
    let sas: Vec<_> = manifest.cases.into_iter().flat_map(Case::sas).collect();
    let packets: usize = sas.iter().map(|sa| sa.packets.len()).sum();
    assert_eq!(packets, PACKETS, "each packet belongs to an SA");
    sas
}

impl CapturedSa {
    /// The SA as its sender has it, in the mode that the arrangement uses.
    #[must_use]
    pub fn sender(&self, arrangement: Arrangement) -> SaParameters {
        let udp_encapsulation = self.udp_encapsulation.then(UdpEncapsulation::default);
        SaParameters {
            mode: mode(arrangement, self.ends),
            udp_encapsulation,
            ..self.parameters.clone()
        }
    }

    /// The SA as its receiver has it, in the mode that the arrangement uses.
    #[must_use]
    pub fn receiver(&self, arrangement: Arrangement) -> SaParameters {
        let TunnelEnds { local, remote } = self.ends;
        let ends = TunnelEnds {
            local: remote,
            remote: local,
        };
        SaParameters {
            mode: mode(arrangement, ends),
            ..self.parameters.clone()
        }
    }
}

const fn mode(arrangement: Arrangement, ends: TunnelEnds) -> Mode {
    match arrangement {
        Arrangement::Transport | Arrangement::Iiptran => Mode::Transport,
        _ => Mode::Tunnel(ends),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[serde(rename = "sender")]
    _sender: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    arrangement: String,
    encryption: String,
    integrity: Option<String>,
    extended_sequence: bool,
    udp_encapsulation: bool,
    sas: Vec<Sa>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sa {
    source: IpAddr,
    destination: IpAddr,
    spi: u32,
    start: u64,
    encryption_key: Hex,
    integrity_key: Hex,
    packets: Vec<Entry>,
}

/// A packet; `wire` and `inner` say which one of its file it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sequence: u64,
    iv: Hex,
    wire: usize,
    inner: usize,
}

impl Case {
    fn sas(self) -> Vec<CapturedSa> {
        let wire = read_pcap(&format!("captures/{}.wire.pcap", self.name));
        let inner = read_pcap(&format!("captures/{}.inner.pcap", self.name));
        let transform = Transform::from_names(&self.encryption, self.integrity.as_deref());
        let transform = transform.expect("a transform");
        let arrangement = Arrangement::ALL
            .into_iter()
            .find(|known| known.name() == self.arrangement);
        let listed: usize = self.sas.iter().map(|sa| sa.packets.len()).sum();
        assert_eq!([wire.len(), inner.len()], [listed; 2], "{}", self.name);
        let sa = |sa: &Sa| CapturedSa {
            case: self.name.clone(),
            arrangement: arrangement.expect("an arrangement"),
            ends: TunnelEnds {
                local: sa.source,
                remote: sa.destination,
            },
            transform,
            udp_encapsulation: self.udp_encapsulation,
            packets: sa.packets.iter().map(|p| p.packet(&wire, &inner)).collect(),
            parameters: SaParameters {
                extended_sequence: self.extended_sequence,
                start: sa.start,
                ..SaParameters::new(Spi(sa.spi), Mode::Transport, transform, sa.keys())
            },
        };
        self.sas.iter().map(sa).collect()
    }
}

impl Sa {
    fn keys(&self) -> Keys {
        crate::choose_kernel();
        Keys {
            encryption: (&*self.encryption_key).into(),
            integrity: (&*self.integrity_key).into(),
        }
    }
}

impl Entry {
    fn packet(&self, wire: &[Vec<u8>], inner: &[Vec<u8>]) -> CapturedPacket {
        CapturedPacket {
            sequence: self.sequence,
            iv: Iv::new(&self.iv).expect("an IV"),
            wire: wire[self.wire].clone(),
            inner: inner[self.inner].clone(),
        }
    }
}

/// The packets of a file that holds bare IP packets.
fn read_pcap(name: &str) -> Vec<Vec<u8>> {
    let bytes = fs::read(data(name)).expect(name);
    let (rest, capture) = parse_pcap(&bytes).expect(name);
    assert!(rest.is_empty(), "{name} has bytes that belong to no packet");
    assert_eq!(capture.header.network, Linktype::RAW, "{name}");
    let packets = capture.blocks.iter();
    packets.map(|packet| packet.data.to_vec()).collect()
}
