//! `iiptran explain`: what a drop reason means.

use std::io::Write;

use iiptran::{DropReason, Explained};

use crate::command::ExplainArguments;
use crate::failure::Failure;
use crate::style::{DIM, HEADING};

pub(crate) fn run(arguments: &ExplainArguments, json: bool) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let Some(asked) = &arguments.reason else {
        return list(&mut out, json);
    };
    let reason = find(asked).ok_or_else(|| unknown(asked))?;
    let explained = Explained::from(reason);
    if json {
        serde_json::to_writer_pretty(&mut out, &explained)?;
        writeln!(out)?;
        return Ok(());
    }
    let Explained {
        name,
        code,
        group,
        clause,
        meaning,
        check,
    } = explained;
    writeln!(
        out,
        "{HEADING}{name}{HEADING:#} {DIM}(0x{code:02x}, {group}){DIM:#}"
    )?;
    writeln!(out, "  {meaning}")?;
    writeln!(out, "  {HEADING}Check:{HEADING:#} {check}")?;
    writeln!(out, "  {HEADING}Clause:{HEADING:#} {clause}")?;
    Ok(())
}

fn list(out: &mut impl Write, json: bool) -> Result<(), Failure> {
    let all = DropReason::ALL.iter().copied().map(Explained::from);
    if json {
        serde_json::to_writer_pretty(&mut *out, &all.collect::<Vec<_>>())?;
        writeln!(out)?;
        return Ok(());
    }
    let mut group = "";
    for explained in all {
        if explained.group != group {
            group = explained.group;
            writeln!(out, "{HEADING}{group}{HEADING:#}")?;
        }
        let Explained {
            name, code, clause, ..
        } = explained;
        writeln!(
            out,
            "  {DIM}0x{code:02x}{DIM:#} {name:24} {DIM}{clause}{DIM:#}"
        )?;
    }
    writeln!(out, "\niiptran explain NAME tells more of one.")?;
    Ok(())
}

fn find(asked: &str) -> Option<DropReason> {
    let name = asked.trim().to_ascii_lowercase().replace(['_', ' '], "-");
    let code = name
        .strip_prefix("0x")
        .and_then(|digits| u8::from_str_radix(digits, 16).ok());
    DropReason::from_name(&name).or_else(|| code.and_then(DropReason::from_code))
}

/// Names those that are spelt alike.
fn unknown(asked: &str) -> Failure {
    let asked_words: Vec<&str> = asked.split(['-', '_', ' ']).collect();
    let alike: Vec<&str> = DropReason::ALL
        .iter()
        .map(|reason| reason.name())
        .filter(|name| {
            let begins = |one: &str, other: &str| !other.is_empty() && one.starts_with(other);
            name.split('-').any(|word| {
                asked_words
                    .iter()
                    .any(|asked| begins(word, asked) || begins(asked, word))
            })
        })
        .collect();
    let hint = match alike.as_slice() {
        [] => "iiptran explain lists them all".to_string(),
        names => format!("is it one of these: {}?", names.join(", ")),
    };
    Failure::Usage(format!("no drop reason is named \"{asked}\"; {hint}"))
}
