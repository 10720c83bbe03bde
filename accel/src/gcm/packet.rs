//! The packets of a burst.

use core::fmt;

use crate::gcm::values::{Aad, Icv, Nonce, Tag};

/// A packet to be sealed.
pub struct Sealing<'a> {
    nonce: Nonce,
    aad: Aad,
    body: &'a mut [u8],
    icv: &'a mut [u8],
    tag: Tag,
}

impl<'a> Sealing<'a> {
    /// `body` is encrypted in place. No two packets of a key may have the same nonce.
    #[inline]
    #[must_use]
    pub const fn new(nonce: Nonce, aad: Aad, body: &'a mut [u8]) -> Self {
        Self::with_icv(nonce, aad, body, &mut [])
    }

    /// The same, and the beginning of the tag is written to `icv`, as much as fits.
    #[inline]
    #[must_use]
    pub const fn with_icv(nonce: Nonce, aad: Aad, body: &'a mut [u8], icv: &'a mut [u8]) -> Self {
        Self {
            nonce,
            aad,
            body,
            icv,
            tag: Tag(0),
        }
    }

    /// The tag, once it is sealed; zeros before.
    #[inline]
    #[must_use]
    pub const fn tag(&self) -> Tag {
        self.tag
    }
}

/// A packet to be opened.
pub struct Opening<'a> {
    nonce: Nonce,
    aad: Aad,
    body: &'a mut [u8],
    icv: Icv,
    authentic: bool,
}

impl<'a> Opening<'a> {
    /// `body` is decrypted in place if the packet is authentic.
    #[inline]
    #[must_use]
    pub const fn new(nonce: Nonce, aad: Aad, body: &'a mut [u8], icv: Icv) -> Self {
        Self {
            nonce,
            aad,
            body,
            icv,
            authentic: false,
        }
    }

    /// Whether it has been opened and is authentic. If not, its body is as it was.
    #[inline]
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        self.authentic
    }
}

/// What all kinds of packets have.
pub(crate) trait Packet {
    fn nonce(&self) -> Nonce;
    fn aad(&self) -> Aad;
    fn body(&mut self) -> &mut [u8];
}

/// A packet that its caller has made, and looks at afterwards.
pub(crate) trait Kept: Packet + Sized {
    /// What of it waits for the tag.
    type Waiting<'w>
    where
        Self: 'w;

    /// In the place of a packet.
    fn nothing() -> Self;
    fn bytes(&self) -> &[u8];
    /// The body, and what is not the body.
    fn parts(&mut self) -> (&mut [u8], Self::Waiting<'_>);
    /// The tag that was found.
    fn tell(waiting: Self::Waiting<'_>, tag: u128);

    /// The same for the packet as a whole.
    #[inline(always)]
    fn finish(&mut self, tag: u128) {
        let (_, waiting) = self.parts();
        Self::tell(waiting, tag);
    }
}

impl<P: Packet> Packet for &mut P {
    #[inline(always)]
    fn nonce(&self) -> Nonce {
        P::nonce(self)
    }

    #[inline(always)]
    fn aad(&self) -> Aad {
        P::aad(self)
    }

    #[inline(always)]
    fn body(&mut self) -> &mut [u8] {
        P::body(self)
    }
}

impl Packet for Sealing<'_> {
    #[inline(always)]
    fn nonce(&self) -> Nonce {
        self.nonce
    }

    #[inline(always)]
    fn aad(&self) -> Aad {
        self.aad
    }

    #[inline(always)]
    fn body(&mut self) -> &mut [u8] {
        self.body
    }
}

impl Kept for Sealing<'_> {
    type Waiting<'w>
        = (&'w mut Tag, &'w mut [u8])
    where
        Self: 'w;

    #[inline(always)]
    fn nothing() -> Self {
        Self::new(Nonce::ZERO, Aad::EMPTY, &mut [])
    }

    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        self.body
    }

    #[inline(always)]
    fn parts(&mut self) -> (&mut [u8], Self::Waiting<'_>) {
        (self.body, (&mut self.tag, self.icv))
    }

    #[inline(always)]
    fn tell((place, icv): (&mut Tag, &mut [u8]), tag: u128) {
        *place = Tag(tag);
        write_icv(icv, tag);
    }
}

impl Packet for Opening<'_> {
    #[inline(always)]
    fn nonce(&self) -> Nonce {
        self.nonce
    }

    #[inline(always)]
    fn aad(&self) -> Aad {
        self.aad
    }

    #[inline(always)]
    fn body(&mut self) -> &mut [u8] {
        self.body
    }
}

impl Kept for Opening<'_> {
    type Waiting<'w>
        = (&'w mut bool, Icv)
    where
        Self: 'w;

    #[inline(always)]
    fn nothing() -> Self {
        Self::new(Nonce::ZERO, Aad::EMPTY, &mut [], Icv::ZEROS)
    }

    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        self.body
    }

    #[inline(always)]
    fn parts(&mut self) -> (&mut [u8], Self::Waiting<'_>) {
        (self.body, (&mut self.authentic, self.icv))
    }

    #[inline(always)]
    fn tell((authentic, icv): (&mut bool, Icv), tag: u128) {
        *authentic = icv.is_of(tag);
    }
}

/// Writes the beginning of a tag, as much as fits.
#[inline(always)]
pub(crate) fn write_icv(icv: &mut [u8], tag: u128) {
    let bytes = tag.to_le_bytes();
    // The usual length is one store.
    if let Ok(icv) = <&mut [u8; 16]>::try_from(&mut *icv) {
        *icv = bytes;
    } else {
        for (place, byte) in icv.iter_mut().zip(bytes) {
            *place = byte;
        }
    }
}

impl fmt::Debug for Sealing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealing").finish_non_exhaustive()
    }
}

impl fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut opening = f.debug_struct("Opening");
        opening.field("authentic", &self.authentic);
        opening.finish_non_exhaustive()
    }
}
