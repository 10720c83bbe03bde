//! What the README shows is what the command prints.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::path::Path;
use std::process::Command;

/// A command of the README and the lines that follow it.
struct Shown<'r> {
    command: &'r str,
    lines: Vec<&'r str>,
}

/// What is in blocks of the kind `console`: commands behind `$ `, and what they print.
fn shown(readme: &str) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line.strip_prefix("```") {
            Some(kind) => inside = kind == "console",
            None if inside => match line.strip_prefix("$ ") {
                Some(command) => all.push(Shown {
                    command,
                    lines: Vec::new(),
                }),
                None => all.last_mut().unwrap().lines.push(line),
            },
            None => {}
        }
    }
    all
}

/// Whether the lines are the output, where `...` stands for any number of lines.
fn agree(lines: &[&str], output: &[&str]) -> bool {
    match lines.split_first() {
        None => output.is_empty(),
        Some((&"...", rest)) => (0..=output.len()).any(|skipped| agree(rest, &output[skipped..])),
        Some((line, rest)) => {
            output
                .first()
                .is_some_and(|first| first.trim_end() == line.trim_end())
                && agree(rest, &output[1..])
        }
    }
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let all = shown(&readme);
    assert!(!all.is_empty());
    let folder = tempfile::tempdir().unwrap();
    for Shown { command, lines } in all {
        // Files that a command writes go into a folder of the test's own.
        let arguments: Vec<String> = command
            .split_whitespace()
            .map(|word| match word.strip_prefix("/tmp/") {
                Some(name) => folder.path().join(name).display().to_string(),
                None => word.to_string(),
            })
            .collect();
        let [program, arguments @ ..] = arguments.as_slice() else {
            panic!("an empty command");
        };
        assert_eq!(program, "iiptran", "{command}");
        let output = Command::new(env!("CARGO_BIN_EXE_iiptran"))
            .args(arguments)
            .current_dir(root)
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let printed: Vec<&str> = printed.lines().collect();
        assert!(
            agree(&lines, &printed),
            "{command} prints\n{}\nand not\n{}",
            printed.join("\n"),
            lines.join("\n")
        );
    }
}
