//! Anti-replay, integrity and decryption (RFC 4303 sections 3.4.3 and 3.4.4), of one packet and of those of a run.

use super::InboundSa;
use crate::esp::{self, OpenRequest, Opened};
use crate::sa::EspPlace;
use crate::sa::lifetime::Usage;
use crate::transform::{Authenticated, EspLayout, Opener};
use crate::wire::{EspHeader, IpHeader, SkipList};
use crate::{DropReason, Instant, Packet};

/// Leaves nothing of a plaintext that is not to be received.
#[cold]
fn wipe(packet: &mut Packet<'_>, reason: DropReason) -> Result<(), DropReason> {
    packet.bytes_mut().fill(0);
    Err(reason)
}

impl InboundSa {
    /// Anti-replay, integrity and decryption; then the sequence number counts as received, whatever
    /// the packet holds.
    #[inline]
    pub(crate) fn authenticate(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
        place: &EspPlace,
    ) -> Result<(u64, Opened), DropReason> {
        let usage = Usage {
            bytes: self.used.bytes,
            packets: self.used.packets,
        };
        self.lifetime.check(now, usage)?;
        let esp = packet
            .bytes()
            .get(place.offset..)
            .ok_or(DropReason::Truncated)?;
        let lengths = esp::check_length(esp.len(), self.transform)?;
        let low = EspHeader::parse(esp)?.sequence.get();
        let sequence = match &self.window {
            Some(window) if self.extended => window.infer(low)?,
            _ => u64::from(low),
        };
        if let Some(window) = &self.window {
            window.check(sequence)?;
        }
        let (sequence, opened) = match self.try_open(packet, place, sequence) {
            Ok(opened) => (sequence, opened),
            Err(DropReason::BadIcv) => self.diagnose(now, packet, place, sequence)?,
            Err(reason) => return Err(reason),
        };
        self.note(sequence, lengths.body);
        Ok((sequence, opened))
    }

    /// Counts an authentic packet.
    #[inline(always)]
    fn note(&mut self, sequence: u64, body: usize) {
        self.diagnosis_state.passed();
        if let Some(window) = &mut self.window {
            window.receive(sequence);
        }
        self.used.packets = self.used.packets.saturating_add(1);
        self.used.bytes = self.used.bytes.saturating_add(body as u64);
    }

    /// Counts an authentic packet of a run.
    #[inline(always)]
    pub(in crate::sa) fn received(
        &mut self,
        packet: &mut Packet<'_>,
        sequence: u64,
        body: usize,
    ) -> Result<(), DropReason> {
        // The same number may have come in between, inside another packet of the run.
        if let Some(window) = &self.window
            && let Err(reason) = window.check(sequence)
        {
            return wipe(packet, reason);
        }
        self.note(sequence, body);
        Ok(())
    }

    /// Counts authentic packets with ascending numbers, each of which the window let pass.
    #[inline(always)]
    pub(in crate::sa) fn received_all(&mut self, sequences: &[u64], bodies: usize) {
        if sequences.is_empty() {
            return;
        }
        self.diagnosis_state.passed();
        if let Some(window) = &mut self.window {
            window.receive_ascending(sequences);
        }
        let packets = self.used.packets;
        self.used.packets = packets.saturating_add(sequences.len() as u64);
        self.used.bytes = self.used.bytes.saturating_add(bodies as u64);
    }

    /// A packet of a run failed its check: what that means.
    #[cold]
    pub(in crate::sa) fn failed(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
        sequence: u64,
    ) -> Result<(), DropReason> {
        let header = IpHeader::parse(packet.bytes(), &SkipList::default())?;
        let place = EspPlace {
            header,
            offset: header.length,
        };
        let opened = self.diagnose(now, packet, &place, sequence);
        // Bursts are for SAs that don't look for their sender in later runs, so that it stays failed.
        opened.map_or_else(Err, |_| Err(DropReason::BadIcv))
    }

    /// Whether a burst meets no limit of the SA, so that packets need not be counted one by one, and the
    /// window alone says which numbers may come.
    #[inline]
    pub(crate) fn is_far_from_limits(&self, now: Instant) -> bool {
        let usage = Usage {
            bytes: self.used.bytes,
            packets: self.used.packets,
        };
        let soft = !self.soft_expiry_told;
        self.resynchronisation.is_none()
            && self.lifetime.is_far_from(now, usage, Usage::OF_BURST, soft)
    }

    /// The layout of this SA's packets.
    #[inline(always)]
    pub(crate) const fn layout(&self) -> EspLayout {
        self.layout
    }

    #[inline]
    pub(in crate::sa) const fn opener(&self) -> &Opener {
        &self.opener
    }

    #[cold]
    pub(in crate::sa) fn padding_is_right(&self, padding: &[u8]) -> bool {
        self.padding_check.check(padding).is_ok()
    }

    fn try_open(
        &self,
        packet: &mut Packet<'_>,
        place: &EspPlace,
        sequence: u64,
    ) -> Result<Opened, DropReason> {
        let authenticated = Authenticated {
            spi: self.id.spi,
            sequence,
            extended: self.extended,
        };
        let request = OpenRequest {
            transform: self.transform,
            opener: &self.opener,
            authenticated,
        };
        esp::open(packet, place.offset, &request)
    }

    /// What a failed integrity check means where sequence numbers are extended; see
    /// [`super::Diagnosis`].
    #[cold]
    fn diagnose(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
        place: &EspPlace,
        inferred: u64,
    ) -> Result<(u64, Opened), DropReason> {
        const RUN: u64 = 1 << 32;
        self.diagnosis_state.failed();
        let Some(window) = self.window.as_ref().filter(|_| self.extended) else {
            return Err(DropReason::BadIcv);
        };
        if let Some(earlier) = inferred.checked_sub(RUN)
            && self.diagnosis_state.may_retry(self.diagnosis, now)
        {
            let lateness = window.lateness(earlier);
            if let Ok(opened) = self.try_open(packet, place, earlier) {
                // Authentic, but not to be received: its plaintext goes.
                let plaintext = opened.payload_offset..opened.trailer_offset;
                packet
                    .bytes_mut()
                    .get_mut(plaintext)
                    .unwrap_or_default()
                    .fill(0);
                self.used.late = self.used.late.saturating_add(1);
                self.used.latest = self.used.latest.max(lateness);
                return Err(DropReason::LeftOfWindow);
            }
        }
        let mut later = inferred;
        for _ in 0..self.diagnosis_state.runs_to_try(self.resynchronisation) {
            later = later.checked_add(RUN).ok_or(DropReason::BadIcv)?;
            if let Ok(opened) = self.try_open(packet, place, later) {
                self.used.resynchronised = self.used.resynchronised.saturating_add(1);
                return Ok((later, opened));
            }
        }
        Err(DropReason::BadIcv)
    }
}
