//! Makes the calls of vectors in Rust.

use std::collections::BTreeMap;

use iiptran_host::{
    ConfigError, Direction, Error, Fib, InboundSa, Misuse, Network, Node, Opened, OutboundSa,
    Place, SaId, Sad, SealOptions, Sealed, Spd, Spi, Verdict, spi_of,
};

use crate::{ConfigFault, Expect, Hex, Options, Step};

/// What was made in one case, by name.
#[derive(Debug, Default)]
pub struct Runner {
    pub(super) outbound: BTreeMap<String, OutboundSa>,
    pub(super) inbound: BTreeMap<String, InboundSa>,
    sads: BTreeMap<String, Sad>,
    spds: BTreeMap<String, Spd>,
    fibs: BTreeMap<String, Fib>,
    pub(super) nodes: BTreeMap<String, Node>,
    networks: BTreeMap<String, Network>,
}

/// The packet of a call in its buffer.
pub(super) struct Buffer {
    pub(super) bytes: Vec<u8>,
    pub(super) place: Place,
}

impl Runner {
    /// Makes one call and tells what came back.
    ///
    /// # Panics
    /// If the step names what does not exist.
    pub fn call(&mut self, step: &Step) -> Expect {
        self.try_call(step).unwrap_or_else(Expect::from)
    }

    fn try_call(&mut self, step: &Step) -> Result<Expect, Error> {
        let on = step.on.clone();
        match step.call.as_str() {
            "outbound-sa" => drop(self.outbound.insert(on, OutboundSa::new(document(step))?)),
            "inbound-sa" => drop(self.inbound.insert(on, InboundSa::new(document(step))?)),
            "sad" => drop(self.sads.insert(on, Sad::new())),
            "spd" => drop(self.spds.insert(on, Spd::new(document(step))?)),
            "fib" => drop(self.fibs.insert(on, Fib::new(document(step))?)),
            "node" => drop(self.nodes.insert(on, Node::new(document(step))?)),
            "network" => drop(self.networks.insert(on, Network::new(document(step))?)),
            "node-with-tables" => {
                let tables = self.node(with(step)).tables();
                drop(self.nodes.insert(on, Node::with_tables(&tables)));
            }
            "for-worker" => {
                let worker = step.worker.expect("a worker");
                let node = self.node(with(step)).for_worker(worker);
                drop(self.nodes.insert(on, node));
            }
            "spi-of" => {
                let packet = step.packet.as_deref().unwrap_or_default();
                return Ok(Expect {
                    spi: spi_of(packet, 4500),
                    ..Expect::default()
                });
            }
            call if call.starts_with("network-") => {
                let network = self.networks.get_mut(&step.on).expect("a network");
                return network_call(network, step);
            }
            call if call.starts_with("sad-") => return self.sad_call(step),
            "seal" | "open" | "spd-lookup" | "fib-lookup" => return self.table_call(step),
            _ => return self.node_call(step),
        }
        Ok(Expect::default())
    }

    fn table_call(&mut self, step: &Step) -> Result<Expect, Error> {
        let mut buffer = Buffer::new(step);
        match step.call.as_str() {
            "seal" => {
                let options = step.options.clone().unwrap_or_default();
                let sa = self.outbound.get(&step.on).expect("an outbound SA");
                let Buffer { bytes, place } = &mut buffer;
                let sealed = sa.seal(step.now, bytes, place, &options.read())?;
                Ok(buffer.sealed(sealed))
            }
            "open" => {
                let sa = self.inbound.get_mut(&step.on).expect("an inbound SA");
                let opened = sa.open(step.now, &mut buffer.bytes, &mut buffer.place)?;
                Ok(buffer.opened(opened))
            }
            "spd-lookup" => {
                let direction = match step.direction.as_deref() {
                    Some("inbound") => Direction::Inbound,
                    _ => Direction::Outbound,
                };
                let spd = self.spds.get(&step.on).expect("an SPD");
                let found = spd.lookup(direction, &buffer.packet())?;
                Ok(Expect {
                    policy: Some(found.name.into()),
                    action: Some(found.action.into()),
                    ..Expect::default()
                })
            }
            _ => {
                let fib = self.fibs.get(&step.on).expect("a FIB");
                let hop = fib.lookup(&buffer.packet())?;
                Ok(Expect {
                    link: Some(hop.link),
                    next_hop: Some(hop.address.to_string()),
                    ..Expect::default()
                })
            }
        }
    }

