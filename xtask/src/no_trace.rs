//! `cargo xtask no-trace`: whether a node that nobody watches is compiled without any of the trace.
//!
//! Reads the assembly of benches/no-trace: which functions are reached from its three. Functions of other
//! crates are named, and not followed. What is compared are names, not instructions, since those change
//! with every line; how many there are is asked by `cargo xtask counts`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::compiled::{self, Toolchain};
use crate::root;
use crate::step::{Outcome, cargo, command};

const LIST: &str = "benches/no-trace/calls.toml";
const HEAD: &str = "\
# What a node calls that nobody watches, beyond what is inlined: written by `cargo xtask no-trace --renew`.
#
# The core's functions, panics and memory; `_` is the type of the trace.
";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    toolchain: Toolchain,
    calls: BTreeSet<String>,
}

pub(crate) fn run(renew: bool) -> Result<()> {
    match check(renew)? {
        Outcome::Done => Ok(()),
        Outcome::Skipped(why) => bail!(why),
    }
}

/// Compares with the list.
pub(crate) fn test() -> Result<Outcome> {
    check(false)
}

fn check(renew: bool) -> Result<Outcome> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        let why = "only the assembly of x86-64 under Linux is read";
        return Ok(Outcome::Skipped(why.into()));
    }
    let assembly = assembly()?;
    let blocks = blocks(&assembly);
    let calls = calls(&blocks, "no_trace::nobody")?;
    for (function, calls) in [
        ("nobody", &calls),
        ("deaf", &self::calls(&blocks, "no_trace::deaf")?),
    ] {
        let traces: Vec<_> = calls.iter().filter(|name| is_of_trace(name)).collect();
        if !traces.is_empty() {
            bail!("benches/no-trace: {function} reaches {traces:#?}");
        }
    }
    // Else nothing could be found at all.
    let watching = self::calls(&blocks, "no_trace::watching")?;
    if !watching.contains("<no_trace::Watching as iiptran::trace::Trace>::step") {
        bail!("benches/no-trace: watching reaches no step: {watching:#?}");
    }
    let toolchain = Toolchain::here()?;
    let calls: BTreeSet<_> = calls.into_iter().filter(|name| is_listed(name)).collect();
    if renew {
        compiled::write(LIST, HEAD, &List { toolchain, calls })?;
        return Ok(Outcome::Done);
    }
    let list: List = compiled::read(LIST)?;
    if let Some(why) = toolchain.differs(&list.toolchain) {
        return Ok(Outcome::Skipped(format!(
            "nothing of tracing is there, but {LIST} is not compared: {why}; cargo xtask no-trace --renew"
        )));
    }
    compare(&list.calls, &calls)?;
    println!(
        "{} calls are as listed, and none is of the trace",
        calls.len()
    );
    Ok(Outcome::Done)
}

/// Compiles benches/no-trace as a release is, but before it is linked, where calls have names.
fn assembly() -> Result<String> {
    // Goes when what cargo built goes, else it would not be written again.
    let file = root().join("target/release/examples/no-trace.s");
    let mut build = cargo();
    build.current_dir(root()).args(["rustc", "--release"]);
    build.args(["--locked", "--package", "iiptran-benches"]);
    build.args(["--example", "no-trace", "--"]);
    build.args(["-Csymbol-mangling-version=v0", "-Ccodegen-units=1"]);
    build.arg("-Clinker-plugin-lto=no");
    command(build.arg(format!("--emit=asm={}", file.display())))?;
    fs::read_to_string(&file).with_context(|| file.display().to_string())
}

/// What each symbol's code or data refers to.
fn blocks(assembly: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut blocks = BTreeMap::<_, BTreeSet<_>>::new();
    let mut current = "before the first";
    for line in assembly.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let (first, rest) = line.split_once(['\t', ' ']).unwrap_or((line, ""));
        if let Some(label) = first.strip_suffix(':') {
            let inside = [".LBB", ".Ltmp", ".Lfunc"];
            if !inside.iter().any(|start| label.starts_with(start)) {
                current = label;
                blocks.entry(current).or_default();
            }
        } else if [".set", ".quad", ".long"].contains(&first) || !first.starts_with('.') {
            // `.set name, other` makes another name of a function with the same code.
            let (name, words) = match rest.split_once(',') {
                Some((name, other)) if first == ".set" => (name, other),
                _ => (current, rest),
            };
            let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_$.".contains(c);
            let words = words
                .split(|c| !is_of_name(c))
                .filter(|word| !word.is_empty());
            blocks.entry(name).or_default().extend(words);
        }
    }
    blocks
}

