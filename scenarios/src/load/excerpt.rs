//! The line of the user's file that a mistake is in, with a caret under the place, and without secrets.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::secrets::secrets;

/// A message, and where in which text it belongs.
pub(super) struct Report<'a> {
    /// What happened, in a sentence.
    pub(super) message: &'a str,
    /// What to do about it.
    pub(super) help: &'a [String],
    /// What the file is called.
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// From 1.
    pub(super) line: usize,
    /// In characters, from 1.
    pub(super) column: usize,
    /// What the caret stands under; more than a line is cut to the first.
    pub(super) bytes: Range<usize>,
}

impl Report<'_> {
    /// The message with its place, as plain text.
    pub(super) fn render(&self) -> String {
        let (line, marked) = shown(self.text, self.line, self.bytes.clone());
        let excerpt = Snippet::source(line).line_start(self.line).annotation(AnnotationKind::Primary.span(marked));
        let group = Level::ERROR.no_name().primary_title(self.message).element(excerpt);
        let report = render(group, self.help);
        // Told here, since the column in a line that was cut or has a secret hidden is not that in the file.
        let Self { file, line, column, .. } = self;
        let indent = " ".repeat(line.to_string().len());
        let origin = format!("\n{indent}--> {file}:{line}:{column}\n");
        report.replacen('\n', &origin, 1)
    }
}

/// A message about a whole file, or a place in one that has no text.
pub(super) fn without_excerpt(message: &str, file: &str, help: &[String]) -> String {
    let group = Group::with_title(Level::ERROR.no_name().primary_title(message)).element(Origin::path(file));
    render(group, help)
}

fn render(group: Group<'_>, help: &[String]) -> String {
    let group = group.elements(help.iter().map(|help| Level::HELP.message(help)));
    Renderer::plain().render(&[group])
}

/// The line as it may be shown, and the bytes of it to mark.
fn shown(text: &str, number: usize, marked: Range<usize>) -> (String, Range<usize>) {
    let line = line(text, number);
    let hidden = secrets(text, &line);
    let mut shown = Shown { text: String::new(), marked: None };
    let mut at = line.start;
    for secret in hidden {
        shown.copy(text, at..secret.start.max(at), &marked);
        if secret.end > at {
            shown.replace(secret.start.max(at)..secret.end, &marked);
            at = secret.end;
        }
    }
    shown.copy(text, at..line.end, &marked);
    let end = shown.text.len();
    let marked = shown.marked.unwrap_or(end..end);
    crop(&shown.text, marked)
}

struct Shown {
    text: String,
    /// The part of `text` that is to be marked.
    marked: Option<Range<usize>>,
}

impl Shown {
    fn copy(&mut self, text: &str, bytes: Range<usize>, marked: &Range<usize>) {
        let Some(part) = text.get(bytes.clone()).filter(|part| !part.is_empty()) else { return };
        let offset = self.text.len();
        self.text.push_str(part);
        if let Some(both) = overlap(&bytes, marked) {
            self.mark(both.start - bytes.start + offset..both.end - bytes.start + offset);
        }
    }

    fn replace(&mut self, bytes: Range<usize>, marked: &Range<usize>) {
        let offset = self.text.len();
        self.text.push('…');
        if overlap(&bytes, marked).is_some() {
            self.mark(offset..self.text.len());
        }
    }

    fn mark(&mut self, bytes: Range<usize>) {
        let start = self.marked.as_ref().map_or(bytes.start, |marked| marked.start);
        self.marked = Some(start..bytes.end);
    }
}

/// What two ranges share; an empty one shares itself with what it lies in.
fn overlap(part: &Range<usize>, marked: &Range<usize>) -> Option<Range<usize>> {
    let both = part.start.max(marked.start)..part.end.min(marked.end);
    let inside = marked.is_empty() && part.contains(&marked.start);
    (both.start < both.end || inside).then_some(both)
}

/// The bytes of the line with this number, without what ends it; the last line where there are not so many.
fn line(text: &str, number: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let (mut start, mut lines) = (0, 1);
    let mut at = 0;
    while at < bytes.len() {
        // YAML's line breaks: CR LF, LF, and CR by itself.
        let ends = bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends {
            if lines == number || at + 1 == bytes.len() {
                break;
            }
            (start, lines) = (at + 1, lines + 1);
        }
        at += 1;
    }
    let mut end = at;
    if end > start && bytes[end - 1] == b'\r' {
        end -= 1;
    }
    start..end
}

/// Cuts a long line to what is around the mark.
fn crop(line: &str, marked: Range<usize>) -> (String, Range<usize>) {
    /// Characters on either side of the mark's begin.
    const AROUND: usize = 60;
    let before = line[..marked.start].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let after = line[marked.start..].char_indices().nth(AROUND).map_or(line.len(), |(at, _)| marked.start + at);
    let (cut_before, cut_after) = (before > 0, after < line.len());
    let mut cropped = String::new();
    if cut_before {
        cropped.push('…');
    }
    let offset = cropped.len();
    cropped.push_str(&line[before..after]);
    let marked = marked.start - before + offset..marked.end.min(after) - before + offset;
    if cut_after {
        cropped.push('…');
    }
    (cropped, marked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str, number: usize, marked: &str) -> (String, String) {
        let start = text.find(marked).unwrap();
        let (line, marked) = shown(text, number, start..start + marked.len());
        (line.clone(), line[marked].to_owned())
    }

    #[test]
    fn the_marked_part_is_kept_beside_hidden_secrets() {
        let text = "clients:\n  - {id: a, secret: hunter2, grnts: [x], password: \"b c\"}\n";
        assert_eq!(
            seen(text, 2, "grnts"),
            ("  - {id: a, secret: …, grnts: [x], password: …}".to_owned(), "grnts".to_owned())
        );
        assert_eq!(seen(text, 2, "hunter2").1, "…");
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let text = format!("{}mark{}", "ä".repeat(500), "b".repeat(500));
        let (line, marked) = seen(&text, 1, "mark");
        assert_eq!((line.chars().count(), &*marked), (122, "mark"));
    }

    #[test]
    fn a_line_ends_where_yaml_says() {
        let text = "a\r\nb\rc\nd";
        let lines: Vec<_> = (1..=5).map(|number| &text[line(text, number)]).collect();
        assert_eq!(lines, ["a", "b", "c", "d", "d"]);
        assert_eq!(line("", 1), 0..0);
        assert_eq!(&"a\n"[line("a\n", 2)], "a");
    }
}