    fn sad_call(&mut self, step: &Step) -> Result<Expect, Error> {
        let sad = self.sads.get_mut(&step.on).expect("a SAD");
        match step.call.as_str() {
            "sad-insert" => {
                let sa = self.inbound.remove(with(step)).expect("an inbound SA");
                kept(sad.insert(sa), &mut self.inbound, with(step))
            }
            "sad-remove" => {
                let sa = sad.remove(&id(step))?;
                self.inbound.insert(with(step).into(), sa);
                Ok(Expect::default())
            }
            "sad-open" => {
                let mut buffer = Buffer::new(step);
                let (id, opened) = sad.open(step.now, &mut buffer.bytes, &mut buffer.place)?;
                Ok(Expect {
                    spi: Some(id.spi.0),
                    ..buffer.opened(opened)
                })
            }
            other => panic!("no call is named {other}"),
        }
    }

    fn node_call(&mut self, step: &Step) -> Result<Expect, Error> {
        if step.call == "install-tables" {
            let tables = self.node(with(step)).tables();
            self.node(&step.on).install_tables(&tables);
            return Ok(Expect::default());
        }
        let node = self.nodes.get_mut(&step.on).expect("a node");
        let link = |node: &Node| node.link(step.link.as_deref().unwrap_or_default());
        let network = |node: &Node| node.network(step.network.as_deref().unwrap_or_default());
        match step.call.as_str() {
            "send" | "send-via" | "receive" => {
                let Buffer { bytes, place } = &mut Buffer::new(step);
                let verdict = match step.call.as_str() {
                    "send" => node.send(step.now, network(node)?, bytes, place),
                    "send-via" => node.send_via(step.now, link(node)?, bytes, place),
                    _ => node.receive(step.now, link(node)?, bytes, place),
                };
                verdict_expected(verdict?, bytes, *place)
            }
            "set-worker" => {
                node.set_worker(step.worker);
                Ok(Expect::default())
            }
            "install" => {
                node.install(document(step))?;
                Ok(Expect::default())
            }
            "insert-inbound-sa" => {
                let sa = self.inbound.remove(with(step)).expect("an inbound SA");
                kept(node.insert_inbound_sa(sa), &mut self.inbound, with(step))
            }
            "remove-inbound-sa" => {
                let network = network(node)?;
                let sa = node.remove_inbound_sa(network, &id(step))?;
                self.inbound.insert(with(step).into(), sa);
                Ok(Expect::default())
            }
            "set-link-up" => {
                let link = link(node)?;
                node.set_link_up(link, step.up.unwrap_or(true))?;
                Ok(Expect::default())
            }
            "counters" => Ok(document_expected(node.counters())),
            "poll-event" => {
                let event = node.poll_event_document();
                Ok(document_expected(event.unwrap_or_default()))
            }
            other => panic!("no call is named {other}"),
        }
    }

    fn node(&mut self, name: &str) -> &mut Node {
        self.nodes.get_mut(name).expect("a node")
    }
}

fn network_call(network: &mut Network, step: &Step) -> Result<Expect, Error> {
    let link = step.link.as_deref();
    let number = |number: u64| Expect {
        sequence: Some(number.to_string()),
        ..Expect::default()
    };
    let up = step.up.unwrap_or(true);
    match step.call.as_str() {
        "network-run" => network.run_until(step.now),
        "network-step" => return Ok(number(network.step().unwrap_or(u64::MAX))),
        "network-reset" => network.reset(step.seed.map(u64::from))?,
        "network-send" => {
            let packet = step.packet.as_deref().unwrap_or_default();
            let sent = network.send(with(step), step.network.as_deref(), packet)?;
            return Ok(number(sent));
        }
        "network-wire" => network.set_wire_up(link.expect("a wire"), up)?,
        "network-link" => network.set_link_up(with(step), link.expect("a link"), up)?,
        "network-ends" => return Ok(document_expected(network.take_ends_document())),
        "network-trace" => return Ok(document_expected(network.take_trace())),
        "network-report" => return Ok(document_expected(network.report())),
        "network-keys" => return Ok(document_expected(network.keys())),
        "network-tables" => return Ok(document_expected(network.tables(with(step))?)),
        "network-capture" => {
            return Ok(Expect {
                packet: Some(network.take_capture(link)?.into()),
                ..Expect::default()
            });
        }
        other => panic!("no call is named {other}"),
    }
    Ok(Expect::default())
}