/// The names of what a function reaches, in order.
fn calls(blocks: &BTreeMap<&str, BTreeSet<&str>>, function: &str) -> Result<BTreeSet<String>> {
    let start = blocks.keys().find(|symbol| name(symbol) == function);
    let start = *start.with_context(|| format!("benches/no-trace: no {function}"))?;
    let mut reached = BTreeSet::from([start]);
    let mut next = vec![start];
    while let Some(symbol) = next.pop() {
        for &word in blocks.get(symbol).into_iter().flatten() {
            let is_symbol = blocks.contains_key(word) || rustc_demangle::try_demangle(word).is_ok();
            if is_symbol && reached.insert(word) && is_followed(word) {
                next.push(word);
            }
        }
    }
    reached.remove(start);
    let named = reached.iter().filter(|symbol| !symbol.starts_with(".L"));
    Ok(named.map(|symbol| name(symbol)).collect())
}

/// Data without a name, and what is of the core.
fn is_followed(symbol: &str) -> bool {
    symbol.starts_with(".L") || name(symbol).contains("iiptran::")
}

/// The core, panics and memory; not what libraries are made of.
fn is_listed(name: &str) -> bool {
    let is_plain = !name.contains('<');
    let starts = ["core::", "alloc::", "__rustc::"];
    name.contains("iiptran::") || is_plain && starts.iter().any(|start| name.starts_with(start))
}

/// A symbol's name, without hashes and the type of a trace that wants no steps.
fn name(symbol: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(symbol));
    let traces = ["iiptran::trace::NoTrace", "no_trace::Deaf"];
    traces
        .iter()
        .fold(name, |name, trace| name.replace(trace, "_"))
}

/// Steps, what takes them and what tells of them.
fn is_of_trace(name: &str) -> bool {
    ["trace::", "walkthrough", "Recorder", "Watching"]
        .iter()
        .any(|part| name.replace("no_trace::", "").contains(part))
}

fn compare(list: &BTreeSet<String>, now: &BTreeSet<String>) -> Result<()> {
    let come = now.difference(list).map(|name| format!("+ {name}"));
    let gone = list.difference(now).map(|name| format!("- {name}"));
    let lines: Vec<_> = come.chain(gone).collect();
    if lines.is_empty() {
        return Ok(());
    }
    bail!(
        "{LIST}:\n{}\nIf that is meant: cargo xtask no-trace --renew",
        lines.join("\n")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_followed_through_tables_and_second_names() {
        let assembly = "\
_ZN7iiptran1aE:
.LBB0_1:
\tcallq\t*_ZN7iiptran1bE@GOTPCREL(%rip) # not _ZN7iiptran1zE
\tleaq\t.Lswitch.table(%rip), %rax
.Lfunc_end0:
\t.size\t_ZN7iiptran1aE, _ZN7iiptran1zE
.Lswitch.table:
\t.quad\t_ZN5other1cE
_ZN5other1cE:
\tjmp\t_ZN5other1zE
.set _ZN7iiptran1bE, _ZN7iiptran5trace4stepE
";
        let calls = calls(&blocks(assembly), "iiptran::a").unwrap();
        let expected = ["iiptran::b", "iiptran::trace::step", "other::c"];
        assert_eq!(calls, expected.map(String::from).into());
        let traces: Vec<_> = calls.iter().filter(|name| is_of_trace(name)).collect();
        assert_eq!(traces, ["iiptran::trace::step"]);
    }

    #[test]
    fn calls_that_come_and_go_are_faults() {
        let [one, two] = [&["a"][..], &["a", "b"]].map(|names| {
            let names = names.iter().map(|name| name.to_string());
            names.collect::<BTreeSet<_>>()
        });
        assert!(compare(&one, &one).is_ok());
        let fault = compare(&one, &two).unwrap_err().to_string();
        assert!(fault.contains("\n+ b\n"));
        let fault = compare(&two, &one).unwrap_err().to_string();
        assert!(fault.contains("\n- b\n"));
    }
}
