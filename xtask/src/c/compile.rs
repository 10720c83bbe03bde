//! Compiling and running the programs in C.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{FOLDER, vectors};
use crate::root;
use crate::step::{Outcome, command};
use crate::toolchain::{HOST, has_nightly, nightly};

/// Warnings that the header and the programs are free of.
const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

/// A program, as C or as C++.
pub(crate) struct Program {
    /// Its source, in the package's folder.
    pub(crate) source: &'static str,
    pub(crate) language: Language,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    C99,
    Cpp17,
}

const PROGRAMS: [Program; 9] = [
    Program {
        source: "tests/agreed.c",
        language: Language::C99,
    },
    Program {
        source: "tests/agreed.c",
        language: Language::Cpp17,
    },
    Program {
        source: "tests/behaviour.c",
        language: Language::C99,
    },
    Program {
        source: "tests/misuse.c",
        language: Language::C99,
    },
    Program {
        source: "tests/misuse.c",
        language: Language::Cpp17,
    },
    Program {
        source: "tests/network.c",
        language: Language::C99,
    },
    Program {
        source: "examples/loopback.c",
        language: Language::C99,
    },
    Program {
        source: "examples/loopback.c",
        language: Language::Cpp17,
    },
    Program {
        source: "examples/workers.c",
        language: Language::C99,
    },
];

/// Every program with the static library and, once more, the shared one.
pub(crate) fn plain() -> Result<Outcome> {
    if !has("cc") || !has("c++") {
        return Ok(Outcome::Skipped("there is no C or C++ compiler".into()));
    }
    let folder = root().join("target/debug");
    for program in &PROGRAMS {
        let built = program.build(&folder.join("libiiptran_c.a"), &[])?;
        command(&mut Command::new(built))?;
    }
    let loopback = PROGRAMS
        .iter()
        .find(|program| program.source.contains("loopback"));
    let built = loopback
        .context("loopback.c")?
        .build(&folder.join("libiiptran_c.so"), &[])?;
    // The name inside is that of the installed library.
    let links = output_folder()?;
    let link = links.join("libiiptran.so.0");
    drop(fs::remove_file(&link));
    fs::copy(folder.join("libiiptran_c.so"), &link)?;
    command(Command::new(built).env("LD_LIBRARY_PATH", &links))?;
    Ok(Outcome::Done)
}

/// Every program under valgrind, which is installed if need be and possible.
pub(crate) fn valgrind() -> Result<Outcome> {
    if !has("cc") {
        return Ok(Outcome::Skipped("there is no C compiler".into()));
    }
    if !has("valgrind") && !crate::debian::install(&["valgrind"]) {
        return Ok(Outcome::Skipped("valgrind is not installed".into()));
    }
    let library = root().join("target/debug/libiiptran_c.a");
    for program in PROGRAMS
        .iter()
        .filter(|program| program.language == Language::C99)
    {
        let built = program.build(&library, &[])?;
        let options = [
            "--quiet",
            "--error-exitcode=1",
            "--leak-check=full",
            "--show-leak-kinds=all",
            "--errors-for-leak-kinds=definite,indirect,possible",
        ];
        command(Command::new("valgrind").args(options).arg(built))?;
    }
    Ok(Outcome::Done)
}

/// What Rust has for sanitizers of undefined behaviour, which it leaves to C: checks of overflow, of what
/// `unsafe` functions of its library ask for, and of pointers that are dereferenced.
const RUST_CHECKS: [&str; 4] = [
    "-Zsanitizer=address",
    "-Zub-checks",
    "-Coverflow-checks",
    "-Cdebug-assertions",
];

/// Without the last one undefined behaviour would be told, and the program would go on.
const C_CHECKS: [&str; 2] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/// Every program with sanitizers of addresses and of undefined behaviour, in Rust and in C.
pub(crate) fn sanitised() -> Result<Outcome> {
    if !has_nightly() {
        return Ok(Outcome::Skipped("there is no nightly compiler".into()));
    }
    let folder = root().join("target").join("sanitised");
    let mut build = nightly();
    build
        .current_dir(root())
        .args(["build", "--package", "iiptran-c", "--locked"])
        .args(["--target", HOST, "--target-dir"])
        .arg(&folder)
        .env("RUSTFLAGS", RUST_CHECKS.join(" "));
    command(&mut build)?;
    let library = folder.join(HOST).join("debug/libiiptran_c.a");
    for program in PROGRAMS
        .iter()
        .filter(|program| program.language == Language::C99)
    {
        let built = program.build(&library, &C_CHECKS)?;
        command(&mut Command::new(built))?;
    }
    Ok(Outcome::Done)
}

impl Program {
    /// Compiles and links it; where it is then.
    pub(crate) fn build(&self, library: &Path, flags: &[&str]) -> Result<PathBuf> {
        let folder = output_folder()?;
        let package = root().join(FOLDER);
        vectors::write(&folder.join("vectors.h"))?;
        let (compiler, standard, suffix) = match self.language {
            Language::C99 => ("cc", ["-x", "c", "-std=gnu99"], "c"),
            Language::Cpp17 => ("c++", ["-x", "c++", "-std=gnu++17"], "cpp"),
        };
        let stem = Path::new(self.source).file_stem().context("a file")?;
        let built = folder.join(format!("{}-{suffix}", stem.display()));
        let mut compile = Command::new(compiler);
        compile
            .args(standard)
            .args(WARNINGS)
            // The vectors' documents are longer than C99 promises to take.
            .arg("-Wno-overlength-strings")
            .args(["-g", "-O1"])
            .args(flags)
            .arg("-I")
            .arg(package.join("include"))
            .arg("-I")
            .arg(&folder)
            .arg(package.join(self.source))
            .args(["-x", "none"])
            .arg(library)
            .args(["-lpthread", "-ldl", "-lm", "-o"])
            .arg(&built);
        command(&mut compile)?;
        Ok(built)
    }
}

/// Where programs and made headers go.
pub(crate) fn output_folder() -> Result<PathBuf> {
    let folder = root().join("target").join("c");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

/// Whether a program is there.
pub(crate) fn has(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}