impl Buffer {
    pub(super) fn new(step: &Step) -> Self {
        let packet = step.packet.as_deref().unwrap_or_default();
        let [before, behind] = step.room.unwrap_or([512; 2]);
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(packet);
        bytes.resize(bytes.len() + behind, 0);
        Self {
            bytes,
            place: Place {
                offset: before,
                length: packet.len(),
            },
        }
    }

    fn packet(&self) -> Hex {
        packet(&self.bytes, self.place)
    }

    pub(super) fn sealed(&self, sealed: Sealed) -> Expect {
        Expect {
            packet: Some(self.packet()),
            sequence: Some(sealed.sequence.to_string()),
            pad_length: Some(sealed.pad_length),
            ..Expect::default()
        }
    }

    pub(super) fn opened(&self, opened: Opened) -> Expect {
        Expect {
            packet: Some(self.packet()),
            sequence: Some(opened.sequence.to_string()),
            pad_length: Some(opened.pad_length),
            next_header: Some(opened.next_header),
            ..Expect::default()
        }
    }
}

impl Options {
    fn read(&self) -> SealOptions<'_> {
        SealOptions {
            sequence: self
                .sequence
                .as_ref()
                .map(|text| text.parse().expect("a number")),
            iv: self.iv.as_deref(),
            outer: self.outer.as_deref(),
            padding: self.padding,
            flow_padding: self.flow_padding,
            dummy: self.dummy,
        }
    }
}

fn packet(bytes: &[u8], place: Place) -> Hex {
    bytes[place.offset..place.offset + place.length]
        .to_vec()
        .into()
}

fn document(step: &Step) -> &str {
    step.document.as_deref().expect("a document")
}

fn with(step: &Step) -> &str {
    step.with.as_deref().expect("another object")
}

fn id(step: &Step) -> SaId {
    SaId::unicast(Spi(step.spi.expect("an SPI")))
}

/// An SA that was not taken in is still there.
fn kept(
    result: Result<(), (Box<InboundSa>, Misuse)>,
    sas: &mut BTreeMap<String, InboundSa>,
    name: &str,
) -> Result<Expect, Error> {
    match result {
        Ok(()) => Ok(Expect::default()),
        Err((sa, misuse)) => {
            sas.insert(name.into(), *sa);
            Err(misuse.into())
        }
    }
}

fn document_expected(document: String) -> Expect {
    Expect {
        document: Some(document),
        ..Expect::default()
    }
}

pub(super) fn verdict_expected(
    verdict: Verdict,
    bytes: &[u8],
    place: Place,
) -> Result<Expect, Error> {
    let expect = |verdict: &str| Expect {
        verdict: Some(verdict.into()),
        packet: Some(packet(bytes, place)),
        ..Expect::default()
    };
    match verdict {
        Verdict::Transmit { link, next_hop } => Ok(Expect {
            link: Some(link.0),
            next_hop: Some(next_hop.to_string()),
            ..expect("transmit")
        }),
        Verdict::Deliver { link } => Ok(Expect {
            link: Some(link.0),
            ..expect("deliver")
        }),
        Verdict::Hold => Ok(Expect {
            packet: None,
            ..expect("hold")
        }),
        Verdict::Drop(reason) => Err(reason.into()),
    }
}

impl From<Error> for Expect {
    fn from(error: Error) -> Self {
        match error {
            Error::Drop(reason) => Self {
                drop: Some(reason.name().into()),
                ..Self::default()
            },
            Error::Misuse(misuse) => Self {
                misuse: Some(misuse.name().into()),
                ..Self::default()
            },
            Error::Config(ConfigError {
                path,
                cause,
                position,
            }) => Self {
                config: Some(ConfigFault {
                    path,
                    cause,
                    line: position.map_or(0, |position| position.line),
                    column: position.map_or(0, |position| position.column),
                }),
                ..Self::default()
            },
        }
    }
}
