//! `cargo xtask header`: `iiptran.h` from the comments of `bindings-c`.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use cbindgen::{Config, Language, Style};
use iiptran::DropReason;

use super::FOLDER;
use crate::generated::write_or_check;
use crate::root;

const SUMMARY: &str = "/**
 * @file
 * IIPtran: RFC 3884, \"Use of IPsec Transport Mode for Dynamic Routing\", for C99 and C++17.
 *
 * Two levels: SAs, SAD, SPD and FIB for a router with tables of its own; nodes for the whole of RFC 3884.
 * Both are functions of their inputs: no clock, no randomness, no input and output, no global state.
 *
 * - A call that can fail returns a status. Outputs come last and are written on success alone.
 * - Handles are opaque. What a call gives is the caller's, to be freed with the function of its type; a freed
 *   handle must not be used again. NULL and misaligned pointers are refused, and nothing happens; so are a packet's
 *   buffer and a burst's results that lie in what the call still reads.
 * - Time is nanoseconds since a moment that the caller chose. Lengths are bytes. Texts are UTF-8.
 * - The library keeps no pointer to a document, packet or option after a call.
 * - Numbers are in host byte order, packets and addresses in that of the network.
 *
 * Made by cargo xtask header; changes belong into bindings-c/src.
 */";

pub(crate) fn run(check: bool) -> Result<()> {
    let mut text = Vec::new();
    let bindings = cbindgen::Builder::new()
        .with_config(config()?)
        .with_crate(root().join(FOLDER))
        .generate()
        .context("cbindgen")?;
    bindings.write(&mut text);
    let text = String::from_utf8(text)?;
    let file = format!("{FOLDER}/include/iiptran.h");
    write_or_check(file, &text, check, "cargo xtask header")
}

fn config() -> Result<Config> {
    let mut config = Config {
        language: Language::C,
        style: Style::Type,
        cpp_compat: true,
        usize_is_size_t: true,
        header: Some(SUMMARY.into()),
        include_guard: Some("IIPTRAN_H".into()),
        no_includes: true,
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"]
            .map(String::from)
            .into(),
        after_includes: Some(drop_reasons()?),
        line_length: 100,
        ..Config::default()
    };
    // What the embedder of the freestanding library defines is in a header of its own.
    config.export.exclude = ["iiptran_alloc", "iiptran_free", "iiptran_abort"]
        .map(String::from)
        .into();
    Ok(config)
}

/// The drop reasons as an enumeration.
fn drop_reasons() -> Result<String> {
    let mut text = String::from(
        "\n/**\n * Why a packet met its end: those values of iiptran_status_t that are below 0x100.\n */\nenum iiptran_drop_reason {\n",
    );
    for reason in DropReason::ALL {
        let explanation = reason.explanation();
        let name = explanation.name.to_ascii_uppercase().replace('-', "_");
        writeln!(
            text,
            "  /** {} ({}) */\n  IIPTRAN_DROP_{name} = 0x{:02x},",
            explanation.meaning,
            explanation.clause,
            reason.code()
        )?;
    }
    text.push_str("};\n");
    Ok(text)
}
