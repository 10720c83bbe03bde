//! Captures made by hand, in either byte order.

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Little,
    Big,
}

pub(crate) use Order::{Big, Little};

impl Order {
    pub(crate) fn u16(self, value: u16) -> [u8; 2] {
        match self {
            Little => value.to_le_bytes(),
            Big => value.to_be_bytes(),
        }
    }

    pub(crate) fn u32(self, value: u32) -> [u8; 4] {
        match self {
            Little => value.to_le_bytes(),
            Big => value.to_be_bytes(),
        }
    }

    pub(crate) fn u64(self, value: u64) -> [u8; 8] {
        match self {
            Little => value.to_le_bytes(),
            Big => value.to_be_bytes(),
        }
    }

    fn words(self, values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|&value| self.u32(value)).collect()
    }

    /// The file header of a pcap file.
    pub(crate) fn pcap(self, magic: u32, link_type: u32) -> Vec<u8> {
        [
            &self.u32(magic)[..],
            &self.u16(2),
            &self.u16(4),
            &self.words(&[0, 0, 65_535, link_type]),
        ]
        .concat()
    }

    /// A packet of a pcap file.
    pub(crate) fn frame(self, seconds: u32, fraction: u32, original: u32, data: &[u8]) -> Vec<u8> {
        let head = self.words(&[seconds, fraction, data.len() as u32, original]);
        [&head, data].concat()
    }

    /// Any block, its contents padded.
    pub(crate) fn block(self, kind: u32, contents: &[u8]) -> Vec<u8> {
        let contents = padded(contents);
        let length = contents.len() as u32 + 12;
        [
            &self.words(&[kind, length])[..],
            &contents,
            &self.u32(length),
        ]
        .concat()
    }

    pub(crate) fn section(self) -> Vec<u8> {
        self.section_of_version(1)
    }

    pub(crate) fn section_of_version(self, major: u16) -> Vec<u8> {
        let contents = [
            &self.u32(0x1a2b_3c4d)[..],
            &self.u16(major),
            &self.u16(0),
            &self.u64(u64::MAX),
        ];
        self.block(0x0a0d_0d0a, &contents.concat())
    }

    pub(crate) fn interface(self, link_type: u16, snapshot: u32, options: &[u8]) -> Vec<u8> {
        let contents = [
            &self.u16(link_type)[..],
            &self.u16(0),
            &self.u32(snapshot),
            options,
        ];
        self.block(1, &contents.concat())
    }

    pub(crate) fn option(self, code: u16, value: &[u8]) -> Vec<u8> {
        let length = self.u16(value.len() as u16);
        [&self.u16(code)[..], &length, &padded(value)].concat()
    }

    pub(crate) fn enhanced(self, interface: u32, time: u64, original: u32, data: &[u8]) -> Vec<u8> {
        self.enhanced_with_options(interface, time, original, data, &[])
    }

    pub(crate) fn enhanced_with_options(
        self,
        interface: u32,
        time: u64,
        original: u32,
        data: &[u8],
        options: &[u8],
    ) -> Vec<u8> {
        let (high, low) = ((time >> 32) as u32, time as u32);
        let head = self.words(&[interface, high, low, data.len() as u32, original]);
        self.block(6, &[&head, &padded(data)[..], options].concat())
    }

    pub(crate) fn obsolete(self, interface: u16, time: u64, original: u32, data: &[u8]) -> Vec<u8> {
        let (high, low) = ((time >> 32) as u32, time as u32);
        let contents = [
            &self.u16(interface)[..],
            &self.u16(0xffff),
            &self.words(&[high, low, data.len() as u32, original]),
            data,
        ];
        self.block(2, &contents.concat())
    }

    pub(crate) fn simple(self, original: u32, data: &[u8]) -> Vec<u8> {
        self.block(3, &[&self.u32(original), data].concat())
    }
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded.resize(bytes.len().next_multiple_of(4), 0);
    padded
}
