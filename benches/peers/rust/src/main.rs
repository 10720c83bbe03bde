//! Libraries of others, timed as IIPtran is.
#![forbid(unsafe_code)]

mod aead;
mod boringtun;

use iiptran_turns::Rows;

fn main() -> std::io::Result<()> {
    let mut rows = Rows::from_arguments();
    aead::add_ring(&mut rows);
    aead::add_aws_lc(&mut rows);
    boringtun::add(&mut rows);
    rows.run()
}

/// The version of a package, of those that were built.
fn version(package: &str) -> String {
    let lock = include_str!("../Cargo.lock");
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \""));
    let version = after.and_then(|(_, rest)| rest.split('"').next());
    version.unwrap_or("of unknown version").to_string()
}
