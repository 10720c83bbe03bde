//! The node.

use core::ffi::c_char;

use iiptran_host::{DropReason, LinkId, Misuse, NetworkId, Node, SharedTables, Verdict};

use crate::exclusive::Exclusive;
use crate::packet::{Burst, Packet};
use crate::pointer::{free, input, output, text};
use crate::status::{Answer, IIPTRAN_BAD_ARGUMENT, call, misuse_status, refuse};
use crate::{
    iiptran_address_t, iiptran_config_error_t, iiptran_inbound_sa_t, iiptran_packet_t,
    iiptran_sa_id_t, iiptran_status_t, iiptran_text_t,
};

/// One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole). One thread at a time; it
/// may move from thread to thread.
#[derive(Debug)]
pub struct iiptran_node_t(Exclusive<Node>);

/// What a node reads, outbound SAs included: for as many nodes as there are cores. Threads may share the
/// handle.
#[derive(Debug)]
pub struct iiptran_tables_t(SharedTables);

/// Send the packet out of a physical link.
pub const IIPTRAN_TRANSMIT: u32 = 1;
/// Hand the packet to this node's own upper layers.
pub const IIPTRAN_DELIVER: u32 = 2;
/// The packet is a fragment; the node keeps it until the datagram is whole.
pub const IIPTRAN_HOLD: u32 = 3;

/// What the caller is to do with a packet that went through a node.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct iiptran_verdict_t {
    /// IIPTRAN_TRANSMIT, IIPTRAN_DELIVER or IIPTRAN_HOLD; the drop reason in a burst, and there a misuse.
    pub what: u32,
    /// Transmit: the link to send by. Deliver: the link that the packet came by.
    pub link: u32,
    /// Transmit: the neighbour on that link.
    pub next_hop: iiptran_address_t,
}

impl iiptran_verdict_t {
    /// The verdict; a drop is a status.
    pub(crate) fn of(verdict: Verdict) -> Answer<Self> {
        let of = |what, link: LinkId, next_hop| Self {
            what,
            link: link.0,
            next_hop,
        };
        match verdict {
            Verdict::Transmit { link, next_hop } => Ok(of(IIPTRAN_TRANSMIT, link, next_hop.into())),
            Verdict::Deliver { link } => {
                Ok(of(IIPTRAN_DELIVER, link, iiptran_address_t::default()))
            }
            Verdict::Hold => Ok(of(IIPTRAN_HOLD, LinkId(0), iiptran_address_t::default())),
            Verdict::Drop(reason) => Err(reason.code().into()),
        }
    }
}

impl iiptran_node_t {
    pub(crate) fn enter<R>(
        node: *const Self,
        body: impl FnOnce(&mut Node) -> Answer<R>,
    ) -> Answer<R> {
        input(node)?.0.enter(body)
    }
}

/// Makes the node of a document, its inbound SAs installed and all links up; see iiptran_outbound_sa_new.
/// On success the caller owns *node and frees it with iiptran_node_free. Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_new(
    document: *const c_char,
    length: usize,
    error: *mut *mut iiptran_config_error_t,
    node: *mut *mut iiptran_node_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(node)?;
        let node = Node::new(text(document, length)?).map_err(|e| refuse(e, error))?;
        place.give(iiptran_node_t(Exclusive::new(node)));
        Ok(())
    })
}

/// Makes a node for another core: with these tables, and so their outbound SAs, and no inbound SA. Those
/// are handed over with iiptran_node_remove_inbound_sa and iiptran_node_insert_inbound_sa. The tables stay
/// the caller's. On success the caller owns *node. Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_with_tables(
    tables: *const iiptran_tables_t,
    node: *mut *mut iiptran_node_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(node)?;
        let node = Node::with_tables(&input(tables)?.0);
        place.give(iiptran_node_t(Exclusive::new(node)));
        Ok(())
    })
}

