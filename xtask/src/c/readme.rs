//! The snippets of the README, as somebody who follows it would run them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::FOLDER;
use super::compile::{has, output_folder};
use crate::debian;
use crate::root;
use crate::step::Outcome;

/// Where the README installs to.
const PREFIX: &str = "/usr/local";
/// The target of the commands that need another compiler: see [`super::freestanding`].
const BARE: &str = "x86_64-unknown-none";

/// A fenced block.
struct Snippet {
    language: String,
    text: String,
}

/// Runs the commands in their order, in a folder with the examples and the program; what they print is what the
/// README says. With pkg-config alone, programs find header and library.
pub(super) fn run() -> Result<Outcome> {
    if !has("cc") {
        return Ok(Outcome::Skipped("there is no C compiler".into()));
    }
    if !has("pkg-config") && !debian::install(&["pkg-config"]) {
        return Ok(Outcome::Skipped("pkg-config is not installed".into()));
    }
    let folder = output_folder()?.join("readme");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    symlink(
        root().join(FOLDER).join("examples"),
        folder.join("examples"),
    )?;
    let prefix = folder.join("prefix");
    let mut printed = String::new();
    let (mut programs, mut commands, mut outputs) = (0, 0, 0);
    for snippet in snippets()? {
        match snippet.language.as_str() {
            "c" => {
                fs::write(folder.join("first.c"), &snippet.text)?;
                programs += 1;
            }
            "sh" if snippet.text.contains(BARE) => {}
            "sh" => {
                let script = snippet.text.replace(PREFIX, &prefix.display().to_string());
                printed = shell(&script, &folder, &prefix)?;
                commands += 1;
            }
            "text" => {
                if printed != snippet.text {
                    bail!(
                        "{printed:?} was printed, and the README says {:?}",
                        snippet.text
                    );
                }
                outputs += 1;
            }
            other => bail!("nobody runs a snippet of the language {other:?}"),
        }
    }
    if programs != 1 || commands < 2 || outputs != 1 {
        bail!("{programs} programs, {commands} commands, {outputs} outputs in the README");
    }
    Ok(Outcome::Done)
}

/// Arguments of cargo for the freestanding library, without the target.
pub(super) fn freestanding() -> Result<Vec<String>> {
    let snippet = snippets()?
        .into_iter()
        .find(|snippet| snippet.text.contains(BARE))
        .context("the README builds no freestanding library")?;
    let command = snippet.text.replace(&format!("--target {BARE}"), "");
    let mut words = command.split_whitespace().map(String::from);
    if words.next().as_deref() != Some("cargo") || words.next().as_deref() != Some("rustc") {
        bail!("this is not cargo rustc: {command}");
    }
    Ok(words.collect())
}

fn snippets() -> Result<Vec<Snippet>> {
    let file = root().join(FOLDER).join("README.md");
    let readme = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut snippets = Vec::new();
    let mut open: Option<Snippet> = None;
    for line in readme.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => snippets.extend(open.take()),
            (Some(language), none) => {
                *none = Some(Snippet {
                    language: language.into(),
                    text: String::new(),
                });
            }
            (None, Some(snippet)) => snippet.text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    Ok(snippets)
}

/// What a shell prints that runs a script and stops at the first failure.
fn shell(script: &str, folder: &Path, prefix: &Path) -> Result<String> {
    let library = prefix.join("lib");
    let output = Command::new("sh")
        .args(["-euc", script])
        .current_dir(folder)
        .env("PKG_CONFIG_PATH", library.join("pkgconfig"))
        .env("LD_LIBRARY_PATH", &library)
        .output()
        .context("sh")?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    print!("{printed}");
    if !output.status.success() {
        bail!("{script}{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(printed)
}
