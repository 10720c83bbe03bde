//! `cargo xtask parity`: whether every host has every call of the public API.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::root;

const TABLE: &str = "docs/api.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// What each call does, by owner and name.
    calls: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    renamed: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    absent: BTreeMap<String, BTreeMap<String, String>>,
}

/// A host language, and where its declarations are.
struct Host {
    name: &'static str,
    declarations: &'static str,
    /// Its name for a call of an owner.
    spell: fn(owner: &str, call: &str) -> String,
    /// Everything that its declarations declare, spelt so.
    declared: fn(text: &str) -> Vec<String>,
}

const HOSTS: [Host; 3] = [
    Host {
        name: "c",
        declarations: "bindings-c/include/iiptran.h",
        spell: c_name,
        declared: c_functions,
    },
    Host {
        name: "python",
        declarations: "bindings-python/python/iiptran/__init__.pyi",
        spell: python_name,
        declared: |text| members(text, "__init__"),
    },
    Host {
        name: "node",
        declarations: "bindings-node/index.d.ts",
        spell: node_name,
        declared: |text| members(text, "constructor"),
    },
];

pub(crate) fn run() -> Result<()> {
    let text = fs::read_to_string(root().join(TABLE)).context(TABLE)?;
    let table: Table = toml::from_str(&text).context(TABLE)?;
    let mut faults = Vec::new();
    for host in &HOSTS {
        let declarations = fs::read_to_string(root().join(host.declarations));
        faults.extend(table.check(host, &declarations.context(host.declarations)?));
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    println!("every host has every call, or a reason");
    Ok(())
}

impl Table {
    fn check(&self, host: &Host, declarations: &str) -> Vec<String> {
        let declared = (host.declared)(declarations);
        let (none, empty) = (BTreeMap::new(), BTreeMap::new());
        let renamed = self.renamed.get(host.name).unwrap_or(&none);
        let absent = self.absent.get(host.name).unwrap_or(&empty);
        let mut faults = Vec::new();
        let mut known = Vec::new();
        for (owner, calls) in &self.calls {
            for call in calls.keys() {
                let full = format!("{owner}.{call}");
                let spelt = renamed.get(&full).cloned();
                let spelt = spelt.unwrap_or_else(|| (host.spell)(owner, call));
                let present = declared.contains(&spelt);
                match (present, absent.get(&full)) {
                    (false, None) => faults.push(format!("{}: no {spelt}", host.name)),
                    (true, Some(_)) => {
                        faults.push(format!("{}: {spelt} is there after all", host.name));
                    }
                    (false, Some(reason)) if reason.trim().is_empty() => {
                        faults.push(format!("{}: {full} is absent without a reason", host.name));
                    }
                    _ => {}
                }
                known.push(full);
            }
        }
        for stray in renamed.keys().chain(absent.keys()) {
            if !known.contains(stray) {
                faults.push(format!("{}: {stray} is no call", host.name));
            }
        }
        faults
    }
}

/// `OutboundSa` as `outbound_sa`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// `seal_burst` as `sealBurst`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_string();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

fn c_name(owner: &str, call: &str) -> String {
    match owner {
        "iiptran" => format!("iiptran_{call}"),
        owner => format!("iiptran_{}_{call}", snake(owner)),
    }
}

fn python_name(owner: &str, call: &str) -> String {
    let call = if call == "new" { "__init__" } else { call };
    format!("{owner}.{call}")
}

fn node_name(owner: &str, call: &str) -> String {
    match call {
        "new" => format!("{owner}.constructor"),
        call => format!("{owner}.{}", camel(call)),
    }
}

/// The functions of a C header.
fn c_functions(text: &str) -> Vec<String> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let declared = text
        .lines()
        .filter(|line| !line.trim_start().starts_with(['*', '/']));
    declared
        .flat_map(|line| line.split('(').rev().skip(1))
        .filter_map(|before| before.rsplit(|letter| !is_name(letter)).next())
        .map(str::to_string)
        .collect()
}

/// `Class.member` of Python stubs or TypeScript declarations; what is outside a class belongs to
/// `iiptran`.
fn members(text: &str, constructor: &str) -> Vec<String> {
    const WORDS: [&str; 13] = [
        "export",
        "declare",
        "def",
        "async",
        "static",
        "get",
        "set",
        "readonly",
        "function",
        "const",
        "abstract",
        "default",
        "@overload",
    ];
    let mut owner = "iiptran".to_string();
    let mut found = Vec::new();
    for line in text.lines() {
        let is_inside = line.starts_with([' ', '\t']);
        let mut words = line
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '@'))
            .filter(|word| !word.is_empty())
            .skip_while(|word| WORDS.contains(word));
        let Some(first) = words.next() else {
            continue;
        };
        if !is_inside {
            owner = "iiptran".into();
        }
        if first == "class" {
            owner = words.next().unwrap_or_default().into();
            continue;
        }
        let name = if first == "__new__" {
            constructor
        } else {
            first
        };
        found.push(format!("{owner}.{name}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_in_each_language() {
        let c = "/** iiptran_no(x) */\niiptran_status_t iiptran_node_send(iiptran_node_t *node,\n";
        assert_eq!(c_functions(c), ["iiptran_node_send"]);
        let python = "class Sad:\n    def __init__(self) -> None: ...\n    def open(\n";
        assert!(members(python, "__init__").contains(&"Sad.open".into()));
        let node = "export declare class Sad {\n  constructor()\n  get isVacant(): boolean\n}\nexport declare function version(): string\n";
        let node = members(node, "constructor");
        for name in ["Sad.constructor", "Sad.isVacant", "iiptran.version"] {
            assert!(node.contains(&name.into()), "{name}");
        }
    }

    #[test]
    fn a_call_without_a_counterpart_is_a_fault() {
        let table = "[calls.Sad]\nopen = \"Opens.\"\n[absent.c]\n\"Sad.gone\" = \"so\"\n";
        let table: Table = toml::from_str(table).unwrap();
        assert_eq!(
            table.check(&HOSTS[0], "void iiptran_sad_new(void);"),
            ["c: no iiptran_sad_open", "c: Sad.gone is no call"]
        );
        assert_eq!(
            c_name("OutboundSa", "seal_burst"),
            "iiptran_outbound_sa_seal_burst"
        );
        assert_eq!(
            node_name("OutboundSa", "seal_burst"),
            "OutboundSa.sealBurst"
        );
    }
}
