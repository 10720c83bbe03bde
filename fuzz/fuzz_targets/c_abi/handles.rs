//! The handles that an input has made so far, and the calls with them.

use std::ffi::c_char;
use std::ptr;

use iiptran_c::*;

use crate::memory::{PacketInput, Place, check};
use crate::network::Networks;
use crate::questions::{ask, claimed, inside, made, outbound};
use crate::vectors::{Case, Document};
use crate::{Later, Options, Step, burst};

pub(crate) struct Handles<'c> {
    pub(crate) case: &'c Case,
    /// The packet that the last call made.
    pub(crate) last: Vec<u8>,
    /// How far each packet's buffer in a burst reaches into the one before, if they are parts of one.
    pub(crate) lap: Option<u16>,
    networks: Networks,
    outbound: Vec<*mut iiptran_outbound_sa_t>,
    inbound: Vec<*mut iiptran_inbound_sa_t>,
    nodes: Vec<*mut iiptran_node_t>,
    sad: *mut iiptran_sad_t,
    spd: *mut iiptran_spd_t,
    fib: *mut iiptran_fib_t,
}

/// One of the handles, and NULL now and then.
pub(crate) fn pick<T>(handles: &[*mut T], index: u8) -> *mut T {
    let index = usize::from(index) % (handles.len() + 1);
    handles.get(index).copied().unwrap_or(ptr::null_mut())
}

impl<'c> Handles<'c> {
    pub(crate) fn new(case: &'c Case) -> Self {
        let mut sad = Place::new(false);
        // SAFETY: the place may be written to.
        let status = unsafe { iiptran_sad_new(sad.pointer()) };
        Self {
            case,
            last: Vec::new(),
            lap: None,
            networks: Networks::default(),
            outbound: Vec::new(),
            inbound: Vec::new(),
            nodes: Vec::new(),
            sad: sad.after(status).unwrap_or(ptr::null_mut()),
            spd: ptr::null_mut(),
            fib: ptr::null_mut(),
        }
    }

    /// Makes a handle of a document; the config error is there if and only if the status says so.
    fn new_of<T>(
        &self,
        document: &Document,
        is_null: bool,
        call: impl FnOnce(
            *const c_char,
            usize,
            *mut *mut iiptran_config_error_t,
            *mut *mut T,
        ) -> iiptran_status_t,
    ) -> Option<*mut T> {
        made(is_null, |error, place| {
            document.with(&self.case.documents, |first, length| {
                call(first, length, error, place)
            })
        })
    }

    /// A call with a packet.
    fn packet(
        &mut self,
        input: &PacketInput,
        call: impl FnOnce(*mut iiptran_packet_t) -> iiptran_status_t,
    ) -> iiptran_status_t {
        let mut memory = input.memory(self.case, &self.last);
        let status = check(call(memory.pointer()));
        if let Some(bytes) = memory.after(status) {
            self.last = bytes;
        }
        status
    }

    // SAFETY: see `step`.
    pub(crate) unsafe fn later(&mut self, later: &Later) {
        unsafe {
            match later {
                Later::Step(lap, step) => {
                    self.lap = *lap;
                    self.step(step);
                    self.lap = None;
                }
                Later::Network(step) => self.networks.step(step, self.case, &self.last),
                Later::SetWorker(node, worker) => {
                    let node = pick(&self.nodes, *node);
                    check(iiptran_node_set_worker(node, worker.value()));
                }
                Later::ForWorker(node, worker, is_null) => {
                    let (node, mut other) = (pick(&self.nodes, *node), Place::new(*is_null));
                    let status = iiptran_node_for_worker(node, worker.value(), other.pointer());
                    self.nodes.extend(other.after(check(status)));
                }
                Later::SpiOf(input, port, is_null) => {
                    let memory = input.memory(self.case, &self.last);
                    // No `Place`: a packet may have any SPI.
                    let mut spi = u32::MAX;
                    let place = if *is_null {
                        ptr::null_mut()
                    } else {
                        &raw mut spi
                    };
                    if let Some((first, length)) = inside(&memory.packet) {
                        let status = check(iiptran_spi_of(first, length, *port, place));
                        assert!(status == IIPTRAN_OK || spi == u32::MAX);
                        assert!(status != IIPTRAN_OK || !*is_null);
                    }
                }
            }
        }
    }

