//! Bursts of 32 packets through AES-GCM alone, through an SA and through a whole gateway.
//!
//! Each sample makes the packets anew, seals them, opens what was sealed, with anti-replay on; only what a
//! row is about is timed. SAs are those of tunnel mode over IPv4, sizes are those of inner packets, as
//! librte_ipsec is measured. `cargo xtask bench-peers` hands out turns between these rows and those of
//! other libraries; by itself, `cargo bench --bench burst` prints all, or those whose names begin as asked:
//! `-- esp/aes-128-gcm`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench may fail anywhere"
)]

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod raw;

use iiptran::transform::Transform;
use iiptran_benches::{Gateways, Packets, Sas, Way};
use iiptran_turns::{BURST, Rows, Size, sizes};

const SELF: &str = "IIPtran";

fn main() -> std::io::Result<()> {
    iiptran_benches::choose_kernel();
    let mut rows = Rows::from_arguments();
    let kernel = iiptran_accel::chosen().map_or("portable", iiptran_accel::Kernel::name);
    let version = env!("CARGO_PKG_VERSION");
    rows.about(SELF, &format!("{version}, AES-GCM with {kernel}"));
    raw(&mut rows);
    let transform =
        |encryption, integrity| Transform::from_names(encryption, integrity).expect("a transform");
    let gcm = transform("aes-128-gcm-16", None);
    let cbc = transform("aes-128-cbc", Some("hmac-sha2-256-128"));
    for (name, transform) in [
        ("esp/aes-128-gcm", gcm),
        ("esp/aes-256-gcm", transform("aes-256-gcm-16", None)),
        (
            "esp/chacha20-poly1305",
            transform("chacha20-poly1305", None),
        ),
        ("esp/aes-128-cbc+hmac-sha2-256", cbc),
    ] {
        add(&mut rows, name, || Sas::new(transform, BURST));
    }
    for (name, arrangement) in [
        ("node/iiptran", "iiptran"),
        ("node/tunnel-mode", "tunnel-mode"),
    ] {
        add(&mut rows, name, || Gateways::new(arrangement, gcm, BURST));
    }
    rows.run()
}

/// Adds the rows of a way, each with one of its own.
fn add<W: Way + 'static>(rows: &mut Rows, name: &str, new: impl Fn() -> W) {
    let packets = |Size { bytes, .. }| {
        let (source, destination) = (Gateways::SOURCE, Gateways::DESTINATION);
        Packets::new(source, destination, &bytes)
    };
    for size in sizes() {
        let name = format!("{name}/{}", size.name);
        let (mut way, mut burst) = (new(), packets(size));
        rows.add(format!("{name}/out"), SELF, BURST, move || {
            way.time_out(&mut burst)
        });
        let (mut way, mut burst) = (new(), packets(size));
        rows.add(format!("{name}/in"), SELF, BURST, move || {
            way.time_back(&mut burst)
        });
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
fn raw(rows: &mut Rows) {
    match iiptran_accel::chosen() {
        Some(kernel) => raw::add(rows, kernel),
        None => rows.absent("raw/aes-128-gcm", SELF, "no kernel is chosen"),
    }
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
fn raw(rows: &mut Rows) {
    rows.absent("raw/aes-128-gcm", SELF, "there is no kernel for this CPU");
}
