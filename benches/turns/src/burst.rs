//! The bursts that everybody works on.

/// How many packets or keys a burst has.
pub const BURST: usize = 32;

/// A mixture like that of the Internet, about 7:4:1, in an order without a period.
const IMIX: [usize; BURST] = [
    64, 64, 576, 64, 64, 576, 1400, 64, 576, 64, 64, 64, 576, 64, 576, 64, 64, 576, 64, 64, 1400,
    64, 576, 64, 576, 64, 64, 576, 64, 576, 64, 1400,
];

/// A size of packets by its name.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Bytes in decimal, or `imix`.
    pub name: &'static str,
    /// The bytes of each packet of a burst.
    pub bytes: [usize; BURST],
}

/// All sizes, smallest first.
#[must_use]
pub fn sizes() -> [Size; 5] {
    let same = |name, bytes| Size {
        name,
        bytes: [bytes; BURST],
    };
    [
        same("64", 64),
        same("256", 256),
        same("576", 576),
        same("1400", 1400),
        Size {
            name: "imix",
            bytes: IMIX,
        },
    ]
}
