//! What is wrong in a file, with the line that it is in and a caret under the place, and without secrets.

use std::io;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::source::Place;

/// What was found, in the order in which it was.
#[derive(Default)]
pub(super) struct Mistakes {
    pub(super) errors: Vec<String>,
    pub(super) warnings: Vec<String>,
}

impl Mistakes {
    pub(super) fn error(&mut self, mistake: Mistake) {
        self.errors.push(mistake.render());
    }

    pub(super) fn warn(&mut self, mistake: Mistake) {
        self.warnings.push(mistake.render());
    }
}

/// Something to tell about a place in a file, or about files.
pub(super) struct Mistake {
    message: String,
    help: Vec<String>,
    at: At,
}

enum At {
    Place(Box<Place>),
    Nowhere,
}

impl Mistake {
    pub(super) fn at(place: &Place, message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), at: At::Place(Box::new(place.clone())) }
    }

    /// About files that are named in the message.
    pub(super) fn nowhere(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), at: At::Nowhere }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    fn render(&self) -> String {
        let title = Level::ERROR.no_name().primary_title(&*self.message);
        let group = match &self.at {
            At::Nowhere => Group::with_title(title),
            At::Place(place) => match shown(place) {
                None => Group::with_title(title)
                    .element(Origin::path(format!("{}:{}:{}", place.source.name, place.line, place.column))),
                Some((line, marked)) => {
                    let snippet = Snippet::source(line).line_start(place.line);
                    let report = title.element(snippet.annotation(AnnotationKind::Primary.span(marked)));
                    // Told here, since the column in a line that was cut is not that in the file.
                    let report = render(report, &self.help);
                    let indent = " ".repeat(place.line.to_string().len());
                    let origin = format!("\n{indent}--> {}:{}:{}\n", place.source.name, place.line, place.column);
                    return report.replacen('\n', &origin, 1);
                }
            },
        };
        render(group, &self.help)
    }
}

fn render(group: Group<'_>, help: &[String]) -> String {
    Renderer::plain().render(&[group.elements(help.iter().map(|help| Level::HELP.message(help)))])
}

/// What the system said, in plain words.
pub(super) fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// Characters of a line that are shown on either side of the mark.
const AROUND: usize = 60;
/// What keys of secrets have in their names. A line that may hold one is not shown.
const SECRETIVE: [&str; 5] = ["secret", "password", "token", "key", "credential"];

/// Whether there may be a password in a URL of the line.
fn has_credentials(line: &str) -> bool {
    line.split_once("://").is_some_and(|(_, rest)| rest.contains('@'))
}

/// The line and the bytes of it to mark; none where it may hold a secret, or is longer than is read at a glance.
fn shown(place: &Place) -> Option<(String, Range<usize>)> {
    let text = &place.source.text;
    let line = text.split('\n').nth(place.line.checked_sub(1)?)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let line = line.trim_end_matches('\r');
    // The endpoint's own key and address are none, nor is a variable's name, and what is wrong with them is best seen.
    let words = without_variables(line).to_lowercase().replace("tokenendpoint", "").replace("/token", "");
    if line.chars().count() > 2 * AROUND
        || has_credentials(line)
        || SECRETIVE.iter().any(|secretive| words.contains(secretive))
    {
        return None;
    }
    let within = |offset: usize| offset.saturating_sub(start).min(line.len());
    let (from, to) = (within(place.bytes.start), within(place.bytes.end));
    Some((line.to_owned(), from..to.max(from)))
}

/// The line without each `${NAME}`.
fn without_variables(line: &str) -> String {
    let mut parts = line.split("${");
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((name, after)) if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
                rest.push_str(after);
            }
            _ => rest.push_str(part),
        }
    }
    rest
}
