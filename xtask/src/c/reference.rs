//! The reference as HTML, from the comments of the header.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::FOLDER;
use super::compile::{has, output_folder};
use crate::debian;
use crate::root;
use crate::step::Outcome;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes it in `target/c/reference/html`. A declaration without a comment, and a comment that Doxygen does not
/// understand, are errors.
pub(crate) fn run() -> Result<Outcome> {
    if !has("doxygen") && !debian::install(&["doxygen"]) {
        return Ok(Outcome::Skipped("doxygen is not installed".into()));
    }
    let folder = output_folder()?.join("reference");
    drop(fs::remove_dir_all(&folder));
    let input = format!("{FOLDER}/include {FOLDER}/README.md {FOLDER}/examples");
    let options = [
        ("PROJECT_NAME", "IIPtran"),
        ("PROJECT_BRIEF", "RFC 3884 for C and C++"),
        ("PROJECT_NUMBER", VERSION),
        ("INPUT", &input),
        ("USE_MDFILE_AS_MAINPAGE", &format!("{FOLDER}/README.md")),
        ("STRIP_FROM_PATH", &format!("{FOLDER}/include {FOLDER}")),
        ("EXAMPLE_PATH", &format!("{FOLDER}/examples")),
        ("EXCLUDE_PATTERNS", "*/examples/*"),
        ("OUTPUT_DIRECTORY", &folder.display().to_string()),
        ("GENERATE_LATEX", "NO"),
        ("HAVE_DOT", "NO"),
        ("OPTIMIZE_OUTPUT_FOR_C", "YES"),
        ("TYPEDEF_HIDES_STRUCT", "YES"),
        ("JAVADOC_AUTOBRIEF", "YES"),
        ("MARKDOWN_SUPPORT", "YES"),
        ("TOC_INCLUDE_HEADINGS", "0"),
        ("WARN_IF_UNDOCUMENTED", "YES"),
        ("WARN_AS_ERROR", "FAIL_ON_WARNINGS"),
        ("QUIET", "YES"),
    ];
    let mut doxygen = Command::new("doxygen");
    let mut child = doxygen
        .arg("-")
        .current_dir(root())
        .stdin(Stdio::piped())
        .spawn()
        .context("doxygen")?;
    let mut stdin = child.stdin.take().context("an input")?;
    for (name, value) in options {
        let is_list = matches!(name, "INPUT" | "STRIP_FROM_PATH");
        let quote = if is_list { "" } else { "\"" };
        writeln!(stdin, "{name} = {quote}{value}{quote}")?;
    }
    drop(stdin);
    let status = child.wait()?;
    if !status.success() {
        bail!("doxygen: {status}");
    }
    println!("{}", folder.join("html/index.html").display());
    Ok(Outcome::Done)
}
