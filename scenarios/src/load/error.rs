//! Why a scenario could not be loaded, in words for whoever wrote it.

use std::{fmt, io};

use super::excerpt::{Report, without_excerpt};
use super::outline::{self, Part, Place};
use super::trail::Trail;
use super::vocabulary;
use super::wording::{did_you_mean, listed, quoted, shortened};

/// Why a scenario could not be loaded.
///
/// Its `Display` is the whole message, ready for a terminal: what is wrong, the file with line and column, that line
/// with a caret under the place, and what may stand there. Secrets in the line are hidden. It is plain text of several
/// lines, without colours and without a line feed at the end.
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct LoadError(Box<Failure>);

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{report}")]
    Mistake { file: String, place: Option<(usize, usize)>, report: String, said: Said },
    #[error("can't read `{file}`: {}", plain(cause))]
    Unreadable {
        file: String,
        #[source]
        cause: io::Error,
    },
    #[error("there is no bundled scenario {}{}\n{help}", quoted(name), did_you_mean(name, names.iter().copied()))]
    Unknown { name: String, names: Vec<&'static str>, help: String },
}

/// A mistake's message by itself, and what to do about it.
#[derive(Debug)]
struct Said {
    message: String,
    help: Vec<String>,
}

impl LoadError {
    /// What is wrong and what to do about it, for whoever must not be shown what the text holds: what the message quotes
    /// is left out (`…`) unless it is a word of the scenario file itself. Without the place, which [`line`](Self::line)
    /// and [`column`](Self::column) tell.
    #[must_use]
    pub fn without_content(&self) -> String {
        match &*self.0 {
            Failure::Mistake { said: Said { message, help }, .. } => {
                let parts: Vec<String> =
                    [message].into_iter().chain(help).map(|part| vocabulary::without_content(part)).collect();
                parts.join("; ")
            }
            Failure::Unreadable { .. } => "it can't be read".to_owned(),
            Failure::Unknown { .. } => "there is no such bundled scenario".to_owned(),
        }
    }

    /// The file that is at fault, as the user named it or as it is named in the scenario; none where an argument names
    /// neither a file nor a bundled scenario.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match &*self.0 {
            Failure::Mistake { file, .. } | Failure::Unreadable { file, .. } => Some(file),
            Failure::Unknown { .. } => None,
        }
    }

    /// The line of the mistake, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.place().map(|(line, _)| line)
    }

    /// The column of the mistake in characters, from 1.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.place().map(|(_, column)| column)
    }

    fn place(&self) -> Option<(usize, usize)> {
        match &*self.0 {
            Failure::Mistake { place, .. } => *place,
            Failure::Unreadable { .. } | Failure::Unknown { .. } => None,
        }
    }

    /// About an argument that names neither a file nor a bundled scenario or hazard.
    pub(crate) fn unknown(
        name: &str,
        bundled: impl Iterator<Item = &'static str>,
        hazards: impl Iterator<Item = &'static str>,
    ) -> Self {
        let mut names: Vec<_> = bundled.collect();
        let help = format!(
            "bundled are {}, and the hazards of `understudy scenarios list --suite hazards`; \
             a scenario of your own is named by its path, such as `./{}.yaml`",
            listed(names.iter().copied()),
            shortened(name)
        );
        names.extend(hazards);
        Self(Box::new(Failure::Unknown { name: name.to_owned(), names, help }))
    }

    /// About a file that could not be read at all.
    pub(super) fn unreadable(file: impl Into<String>, cause: io::Error) -> Self {
        Self(Box::new(Failure::Unreadable { file: file.into(), cause }))
    }

    /// About a file or folder as a whole.
    pub(super) fn whole(file: &str, message: &str, help: &[String]) -> Self {
        let report = without_excerpt(message, file, help);
        let said = Said { message: message.to_owned(), help: help.to_vec() };
        Self(Box::new(Failure::Mistake { file: file.to_owned(), place: None, report, said }))
    }

    fn at(file: &str, text: &str, place: &Spot, message: &str, help: &[String]) -> Self {
        let Spot { line, column, ref bytes } = *place;
        let report = Report { message, help, file, text, line, column, bytes: bytes.clone() }.render();
        let said = Said { message: message.to_owned(), help: help.to_vec() };
        Self(Box::new(Failure::Mistake { file: file.to_owned(), place: Some((line, column)), report, said }))
    }
}

impl fmt::Debug for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What `unwrap` in somebody's test prints: the message is worth more there than the structure.
        write!(formatter, "LoadError: {self}")
    }
}

fn plain(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => cause.to_string(),
    }
}

/// A line, a column and the bytes to mark.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) bytes: std::ops::Range<usize>,
}

impl From<Place> for Spot {
    fn from(place: Place) -> Self {
        Self { line: place.line, column: place.column, bytes: place.bytes }
    }
}

/// Something wrong with what a text says, not yet looked up in it.
#[derive(Debug)]
pub(super) struct Mistake {
    at: Where,
    message: String,
    help: Vec<String>,
    first: Option<Trail>,
}

#[derive(Debug)]
enum Where {
    Trail(Trail, Part),
    Spot(Spot),
}

impl Mistake {
    /// About what stands at `trail`.
    pub(super) fn at(trail: Trail, message: impl Into<String>) -> Self {
        Self { at: Where::Trail(trail, Part::Value), message: message.into(), help: Vec::new(), first: None }
    }

    /// About a key that must not be there.
    pub(super) fn at_key(trail: Trail, message: impl Into<String>) -> Self {
        Self { at: Where::Trail(trail, Part::Key), message: message.into(), help: Vec::new(), first: None }
    }

    /// About a place that is known already.
    pub(super) fn on(spot: Spot, message: impl Into<String>) -> Self {
        Self { at: Where::Spot(spot), message: message.into(), help: Vec::new(), first: None }
    }

    /// Adds what to do about it, or what may stand there.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds where the thing stands that this one repeats.
    pub(super) fn first_at(mut self, trail: Trail) -> Self {
        self.first = Some(trail);
        self
    }

    /// Looks the place up in the text of `file`. Without a text the message names the place by its trail.
    pub(super) fn of(mut self, file: &str, text: Option<&str>) -> LoadError {
        let first = self.first.as_ref();
        if let Some(place) = first.and_then(|first| outline::find(text?, first, Part::Value)) {
            self.help.insert(0, format!("the first is on line {}", place.line));
        }
        let spot = match (&self.at, text) {
            (Where::Spot(spot), Some(_)) => Some(spot.clone()),
            (Where::Trail(trail, part), Some(text)) => outline::find(text, trail, *part).map(Spot::from),
            _ => None,
        };
        match (spot, text, &self.at) {
            (Some(spot), Some(text), _) => LoadError::at(file, text, &spot, &self.message, &self.help),
            (_, _, Where::Trail(trail, _)) if !trail.is_top() => {
                self.help.insert(0, format!("it is at `{trail}`"));
                LoadError::whole(file, &self.message, &self.help)
            }
            _ => LoadError::whole(file, &self.message, &self.help),
        }
    }
}
