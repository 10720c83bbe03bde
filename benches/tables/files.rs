//! The tables in files, for programs in other languages. Numbers are little-endian.

use std::fs::{File, create_dir_all};
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use iiptran_benches::inputs;

/// Writes all tables: see benches/peers/c/dpdk_lookup.c for who reads them.
pub(crate) fn write(folder: &Path) -> Result<()> {
    create_dir_all(folder)?;
    let routes = inputs::routes_v4(900_000);
    let prefixes = routes.prefixes.iter().map(|(address, length)| {
        let words = [address.to_bits(), u32::from(*length)];
        words.map(u32::to_le_bytes).concat()
    });
    file(folder, "routes4", prefixes)?;
    let keys = routes.keys.iter().map(|key| key.to_bits().to_le_bytes());
    file(folder, "keys4", keys)?;
    let routes = inputs::routes_v6(200_000);
    let prefixes = routes.prefixes.iter().map(|(address, length)| {
        let length = u32::from(*length).to_le_bytes();
        [&address.octets()[..], &length].concat()
    });
    file(folder, "routes6", prefixes)?;
    file(folder, "keys6", routes.keys.iter().map(|key| key.octets()))?;
    let sas = inputs::sas(1_000_000)
        .into_iter()
        .map(|(spi, destination)| {
            let words = [spi, destination.to_bits()];
            words.map(u32::to_le_bytes).concat()
        });
    file(folder, "sas", sas)?;
    let sides = inputs::policies(10_000).into_iter();
    let sides = sides.map(|sides| sides.map(|side| side.to_bits().to_le_bytes()).concat());
    file(folder, "policies", sides)?;
    let numbers = inputs::numbers().into_iter().map(u64::to_le_bytes);
    file(folder, "numbers", numbers)
}

fn file<T: AsRef<[u8]>>(folder: &Path, name: &str, records: impl Iterator<Item = T>) -> Result<()> {
    let mut file = BufWriter::new(File::create(folder.join(name))?);
    for record in records {
        file.write_all(record.as_ref())?;
    }
    file.flush()
}
