//! `cargo xtask requirements`: which tests keep which promise.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::generated::write_or_check;
use crate::root;

const LIST: &str = "docs/requirements.toml";
const REPORT: &str = "docs/requirements.md";
/// Where tests are looked for.
const FOLDERS: [&str; 8] = [
    "bindings-c/src",
    "bindings-c/tests",
    "bindings-python/tests",
    "cli/src",
    "cli/tests",
    "core/src",
    "tests",
    "xtask/src",
];
/// What stands before a test's name: in Rust, also of a check in `xtask`; in C; in Python.
const BEGINNINGS: [&str; 5] = [
    "fn ",
    "pub(super) fn ",
    "static void ",
    "static size_t ",
    "def test_",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    section: Vec<Section>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    title: String,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    should: Vec<String>,
}

pub(crate) fn run(check: bool) -> Result<()> {
    let text = fs::read_to_string(root().join(LIST)).context(LIST)?;
    let list: List = toml::from_str(&text).context(LIST)?;
    let mut tests = Tests::default();
    for folder in FOLDERS {
        tests.collect(&root().join(folder))?;
    }
    let mut report = String::from(
        "# Requirements and their tests\n\n\
         Made by `cargo xtask requirements` from `requirements.toml` and the names of the tests.\n",
    );
    let (mut untested, mut counts) = (Vec::new(), [0_usize; 2]);
    for section in &list.section {
        write!(
            report,
            "\n## {}\n\n| | | promise | tests |\n| --- | --- | --- | --- |\n",
            section.title
        )?;
        let must = section.must.iter().map(|line| ("must", line));
        let should = section.should.iter().map(|line| ("should", line));
        for (level, line) in must.chain(should) {
            let (id, promise) = line
                .split_once(' ')
                .context("a promise begins with its number")?;
            let found = tests.of(id);
            if found.is_empty() && level == "must" {
                untested.push(id);
            }
            let [tested, all] = &mut counts;
            *tested += usize::from(!found.is_empty());
            *all += 1;
            let names = found
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join("<br>");
            writeln!(report, "| {id} | {level} | {promise} | {names} |")?;
        }
    }
    let [tested, all] = counts;
    write!(
        report,
        "\n{tested} of {all} promises have tests of their own.\n"
    )?;
    if !check {
        println!("{report}");
    }
    write_or_check(REPORT, &report, check, "cargo xtask requirements")?;
    if !untested.is_empty() {
        bail!(
            "{} requirements have no test: {}",
            untested.len(),
            untested.join(", ")
        );
    }
    println!("{tested} of {all} requirements have tests; every \"must\" does");
    Ok(())
}

/// The names of test functions that begin like a requirement's number, by that number.
#[derive(Default)]
struct Tests(BTreeMap<String, Vec<String>>);

impl Tests {
    fn collect(&mut self, folder: &Path) -> Result<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            if path.is_dir() {
                self.collect(&path)?;
            } else if path
                .extension()
                .is_some_and(|extension| ["rs", "c", "py"].iter().any(|known| extension == *known))
            {
                self.read(&fs::read_to_string(&path)?);
            }
        }
        Ok(())
    }

    fn read(&mut self, source: &str) {
        for line in source.lines() {
            let line = line.trim_start();
            let name = BEGINNINGS
                .iter()
                .find_map(|beginning| line.strip_prefix(beginning));
            let Some(name) = name else {
                continue;
            };
            let name = name.split(['(', '<']).next().unwrap_or_default();
            let mut words = name.split('_');
            if let (Some(group), Some(number)) = (words.next(), words.next())
                && number.len() == 2
                && number.bytes().all(|digit| digit.is_ascii_digit())
            {
                let id = format!("{}-{number}", group.to_ascii_uppercase());
                self.0.entry(id).or_default().push(name.to_string());
            }
        }
    }

    fn of(&self, id: &str) -> &[String] {
        self.0.get(id).map(Vec::as_slice).unwrap_or_default()
    }
}
