//! Where algorithm and instruction set meet: one function with `target_feature` for each of what a
//! kernel does, and the choice among them.

use crate::cbc::{self, CbcPacket};
use crate::gcm::burst::{Groups, Look, MOST_PACKETS, Made, burst};
use crate::gcm::esp::{EspFormat, EspLook};
use crate::gcm::isa;
use crate::gcm::packet::{Opening, Sealing};
use crate::gcm::schedule::RoundKeys;
use crate::gcm::stream::Stream;
use crate::gcm::table::Table;
use crate::gcm::values::{Aad, Nonce};
use crate::gcm::{lockstep, mac};
use crate::{Error, Kernel};

/// The functions of a kernel, with `$batch` quads side by side.
macro_rules! kernel {
    ($module:ident, $isa:ident, $batch:literal, $features:literal) => {
        mod $module {
            use super::*;

            type Isa = isa::$isa;

            #[inline]
            #[target_feature(enable = $features)]
            fn isa() -> Isa {
                // SAFETY: this function has the target features, so whoever calls it vouches for
                // the instructions of `Isa`: the features are those that its documentation names.
                unsafe { Isa::assume() }
            }

            #[target_feature(enable = $features)]
            pub(super) fn table(key: &[u8]) -> Table {
                Table::new(isa::Isa::single(isa()), key)
            }

            #[target_feature(enable = $features)]
            pub(super) fn round_keys(key: &[u8]) -> RoundKeys {
                RoundKeys::new(isa::Isa::single(isa()), key)
            }

            #[target_feature(enable = $features)]
            pub(super) fn encrypt_cbc<'p, const R: usize>(
                keys: &RoundKeys,
                packets: &mut dyn Iterator<Item = CbcPacket<'p>>,
            ) {
                cbc::encrypt::<Isa, R>(isa(), keys, packets);
            }

            #[target_feature(enable = $features)]
            pub(super) fn crypt<const R: usize, const SEAL: bool>(
                table: &Table,
                nonce: u128,
                aad: u128,
                body: &mut [u8],
                aad_bits: u64,
            ) -> u128 {
                let mut stream = Stream::<Isa, R, $batch>::new(isa(), table);
                stream.packet::<SEAL>(nonce, aad, body, aad_bits);
                stream.finish()
            }

            #[target_feature(enable = $features)]
            pub(super) fn mac<const R: usize>(
                table: &Table,
                nonce: u128,
                head: [u128; 2],
                body: &[u8],
                length: usize,
            ) -> u128 {
                mac::mac::<Isa, R>(isa(), table, nonce, head, body, length)
            }

            #[target_feature(enable = $features)]
            pub(super) fn seal_burst<const R: usize>(table: &Table, packets: &mut [Sealing<'_>]) {
                for packets in packets.chunks_mut(MOST_PACKETS) {
                    burst::<Isa, R, $batch, true, _, _>(
                        isa(),
                        Lockstep(isa()),
                        table,
                        &Made,
                        packets,
                    );
                }
            }

            #[target_feature(enable = $features)]
            pub(super) fn open_burst<const R: usize>(table: &Table, packets: &mut [Opening<'_>]) {
                for packets in packets.chunks_mut(MOST_PACKETS) {
                    burst::<Isa, R, $batch, false, _, _>(
                        isa(),
                        Lockstep(isa()),
                        table,
                        &Made,
                        packets,
                    );
                }
            }

            /// Up to [`MOST_PACKETS`]; of those to be opened, the first 32 are judged.
            #[target_feature(enable = $features)]
            pub(super) fn esp<const R: usize, const SEAL: bool>(
                table: &Table,
                format: &EspFormat,
                packets: &mut [&mut [u8]],
                sequences: &[u64],
            ) -> u32 {
                let look = EspLook::<SEAL>::new(format, sequences);
                burst::<Isa, R, $batch, SEAL, _, _>(isa(), Lockstep(isa()), table, &look, packets)
            }

            /// The proof that the CPU can run what is behind it.
            #[derive(Clone, Copy)]
            struct Lockstep(Isa);

            impl Groups for Lockstep {
                #[inline(always)]
                fn eight<const R: usize, const SEAL: bool, P, L: Look<P>>(
                    self,
                    table: &Table,
                    look: &L,
                    places: &[usize; 8],
                    packets: &mut [P; 8],
                    blocks: usize,
                ) -> u32 {
                    // SAFETY: `self` holds the proof that the CPU has the instructions of `Isa`.
                    unsafe { eight::<R, SEAL, P, L>(table, look, places, packets, blocks) }
                }

                #[inline(always)]
                fn four<const R: usize, const SEAL: bool, P, L: Look<P>>(
                    self,
                    table: &Table,
                    look: &L,
                    places: &[usize; 4],
                    packets: &mut [P; 4],
                    blocks: usize,
                ) -> u32 {
                    // SAFETY: `self` holds the proof that the CPU has the instructions of `Isa`.
                    unsafe { four::<R, SEAL, P, L>(table, look, places, packets, blocks) }
                }
            }

            #[target_feature(enable = $features)]
            #[inline(never)]
            fn eight<const R: usize, const SEAL: bool, P, L: Look<P>>(
                table: &Table,
                look: &L,
                places: &[usize; 8],
                packets: &mut [P; 8],
                blocks: usize,
            ) -> u32 {
                lockstep::eight::<Isa, R, SEAL, P, L>(isa(), table, look, places, packets, blocks)
            }

            #[target_feature(enable = $features)]
            #[inline(never)]
            fn four<const R: usize, const SEAL: bool, P, L: Look<P>>(
                table: &Table,
                look: &L,
                places: &[usize; 4],
                packets: &mut [P; 4],
                blocks: usize,
            ) -> u32 {
                lockstep::four::<Isa, R, SEAL, P, L>(isa(), table, look, places, packets, blocks)
            }
        }
    };
}

kernel!(aesni, AesNi, 2, "aes,pclmulqdq,ssse3,sse4.1");
kernel!(
    avx2,
    Avx2,
    4,
    "aes,pclmulqdq,ssse3,sse4.1,avx,avx2,vaes,vpclmulqdq"
);
kernel!(
    avx512,
    Avx512,
    11,
    "aes,pclmulqdq,ssse3,sse4.1,avx,avx2,bmi2,vaes,vpclmulqdq,avx512f,avx512bw,avx512dq,avx512vl"
);

/// Key length.
#[derive(Clone, Copy)]
enum Size {
    Bits128,
    Bits192,
    Bits256,
}

/// A kernel that can run here, and a key length: what to call.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    kernel: Kernel,
    size: Size,
}

