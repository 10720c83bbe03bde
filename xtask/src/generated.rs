//! Files that are made from the code: written, or compared with what is there.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::root;

/// Writes a generated file, or fails if it is not up to date.
pub(crate) fn write_or_check(
    file: impl AsRef<Path>,
    text: &str,
    check: bool,
    command: &str,
) -> Result<()> {
    let file = file.as_ref();
    let path = root().join(file);
    let present = fs::read_to_string(&path).unwrap_or_default();
    if present == text {
        return Ok(());
    }
    if check {
        bail!("{} is not up to date; run {command}", file.display());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::write(&path, text).with_context(|| file.display().to_string())?;
    println!("wrote {}", file.display());
    Ok(())
}

/// A text with what stands between two marks replaced. `file` is for errors.
pub(crate) fn replace_between(
    file: &str,
    text: &str,
    [begin, end]: [&str; 2],
    replacement: &str,
) -> Result<String> {
    let missing = || format!("{file} has no {begin}");
    let (before, rest) = text.split_once(begin).with_context(missing)?;
    let missing = || format!("{file} has no {end} behind the other");
    let (_, after) = rest.split_once(end).with_context(missing)?;
    Ok(format!("{before}{begin}{replacement}{end}{after}"))
}