/// Instead of the number of a worker: none, or any.
pub const IIPTRAN_NO_WORKER: u32 = u32::MAX;

fn worker_number(worker: u32) -> Answer<u16> {
    u16::try_from(worker).map_err(|_| IIPTRAN_BAD_ARGUMENT)
}

/// Numbers the node among those of several workers with the same tables (RFC 9611), from 0 to 65535, or among
/// none, as a new node is: IIPTRAN_NO_WORKER. It seals with the outbound SAs of its number, and where there is
/// none, with those for any worker. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_set_worker(
    node: *mut iiptran_node_t,
    worker: u32,
) -> iiptran_status_t {
    call(|| {
        let worker = match worker {
            IIPTRAN_NO_WORKER => None,
            worker => Some(worker_number(worker)?),
        };
        iiptran_node_t::enter(node, |node| {
            node.set_worker(worker);
            Ok(())
        })
    })
}

/// Makes a node for another worker: with the tables of this one, this number, and the inbound SAs that are for
/// its number, which are handed over, windows and all. On success the caller owns *other. Allocates. One thread
/// at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_for_worker(
    node: *mut iiptran_node_t,
    worker: u32,
    other: *mut *mut iiptran_node_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(other)?;
        let worker = worker_number(worker)?;
        let made = iiptran_node_t::enter(node, |node| Ok(node.for_worker(worker)))?;
        place.give(iiptran_node_t(Exclusive::new(made)));
        Ok(())
    })
}

/// Frees a node with its inbound SAs; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_free(node: *mut iiptran_node_t) {
    free(node);
}

/// Writes a handle of the node's tables, which the caller owns and frees with iiptran_tables_free; the node
/// may be gone before. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_tables(
    node: *const iiptran_node_t,
    tables: *mut *mut iiptran_tables_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(tables)?;
        let tables = iiptran_node_t::enter(node, |node| Ok(node.tables()))?;
        place.give(iiptran_tables_t(tables));
        Ok(())
    })
}

/// Frees a handle of tables; NULL is nothing. No other thread may be using it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_tables_free(tables: *mut iiptran_tables_t) {
    free(tables);
}

/// Replaces the tables by those of another document, between two packets. Outbound SAs that it has in
/// common with the old one, by network, policy and SPI, go on with their sequence numbers. Inbound SAs stay,
/// and those that are new are taken in. On IIPTRAN_CONFIG_ERROR nothing has changed. Allocates. One thread
/// at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_install(
    node: *mut iiptran_node_t,
    document: *const c_char,
    length: usize,
    error: *mut *mut iiptran_config_error_t,
) -> iiptran_status_t {
    call(|| {
        let document = text(document, length)?;
        iiptran_node_t::enter(node, |node| {
            node.install(document).map_err(|e| refuse(e, error))
        })
    })
}

/// Replaces the tables by those of another core's node. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_install_tables(
    node: *mut iiptran_node_t,
    tables: *const iiptran_tables_t,
) -> iiptran_status_t {
    call(|| {
        let tables = &input(tables)?.0;
        iiptran_node_t::enter(node, |node| {
            node.install_tables(tables);
            Ok(())
        })
    })
}

/// Sends a packet that this node made, whole and with its source address, in one of the node's networks.
/// `now` is in nanoseconds since a moment that the caller chose.
///
/// A drop reason if the packet met its end; its bytes are not defined then. Allocates nothing. One thread
/// at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_send(
    node: *mut iiptran_node_t,
    now: u64,
    network: u32,
    packet: *mut iiptran_packet_t,
    verdict: *mut iiptran_verdict_t,
) -> iiptran_status_t {
    one(node, packet, verdict, |node, packet| {
        packet.process(|buffer, place| node.send(now, NetworkId(network), buffer, place))
    })
}

