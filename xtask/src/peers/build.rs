//! Installing and building what is measured.
//!
//! Nothing of other people's is in this repository: their libraries are installed, or built from their
//! packages, on the machine that measures.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::program::{Announcement, Program};
use super::record::Absent;
use crate::step::{Outcome, Steps, cargo, command};
use crate::{debian, root};

const SOURCES: &str = "benches/peers";

/// The memory that DPDK needs no huge pages and no network card for, MiB follow.
const EAL: [&str; 6] = [
    "--no-huge",
    "--no-pci",
    "--no-telemetry",
    "--log-level=3",
    "--force-max-simd-bitwidth=512",
    "-m",
];

/// What was built, and what could not be.
pub(crate) struct Built {
    pub(crate) programs: Vec<Candidate>,
    pub(crate) absent: Vec<Absent>,
    /// Where programs write what goes wrong.
    pub(crate) logs: PathBuf,
}

/// A program that can be started.
pub(crate) struct Candidate {
    pub(crate) name: &'static str,
    pub(crate) command: Vec<String>,
    /// The beginnings of its rows' names, with their contestants.
    pub(crate) rows: &'static [(&'static str, &'static str)],
    pub(crate) is_peer: bool,
    /// Whether it takes the beginnings of the names that are wanted as arguments.
    pub(crate) picks: bool,
}

/// A program in C that is built with a library of Debian's.
struct InC {
    name: &'static str,
    rows: &'static [(&'static str, &'static str)],
    package: &'static str,
    /// A file that the package brings.
    header: &'static str,
    /// pkg-config's name for it; else the library's.
    library: std::result::Result<&'static str, &'static str>,
    arguments: &'static [&'static str],
    /// Whether it reads our tables, and takes the beginnings of the names that are wanted.
    reads_tables: bool,
}

const IN_C: [InC; 3] = [
    InC {
        name: "ipsec_mb",
        rows: &[("raw", "IPsec-MB")],
        package: "libipsec-mb-dev",
        header: "/usr/include/intel-ipsec-mb.h",
        library: Err("IPSec_MB"),
        arguments: &[],
        reads_tables: false,
    },
    InC {
        name: "dpdk_ipsec",
        rows: &[("esp", "DPDK aesni_gcm"), ("esp", "DPDK aesni_mb")],
        package: "libdpdk-dev",
        header: "/usr/include/dpdk/rte_ipsec.h",
        library: Ok("libdpdk"),
        arguments: &["512", "--vdev=crypto_aesni_gcm", "--vdev=crypto_aesni_mb"],
        reads_tables: false,
    },
    InC {
        name: "dpdk_lookup",
        rows: &[
            ("fib", "rte_fib"),
            ("sad", "rte_ipsec_sad"),
            ("spd", "rte_acl"),
            ("build", "rte_acl"),
        ],
        package: "libdpdk-dev",
        header: "/usr/include/dpdk/rte_fib6.h",
        library: Ok("libdpdk"),
        arguments: &["6144"],
        reads_tables: true,
    },
];

const RUST_PEERS: &[(&str, &str)] = &[
    ("raw", "ring"),
    ("raw", "aws-lc-rs"),
    ("esp/chacha20-poly1305", "boringtun"),
];

/// Our own benches, and what their rows' names begin with.
const OWN: [(&str, &[&str]); 2] = [
    ("burst", &["raw", "esp", "node"]),
    (TABLES, &["fib", "sad", "spd", "build"]),
];
/// The bench that writes its tables to files as well.
const TABLES: &str = "tables";

/// Builds everything that rows of these names need. What can't be had of others is noted; what can't be had of our own is an error.
pub(crate) fn all(steps: &mut Steps, wanted: &[String]) -> Result<Built> {
    let is_wanted = |name: &str| {
        let common = |wanted: &String| name.starts_with(wanted) || wanted.starts_with(name);
        wanted.is_empty() || wanted.iter().any(common)
    };
    let any = |rows: &[(&str, &str)]| rows.iter().any(|(name, _)| is_wanted(name));
    let peers: Vec<_> = IN_C.iter().filter(|peer| any(peer.rows)).collect();
    let target = root().join("target").join("peers");
    fs::create_dir_all(&target).with_context(|| target.display().to_string())?;
    let mut built = Built {
        programs: Vec::new(),
        absent: Vec::new(),
        logs: target.clone(),
    };
    for (bench, names) in OWN {
        if !names.iter().any(|name| is_wanted(name)) {
            continue;
        }
        steps.run(&format!("IIPtran: {bench}"), || {
            let program = own(bench)?;
            if bench == TABLES {
                let mut write = Command::new(&program);
                command(write.arg("--write-inputs").arg(target.join(TABLES)))?;
            }
            built.programs.push(Candidate {
                name: bench,
                command: vec![program, "--serve".into()],
                rows: &[],
                is_peer: false,
                picks: true,
            });
            Ok(Outcome::Done)
        })?;
    }
    if !peers.is_empty() {
        steps.run("packages", || Ok(install(&peers)))?;
    }
    for peer in peers {
        steps.run(peer.name, || {
            let result = in_c(peer, &target);
            Ok(built.note(peer.name, peer.rows, peer.reads_tables, result))
        })?;
    }
    if any(RUST_PEERS) {
        steps.run("ring, aws-lc-rs and boringtun", || {
            let result = in_rust(&target);
            Ok(built.note("rust_peers", RUST_PEERS, true, result))
        })?;
    }
    Ok(built)
}