/// Calls the function of the kernel for the key length.
macro_rules! call {
    ($entry:expr, $function:ident [$($constant:literal)?] ($($argument:expr),*)) => {{
        use Size::{Bits128, Bits192, Bits256};
        let Entry { kernel, size } = $entry;
        // SAFETY: `Entry::new` has found that the CPU has the instructions of the kernel.
        unsafe {
            match (kernel, size) {
                (Kernel::Avx512, Bits128) => avx512::$function::<11 $(, $constant)?>($($argument),*),
                (Kernel::Avx512, Bits192) => avx512::$function::<13 $(, $constant)?>($($argument),*),
                (Kernel::Avx512, Bits256) => avx512::$function::<15 $(, $constant)?>($($argument),*),
                (Kernel::Avx2, Bits128) => avx2::$function::<11 $(, $constant)?>($($argument),*),
                (Kernel::Avx2, Bits192) => avx2::$function::<13 $(, $constant)?>($($argument),*),
                (Kernel::Avx2, Bits256) => avx2::$function::<15 $(, $constant)?>($($argument),*),
                (Kernel::AesNi, Bits128) => aesni::$function::<11 $(, $constant)?>($($argument),*),
                (Kernel::AesNi, Bits192) => aesni::$function::<13 $(, $constant)?>($($argument),*),
                (Kernel::AesNi, Bits256) => aesni::$function::<15 $(, $constant)?>($($argument),*),
            }
        }
    }};
}

