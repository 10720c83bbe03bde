//! Breaking text into lines.

/// The lines of a text that are at most so long, where its words permit.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines
}

/// The length of the longest word.
pub(super) fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        let text = "none, but to forwarding";
        assert_eq!(lines(text, 100), [text]);
        assert_eq!(lines(text, 9), ["none, but", "to", "forwarding"]);
        assert_eq!(lines(text, 1), ["none,", "but", "to", "forwarding"]);
        assert_eq!(longest_word(text), 10);
        assert_eq!(lines("", 10), [""; 0]);
    }
}
