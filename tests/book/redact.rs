//! What differs from run to run, and what a page may leave out.

use std::sync::LazyLock;

use regex::Regex;

static CHANGING: LazyLock<[(Regex, &str); 6]> = LazyLock::new(|| {
    [
        (r"(localhost|127\.0\.0\.1|\[::1\]):\d+", "$1:[port]"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[instant]"),
        (r"\b\d\d:\d\d:\d\d\b", "[clock]"),
        (r"\b\d+(\.\d+)? ?(ms|s)\b", "[time]"),
        (r"\b[0-9a-f]{32}\b", "[token]"),
        (r"with seed \d+", "with seed [seed]"),
    ]
    .map(|(pattern, name)| (Regex::new(pattern).unwrap(), name))
});

static COLOURS: LazyLock<Regex> = LazyLock::new(|| Regex::new("\x1b\\[[0-9;]*m").unwrap());

/// The text with names in place of ports, times and tokens, and without blanks at the ends of lines.
pub(crate) fn redact(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, name) in &*CHANGING {
        text = pattern.replace_all(&text, *name).into_owned();
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

pub(crate) fn without_colours(text: &str) -> String {
    COLOURS.replace_all(text, "").into_owned()
}

/// What an output that a page shows may be: a line `…` is any lines or none, `…` in a line is any words.
pub(crate) fn pattern(shown: &str) -> Regex {
    let mut pattern = String::from(r"\A");
    for line in redact(shown).lines() {
        if line == "…" {
            pattern += r"(?:.*\n)*?";
        } else {
            pattern += &regex::escape(line).replace('…', ".*");
            pattern += r"\n";
        }
    }
    Regex::new(&(pattern + r"\z")).unwrap()
}