impl Entry {
    /// For a key of so many bytes.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the CPU can't run the kernel, [`Error::KeyLength`] if AES has no keys of this
    /// length.
    pub(crate) fn new(kernel: Kernel, key_length: usize) -> Result<Self, Error> {
        let size = match key_length {
            16 => Size::Bits128,
            24 => Size::Bits192,
            32 => Size::Bits256,
            length => return Err(Error::KeyLength(length)),
        };
        let entry = kernel.is_available().then_some(Self { kernel, size });
        entry.ok_or(Error::Unavailable(kernel))
    }

    pub(crate) const fn kernel(self) -> Kernel {
        self.kernel
    }

    /// `key` is of the length that was said.
    pub(crate) fn table(self, key: &[u8]) -> Table {
        // SAFETY: `Entry::new` has found that the CPU has the instructions of the kernel.
        unsafe {
            match self.kernel {
                Kernel::Avx512 => avx512::table(key),
                Kernel::Avx2 => avx2::table(key),
                Kernel::AesNi => aesni::table(key),
            }
        }
    }

    /// `key` is of the length that was said.
    pub(crate) fn round_keys(self, key: &[u8]) -> RoundKeys {
        // SAFETY: as above.
        unsafe {
            match self.kernel {
                Kernel::Avx512 => avx512::round_keys(key),
                Kernel::Avx2 => avx2::round_keys(key),
                Kernel::AesNi => aesni::round_keys(key),
            }
        }
    }

    pub(crate) fn encrypt_cbc<'p>(
        self,
        keys: &RoundKeys,
        packets: &mut dyn Iterator<Item = CbcPacket<'p>>,
    ) {
        call!(self, encrypt_cbc[](keys, packets));
    }

    #[inline]
    pub(crate) fn seal(self, table: &Table, nonce: Nonce, aad: Aad, body: &mut [u8]) -> u128 {
        let (nonce, bits) = (nonce.first_counter(), aad.bits());
        self.seal_values(table, nonce, aad.block(), body, bits)
    }

    fn seal_values(
        self,
        table: &Table,
        nonce: u128,
        aad: u128,
        body: &mut [u8],
        aad_bits: u64,
    ) -> u128 {
        call!(self, crypt[true](table, nonce, aad, body, aad_bits))
    }

    #[inline]
    pub(crate) fn open(self, table: &Table, nonce: Nonce, aad: Aad, body: &mut [u8]) -> u128 {
        let (nonce, bits) = (nonce.first_counter(), aad.bits());
        self.open_values(table, nonce, aad.block(), body, bits)
    }

    fn open_values(
        self,
        table: &Table,
        nonce: u128,
        aad: u128,
        body: &mut [u8],
        aad_bits: u64,
    ) -> u128 {
        call!(self, crypt[false](table, nonce, aad, body, aad_bits))
    }

    pub(crate) fn mac(
        self,
        table: &Table,
        nonce: Nonce,
        head: [u128; 2],
        body: &[u8],
        length: usize,
    ) -> u128 {
        let nonce = nonce.first_counter();
        call!(self, mac[](table, nonce, head, body, length))
    }

    pub(crate) fn seal_burst(self, table: &Table, packets: &mut [Sealing<'_>]) {
        call!(self, seal_burst[](table, packets));
    }

    pub(crate) fn open_burst(self, table: &Table, packets: &mut [Opening<'_>]) {
        call!(self, open_burst[](table, packets));
    }

    pub(crate) fn seal_esp(
        self,
        table: &Table,
        format: &EspFormat,
        packets: &mut [&mut [u8]],
        sequences: &[u64],
    ) {
        call!(self, esp[true](table, format, packets, sequences));
    }

    pub(crate) fn open_esp(
        self,
        table: &Table,
        format: &EspFormat,
        packets: &mut [&mut [u8]],
        sequences: &[u64],
    ) -> u32 {
        call!(self, esp[false](table, format, packets, sequences))
    }
}