    // SAFETY: of every call: handles are live and nobody else's, lengths are those of their memory.
    pub(crate) unsafe fn step(&mut self, step: &Step) {
        unsafe {
            match step {
                Step::Outbound(document, is_null) => {
                    let sa = self.new_of(document, *is_null, |d, n, e, p| {
                        iiptran_outbound_sa_new(d, n, e, p)
                    });
                    self.outbound.extend(sa);
                }
                Step::Inbound(document, is_null) => {
                    let sa = self.new_of(document, *is_null, |d, n, e, p| {
                        iiptran_inbound_sa_new(d, n, e, p)
                    });
                    self.inbound.extend(sa);
                }
                Step::OutboundConfig(config) => self.outbound.extend(outbound(config)),
                Step::InboundConfig(config) => self.inbound.extend(config.with(|config| {
                    made(false, |error, place| {
                        iiptran_inbound_sa_from_config(config, error, place)
                    })
                })),
                Step::Spd(document) => {
                    let spd =
                        self.new_of(document, false, |d, n, e, p| iiptran_spd_new(d, n, e, p));
                    if let Some(spd) = spd {
                        iiptran_spd_free(std::mem::replace(&mut self.spd, spd));
                    }
                }
                Step::Fib(document) => {
                    let fib =
                        self.new_of(document, false, |d, n, e, p| iiptran_fib_new(d, n, e, p));
                    if let Some(fib) = fib {
                        iiptran_fib_free(std::mem::replace(&mut self.fib, fib));
                    }
                }
                Step::Node(document, is_null) => {
                    let node = self.new_of(document, *is_null, |d, n, e, p| {
                        iiptran_node_new(d, n, e, p)
                    });
                    self.nodes.extend(node);
                }
                Step::NodeWithTables => self.with_tables(pick(&self.nodes, 0)),
                Step::Install(node, document) => {
                    let node = pick(&self.nodes, *node);
                    // Nothing is made: the handle is there to have a place of its own.
                    self.new_of::<iiptran_node_t>(document, false, |d, n, e, place| {
                        let status = iiptran_node_install(node, d, n, e);
                        if status == IIPTRAN_OK {
                            place.write(ptr::null_mut());
                        }
                        status
                    });
                }
                Step::InstallTables(index) => {
                    let (to, from) = (pick(&self.nodes, *index), pick(&self.nodes, index / 16));
                    let mut tables = Place::new(false);
                    let status = check(iiptran_node_tables(from, tables.pointer()));
                    if let Some(tables) = tables.after(status) {
                        check(iiptran_node_install_tables(to, tables));
                        iiptran_tables_free(tables);
                    }
                }
                Step::Seal(sa, now, options, input, is_null) => {
                    let (sa, mut sealed) = (pick(&self.outbound, *sa), Place::new(*is_null));
                    let place = sealed.pointer();
                    let status = Options::with(options.as_ref(), |options| {
                        self.packet(input, |packet| {
                            iiptran_outbound_sa_seal(sa, (*now).into(), options, packet, place)
                        })
                    });
                    sealed.after(status);
                    iiptran_outbound_sa_take_soft_expiry(sa, (*now).into());
                    iiptran_outbound_sa_overhead(sa, *now as usize);
                    iiptran_outbound_sa_transform(sa);
                }
                Step::Open(sa, now, input, is_null) => {
                    let (sa, mut opened) = (pick(&self.inbound, *sa), Place::new(*is_null));
                    let place = opened.pointer();
                    let status = self.packet(input, |packet| {
                        iiptran_inbound_sa_open(sa, (*now).into(), packet, place)
                    });
                    opened.after(status);
                    iiptran_inbound_sa_take_soft_expiry(sa, (*now).into());
                }
                Step::SealAndOpen(input) => self.seal_and_open(input),
                Step::SealBurst(sa, inputs, flaw) => {
                    let sa = pick(&self.outbound, *sa);
                    burst(
                        inputs,
                        flaw,
                        self,
                        |packets, count, statuses| {
                            let status =
                                iiptran_outbound_sa_seal_burst(sa, 0, packets, count, statuses);
                            if sa.is_null() {
                                IIPTRAN_BAD_POINTER
                            } else {
                                status
                            }
                        },
                        |status| status,
                    );
                }
                Step::OpenBurst(sa, inputs, flaw) => {
                    let sa = pick(&self.inbound, *sa);
                    burst(
                        inputs,
                        flaw,
                        self,
                        |packets, count, statuses| {
                            iiptran_inbound_sa_open_burst(sa, 0, packets, count, statuses)
                        },
                        |status| status,
                    );
                }
                Step::Insert(index) => {
                    let sa = pick(&self.inbound, *index);
                    if check(iiptran_sad_insert(self.sad, sa)) == IIPTRAN_OK {
                        self.inbound.retain(|kept| *kept != sa);
                    }
                }
                Step::Remove(id) => {
                    let (id, mut sa) = (id.value(), Place::new(false));
                    let status = check(iiptran_sad_remove(self.sad, &id, sa.pointer()));
                    self.inbound.extend(sa.after(status));
                }
                Step::Lookup(id) => {
                    let (id, mut found) = (id.value(), Place::new(false));
                    let status = iiptran_sad_lookup(
                        self.sad,
                        id.spi,
                        &id.destination,
                        &id.source,
                        found.pointer(),
                    );
                    found.after(check(status));
                    iiptran_sad_is_vacant(self.sad, id.spi);
                }
                Step::SadOpen(now, input, nulls) => {
                    let (mut id, mut opened) = (Place::new(nulls[0]), Place::new(nulls[1]));
                    let (id_place, place, sad) = (id.pointer(), opened.pointer(), self.sad);
                    let status = self.packet(input, |packet| {
                        iiptran_sad_open(sad, (*now).into(), packet, id_place, place)
                    });
                    id.after(status);
                    opened.after(status);
                }
                Step::SpdLookup(direction, input) => {
                    let memory = input.memory(self.case, &self.last);
                    let (mut policy, packet) = (Place::new(false), &*memory.packet);
                    if let Some((first, length)) = inside(packet) {
                        let status = iiptran_spd_lookup(
                            self.spd,
                            direction % 3,
                            first,
                            length,
                            policy.pointer(),
                        );
                        policy.after(check(status));
                    }
                }
                Step::FibLookup(input) => {
                    let memory = input.memory(self.case, &self.last);
                    let (mut hop, packet) = (Place::new(false), &*memory.packet);
                    if let Some((first, length)) = inside(packet) {
                        let status = iiptran_fib_lookup(self.fib, first, length, hop.pointer());
                        hop.after(check(status));
                    }
                }
                Step::FibLookupAddress(address, hash) => {
                    let (address, mut hop) = (address.value(), Place::new(false));
                    let status =
                        iiptran_fib_lookup_address(self.fib, &address, *hash, hop.pointer());
                    hop.after(check(status));
                }
                Step::Send(node, now, link, input, is_null) => {
                    let (node, now) = (pick(&self.nodes, *node), u64::from(*now) << 10);
                    let (number, mut verdict) = (u32::from(link / 3 % 5), Place::new(*is_null));
                    let place = verdict.pointer();
                    let status = self.packet(input, |packet| match link % 3 {
                        0 => iiptran_node_send(node, now, number, packet, place),
                        1 => iiptran_node_send_via(node, now, number, packet, place),
                        _ => iiptran_node_receive(node, now, number, packet, place),
                    });
                    verdict.after(status);
                }
                Step::Walk(node, now, link, input, nulls) => {
                    let (node, now) = (pick(&self.nodes, *node), u64::from(*now));
                    let number = u32::from(link / 3 % 5);
                    let (mut verdict, mut text) = (Place::new(nulls[0]), Place::new(nulls[1]));
                    let (place, walk) = (verdict.pointer(), text.pointer());
                    let status = self.packet(input, |packet| match link % 3 {
                        0 => iiptran_node_walk_send(node, now, number, packet, place, walk),
                        1 => iiptran_node_walk_send_via(node, now, number, packet, place, walk),
                        _ => iiptran_node_walk_receive(node, now, number, packet, place, walk),
                    });
                    verdict.after(status);
                    // Written for a packet that was dropped, too.
                    assert!(text.is_untouched() || status == IIPTRAN_OK || status < 0x100);
                    if !text.is_untouched() {
                        iiptran_text_free(text.value());
                    }
                }
                Step::NodeBurst(node, now, link, inputs, flaw) => {
                    let (node, now) = (pick(&self.nodes, *node), u64::from(*now));
                    let number = u32::from(link / 2 % 5);
                    let call = |packets, count, verdicts| match link % 2 {
                        0 => iiptran_node_send_burst(node, now, number, packets, count, verdicts),
                        _ => {
                            iiptran_node_receive_burst(node, now, number, packets, count, verdicts)
                        }
                    };
                    burst(
                        inputs,
                        flaw,
                        self,
                        call,
                        |verdict: iiptran_verdict_t| match verdict.what {
                            IIPTRAN_TRANSMIT | IIPTRAN_DELIVER | IIPTRAN_HOLD => IIPTRAN_OK,
                            status => status,
                        },
                    );
                }
                Step::NodeInsert(node, index) => {
                    let sa = pick(&self.inbound, *index);
                    let status = iiptran_node_insert_inbound_sa(pick(&self.nodes, *node), sa);
                    if check(status) == IIPTRAN_OK {
                        self.inbound.retain(|kept| *kept != sa);
                    }
                }
                Step::NodeRemove(node, network, id) => {
                    let (id, mut sa) = (id.value(), Place::new(false));
                    let status = check(iiptran_node_remove_inbound_sa(
                        pick(&self.nodes, *node),
                        (network % 4).into(),
                        &id,
                        sa.pointer(),
                    ));
                    self.inbound.extend(sa.after(status));
                }
                Step::Ask(node, reason, name) => ask(pick(&self.nodes, *node), *reason, name),
                Step::SetLinkUp(node, link, up) => {
                    let status =
                        iiptran_node_set_link_up(pick(&self.nodes, *node), (link % 5).into(), *up);
                    check(status);
                }
            }
        }
    }