impl Candidate {
    /// Starts it on one core.
    pub(crate) fn start(
        &self,
        core: usize,
        logs: &Path,
        wanted: &[String],
    ) -> Result<(Program, Announcement)> {
        let mut command = self.command.clone();
        if self.picks {
            command.extend(wanted.iter().cloned());
        }
        Program::start(self.name, &command, core, logs)
    }

    /// All its rows, absent.
    pub(crate) fn absent(&self, why: &str) -> impl Iterator<Item = Absent> {
        absent(self.rows, why)
    }
}

fn absent(rows: &[(&str, &str)], why: &str) -> impl Iterator<Item = Absent> {
    rows.iter().map(move |(name, contestant)| Absent {
        name: (*name).into(),
        contestant: (*contestant).into(),
        why: why.into(),
    })
}

impl Built {
    /// Notes a peer's program, or why there is none.
    fn note(
        &mut self,
        name: &'static str,
        rows: &'static [(&'static str, &'static str)],
        picks: bool,
        result: Result<Vec<String>>,
    ) -> Outcome {
        match result {
            Ok(command) => {
                self.programs.push(Candidate {
                    name,
                    command,
                    rows,
                    is_peer: true,
                    picks,
                });
                Outcome::Done
            }
            Err(error) => {
                let why = format!("{error:#}");
                self.absent.extend(absent(rows, &why));
                Outcome::Skipped(why)
            }
        }
    }
}

/// Installs the packages that are missing.
fn install(peers: &[&InC]) -> Outcome {
    let mut missing: Vec<_> = peers
        .iter()
        .filter(|peer| !Path::new(peer.header).exists())
        .map(|peer| peer.package)
        .collect();
    for (program, package) in [("cc", "gcc"), ("pkg-config", "pkg-config")] {
        if !works(program) {
            missing.push(package);
        }
    }
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Outcome::Done;
    }
    // One that this Debian does not have must not keep the others away.
    let failed: Vec<_> = missing
        .into_iter()
        .filter(|package| !debian::install(&[package]))
        .collect();
    if failed.is_empty() {
        return Outcome::Done;
    }
    let failed = failed.join(" ");
    Outcome::Skipped(format!("as root, on Debian: apt-get install {failed}"))
}

fn works(program: &str) -> bool {
    let mut command = Command::new(program);
    let output = command.arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}

fn in_c(peer: &InC, target: &Path) -> Result<Vec<String>> {
    if !Path::new(peer.header).exists() {
        bail!("{0} is not there: apt-get install {0}", peer.package);
    }
    let source = root().join(SOURCES).join("c").join(peer.name);
    let program = target.join(peer.name);
    let mut compiler = Command::new("cc");
    compiler.args(["-std=gnu11", "-O3", "-Wall", "-Wextra"]);
    if let Ok(library) = peer.library {
        // Much of DPDK is experimental by its own words, and its headers are not free of warnings.
        compiler.args(["-DALLOW_EXPERIMENTAL_API", "-Wno-array-bounds"]);
        let flags = pkg_config(&["--cflags"], library)?;
        compiler.args(flags.iter().map(|flag| system_header(flag)));
    }
    compiler.arg("-march=native");
    compiler
        .arg(source.with_extension("c"))
        .arg("-o")
        .arg(&program);
    match peer.library {
        Ok(library) => compiler.args(pkg_config(&["--libs"], library)?),
        Err(library) => compiler.arg(format!("-l{library}")),
    };
    command(&mut compiler)?;
    let mut line = vec![text(program.as_os_str())?];
    if peer.library.is_ok() {
        line.extend(EAL.iter().chain(peer.arguments).map(|it| (*it).into()));
        // Two programs of one prefix don't run at the same time.
        line.push(format!("--file-prefix=iiptran-{}", peer.name));
    }
    if peer.reads_tables {
        line.push("--".into());
        line.push(text(target.join(TABLES).as_os_str())?);
    }
    Ok(line)
}

/// The flag with which a compiler does not warn of headers in that folder.
fn system_header(flag: &str) -> String {
    match flag.strip_prefix("-I") {
        Some(folder) => format!("-isystem{folder}"),
        None => flag.into(),
    }
}

fn pkg_config(arguments: &[&str], library: &str) -> Result<Vec<String>> {
    let mut pkg_config = Command::new("pkg-config");
    let output = pkg_config.args(arguments).arg(library).output();
    let output = output.context("pkg-config")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let flags = String::from_utf8_lossy(&output.stdout);
    Ok(flags.split_whitespace().map(String::from).collect())
}

fn in_rust(target: &Path) -> Result<Vec<String>> {
    let target = target.join("rust");
    let mut build = cargo();
    build
        .args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--manifest-path",
        ])
        .arg(root().join(SOURCES).join("rust").join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target);
    command(&mut build)?;
    let program = target.join("release").join("iiptran-rust-peers");
    Ok(vec![text(program.as_os_str())?, "--serve".into()])
}

/// Builds one of our own benches; cargo tells where it is.
fn own(bench: &str) -> Result<String> {
    let mut build = cargo();
    build.current_dir(root()).args([
        "bench",
        "--no-run",
        "--quiet",
        "--locked",
        "--package",
        "iiptran-benches",
        "--message-format=json",
        "--bench",
        bench,
    ]);
    let output = build.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("{build:?}: {}", output.status);
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| {
            message
                .pointer("/target/name")
                .is_some_and(|name| name == bench)
        })
        .find_map(|message| message.get("executable")?.as_str().map(String::from))
        .context("cargo does not tell where it is")
}

fn text(path: &OsStr) -> Result<String> {
    let text = path.to_str().map(String::from);
    text.with_context(|| format!("{} is not UTF-8", path.display()))
}