/// Sends a packet that this node made out of a certain link, without asking for a route: how routing
/// protocols speak to their neighbours. Otherwise as iiptran_node_send.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_send_via(
    node: *mut iiptran_node_t,
    now: u64,
    link: u32,
    packet: *mut iiptran_packet_t,
    verdict: *mut iiptran_verdict_t,
) -> iiptran_status_t {
    one(node, packet, verdict, |node, packet| {
        packet.process(|buffer, place| node.send_via(now, LinkId(link), buffer, place))
    })
}

/// Takes a packet that came in by a physical link. Otherwise as iiptran_node_send. A buffer should hold the
/// longest datagram that is reassembled, where fragments may come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_receive(
    node: *mut iiptran_node_t,
    now: u64,
    link: u32,
    packet: *mut iiptran_packet_t,
    verdict: *mut iiptran_verdict_t,
) -> iiptran_status_t {
    one(node, packet, verdict, |node, packet| {
        packet.process(|buffer, place| node.receive(now, LinkId(link), buffer, place))
    })
}

/// iiptran_node_send for many packets of one network; each gets a verdict of its own in `verdicts`, which
/// has room for as many. There `what` is the status where a packet was dropped or a call is wrong.
///
/// IIPTRAN_OK if each was tried. Allocates nothing. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_send_burst(
    node: *mut iiptran_node_t,
    now: u64,
    network: u32,
    packets: *mut iiptran_packet_t,
    count: usize,
    verdicts: *mut iiptran_verdict_t,
) -> iiptran_status_t {
    let network = NetworkId(network);
    call(|| {
        let burst = Burst::of(packets, verdicts, count)?;
        iiptran_node_t::enter(node, |node| {
            let allowed = node.may_send(network);
            burst.process(allowed, |burst| node.send_burst(now, network, burst), row);
            Ok(())
        })
    })
}

/// iiptran_node_receive for many packets of one link; otherwise as iiptran_node_send_burst.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_receive_burst(
    node: *mut iiptran_node_t,
    now: u64,
    link: u32,
    packets: *mut iiptran_packet_t,
    count: usize,
    verdicts: *mut iiptran_verdict_t,
) -> iiptran_status_t {
    let link = LinkId(link);
    call(|| {
        let burst = Burst::of(packets, verdicts, count)?;
        iiptran_node_t::enter(node, |node| {
            let allowed = node.may_receive(link);
            burst.process(allowed, |burst| node.receive_burst(now, link, burst), row);
            Ok(())
        })
    })
}

fn one(
    node: *mut iiptran_node_t,
    packet: *mut iiptran_packet_t,
    verdict: *mut iiptran_verdict_t,
    way: impl FnOnce(&mut Node, &mut Packet) -> Answer<Verdict>,
) -> iiptran_status_t {
    call(|| {
        let place = output(verdict)?;
        let mut packet = Packet::at(packet)?;
        let verdict = iiptran_node_t::enter(node, |node| way(node, &mut packet))?;
        place.set(iiptran_verdict_t::of(verdict)?);
        Ok(())
    })
}

/// The row of a burst for what became of a packet.
fn row(answer: Answer<Verdict>) -> iiptran_verdict_t {
    let verdict = answer.and_then(iiptran_verdict_t::of);
    verdict.unwrap_or_else(|status| iiptran_verdict_t {
        what: status,
        ..iiptran_verdict_t::default()
    })
}

/// Takes an inbound SA in, whose packets arrive in the node's first network. On success its handle is gone;
/// otherwise it is the caller's still: IIPTRAN_DUPLICATE_SA, IIPTRAN_TUNNEL_MODE_SA. Allocates. One thread
/// at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_insert_inbound_sa(
    node: *mut iiptran_node_t,
    sa: *mut iiptran_inbound_sa_t,
) -> iiptran_status_t {
    call(|| {
        iiptran_node_t::enter(node, |node| {
            iiptran_inbound_sa_t::hand_over(sa, |sa| node.insert_inbound_sa(sa))
        })
    })
}