    unsafe fn with_tables(&mut self, node: *mut iiptran_node_t) {
        unsafe {
            let mut tables = Place::new(false);
            let status = check(iiptran_node_tables(node, tables.pointer()));
            let Some(tables) = tables.after(status) else {
                return;
            };
            let mut made = Place::new(false);
            let status = check(iiptran_node_with_tables(tables, made.pointer()));
            iiptran_tables_free(tables);
            self.nodes.extend(made.after(status));
        }
    }

    /// What one side of an SA seals, the other one opens to what it was.
    unsafe fn seal_and_open(&mut self, input: &PacketInput) {
        unsafe {
            let document = Document::Known(0);
            let new =
                |d, n, e, p: *mut *mut iiptran_outbound_sa_t| iiptran_outbound_sa_new(d, n, e, p);
            let Some(sender) = self.new_of(&document, false, new) else {
                return;
            };
            let new =
                |d, n, e, p: *mut *mut iiptran_inbound_sa_t| iiptran_inbound_sa_new(d, n, e, p);
            let receiver = self.new_of(&document, false, new);
            let mut memory = input.memory(self.case, &self.last);
            let clear = memory
                .is_sound()
                .then(|| memory.after(IIPTRAN_OK))
                .flatten();
            let status = check(iiptran_outbound_sa_seal(
                sender,
                0,
                ptr::null(),
                memory.pointer(),
                ptr::null_mut(),
            ));
            if let (IIPTRAN_OK, Some(receiver)) = (status, receiver) {
                let is_tunnel = iiptran_outbound_sa_mode(sender).length == "tunnel".len();
                let opened =
                    iiptran_inbound_sa_open(receiver, 0, memory.pointer(), ptr::null_mut());
                // A tunnel's inner header is the sender's to change: TTL, and ECN behind it. An SA with
                // selectors may send what the other direction's selectors refuse.
                if opened == IIPTRAN_OK && !is_tunnel {
                    let bytes = memory.after(IIPTRAN_OK);
                    assert_eq!(bytes, clear.map(claimed));
                }
            }
            iiptran_outbound_sa_free(sender);
            iiptran_inbound_sa_free(receiver.unwrap_or(ptr::null_mut()));
        }
    }
}

impl Drop for Handles<'_> {
    fn drop(&mut self) {
        // SAFETY: each is live and nobody else's.
        unsafe {
            self.outbound
                .iter()
                .for_each(|sa| iiptran_outbound_sa_free(*sa));
            self.inbound
                .iter()
                .for_each(|sa| iiptran_inbound_sa_free(*sa));
            self.nodes.iter().for_each(|node| iiptran_node_free(*node));
            iiptran_sad_free(self.sad);
            iiptran_spd_free(self.spd);
            iiptran_fib_free(self.fib);
        }
    }
}
