//! Words of a shell's command line, and which lines are one SA.

/// A word, and the line that it is on, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) line: usize,
}

/// The words of one SA.
#[derive(Debug, Default)]
pub(super) struct Statement {
    /// The line on which it begins.
    pub(super) line: usize,
    /// Whether it is a command, or else what the kernel told.
    pub(super) is_command: bool,
    /// Words, for what the kernel told in lines of their own.
    pub(super) lines: Vec<Vec<Word>>,
}

/// Takes a text apart. What the kernel told begins with `src` at the start of a line; other commands
/// than those that add SAs are passed over.
pub(super) fn statements(text: &str) -> Result<Vec<Statement>, (usize, String)> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut command: Option<(usize, Vec<Word>)> = None;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let (line, goes_on) = match line.trim_end().strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        let words = split(line, number).map_err(|cause| (number, cause))?;
        if let Some((_, words_before)) = &mut command {
            words_before.extend(words);
        } else if line.starts_with("src ") {
            statements.push(Statement {
                line: number,
                is_command: false,
                lines: vec![words],
            });
            continue;
        } else if line.starts_with([' ', '\t'])
            && !words.iter().any(|word| word.text == "xfrm")
            && let Some(told) = statements.last_mut().filter(|last| !last.is_command)
        {
            told.lines.push(words);
            continue;
        } else {
            command = Some((number, words));
        }
        if !goes_on {
            statements.extend(
                command
                    .take()
                    .and_then(|(line, words)| adding(line, &words)),
            );
        }
    }
    statements.extend(command.and_then(|(line, words)| adding(line, &words)));
    Ok(statements)
}

/// The words behind `xfrm state add` or `update`.
fn adding(line: usize, words: &[Word]) -> Option<Statement> {
    let rest = words
        .iter()
        .position(|word| word.text == "xfrm")
        .and_then(|at| words.get(at + 1..))?;
    match rest {
        [state, verb, rest @ ..]
            if "state".starts_with(state.text.as_str()) || state.text == "sa" =>
        {
            let adds = ["add", "update"].contains(&verb.text.as_str());
            adds.then(|| Statement {
                line,
                is_command: true,
                lines: vec![rest.to_vec()],
            })
        }
        _ => None,
    }
}

/// Splits a line as a shell does, with both kinds of quotes and comments.
fn split(line: &str, number: usize) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), character) if open == character => quote = None,
            (Some(_), character) => word.get_or_insert_default().push(character),
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '\\') => word.get_or_insert_default().extend(characters.next()),
            (None, '#') if word.is_none() => break,
            (None, character) if character.is_whitespace() => words.extend(word.take()),
            (None, character) => word.get_or_insert_default().push(character),
        }
    }
    if quote.is_some() {
        return Err("a quotation mark is not closed".to_string());
    }
    words.extend(word);
    let words = words.into_iter();
    Ok(words.map(|text| Word { text, line: number }).collect())
}