/// Gives back an inbound SA whose packets arrive in a network, window and all, to hand it to another core;
/// the caller owns *sa. IIPTRAN_UNKNOWN_SA if there is none with this key. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_remove_inbound_sa(
    node: *mut iiptran_node_t,
    network: u32,
    id: *const iiptran_sa_id_t,
    sa: *mut *mut iiptran_inbound_sa_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(sa)?;
        let id = input(id)?.read()?;
        let sa = iiptran_node_t::enter(node, |node| {
            node.remove_inbound_sa(NetworkId(network), &id)
                .map_err(misuse_status)
        })?;
        place.give(sa.into());
        Ok(())
    })
}

/// Takes a link up or down. Routes that lead out of a link that is down drop their packets. One thread at a
/// time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_set_link_up(
    node: *mut iiptran_node_t,
    link: u32,
    up: bool,
) -> iiptran_status_t {
    call(|| {
        iiptran_node_t::enter(node, |node| {
            node.set_link_up(LinkId(link), up).map_err(misuse_status)
        })
    })
}

/// Writes the number of the link of a name, physical or virtual. It stays until tables are installed. One
/// thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_link(
    node: *const iiptran_node_t,
    name: *const c_char,
    length: usize,
    link: *mut u32,
) -> iiptran_status_t {
    find(node, name, length, link, |node, name| {
        node.link(name).map(|link| link.0)
    })
}

/// Writes the number of the network of a name. It stays until tables are installed. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_network(
    node: *const iiptran_node_t,
    name: *const c_char,
    length: usize,
    network: *mut u32,
) -> iiptran_status_t {
    find(node, name, length, network, |node, name| {
        node.network(name).map(|network| network.0)
    })
}

fn find(
    node: *const iiptran_node_t,
    name: *const c_char,
    length: usize,
    number: *mut u32,
    ask: impl FnOnce(&Node, &str) -> Result<u32, Misuse>,
) -> iiptran_status_t {
    call(|| {
        let place = output(number)?;
        let name = text(name, length)?;
        let found = iiptran_node_t::enter(node, |node| ask(node, name).map_err(misuse_status))?;
        place.set(found);
        Ok(())
    })
}

/// Writes the name of a link as a text, which the caller owns and frees with iiptran_text_free. Allocates.
/// One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_link_name(
    node: *const iiptran_node_t,
    link: u32,
    name: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(name)?;
        let name = iiptran_node_t::enter(node, |node| {
            let name = node.link_name(LinkId(link)).map_err(misuse_status)?;
            Ok(name.into())
        })?;
        place.give(iiptran_text_t(name));
        Ok(())
    })
}

/// Writes the counters as JSON, which the caller owns and frees with iiptran_text_free. Allocates. One
/// thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_counters(
    node: *const iiptran_node_t,
    counters: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(counters)?;
        let counters = iiptran_node_t::enter(node, |node| Ok(node.counters()))?;
        place.give(iiptran_text_t(counters));
        Ok(())
    })
}

/// Writes how many packets met their end for a reason. Allocates nothing. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_drops(
    node: *const iiptran_node_t,
    reason: iiptran_status_t,
    packets: *mut u64,
) -> iiptran_status_t {
    call(|| {
        let place = output(packets)?;
        let reason = u8::try_from(reason).ok().and_then(DropReason::from_code);
        let reason = reason.ok_or(IIPTRAN_BAD_ARGUMENT)?;
        place.set(iiptran_node_t::enter(node, |node| Ok(node.drops(reason)))?);
        Ok(())
    })
}

/// Writes the oldest event that was not yet told, as JSON, which the caller owns and frees with
/// iiptran_text_free; NULL if there is none. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_poll_event(
    node: *mut iiptran_node_t,
    event: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(event)?;
        match iiptran_node_t::enter(node, |node| Ok(node.poll_event_document()))? {
            Some(event) => place.give(iiptran_text_t(event)),
            None => place.set(core::ptr::null_mut()),
        }
        Ok(())
    })
}
