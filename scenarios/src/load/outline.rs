//! The second look at a text, taken only when something is wrong with it: which place lies where.
//!
//! The model that a file is read into stays free of places; a mistake is found there by its [`Trail`], or by the line
//! and column that the first reading stopped at, and looked up here in the text again.

use std::ops::{ControlFlow, Range};

use serde_saphyr::granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, options};

use super::trail::{Step, Trail};

/// What a trail calls a key that is a list or a mapping itself.
pub(super) const UNNAMED: &str = "?";

/// What a mistake is about: a key itself, or what stands at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, a number or `true`: what the file says, and whether it is in quotes.
    Text {
        value: String,
        quoted: bool,
    },
    List,
    Mapping,
    /// `*name`, which stands for what `&name` marks.
    Alias,
}

impl Kind {
    /// Whether nothing stands there: the value is left out, `~` or `null`.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Text { value, quoted: false } if is_nothing(value))
    }
}

fn is_nothing(plain: &str) -> bool {
    matches!(plain, "" | "~" | "null" | "Null" | "NULL")
}

/// A place in a text.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) trail: Trail,
    pub(super) part: Part,
    pub(super) kind: Kind,
    /// From 1.
    pub(super) line: usize,
    /// In characters, from 1.
    pub(super) column: usize,
    /// The bytes that it takes; for a list or mapping those of its opening.
    pub(super) bytes: Range<usize>,
    /// The tag before it (`!name`): line, column and bytes.
    pub(super) tag: Option<(usize, usize, Range<usize>)>,
}

/// What the walk is at: a key, a value, or the end of a list or mapping.
pub(super) struct Visit<'w> {
    pub(super) trail: &'w Trail,
    pub(super) part: Part,
    event: &'w Event<'w>,
    span: Span,
}

impl Visit<'_> {
    /// Whether it is the end of a list or mapping.
    pub(super) fn is_end(&self) -> bool {
        matches!(self.event, Event::SequenceEnd | Event::MappingEnd)
    }

    /// Whether more is to come before the value ends.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.event, Event::SequenceStart(..) | Event::MappingStart(..))
    }

    /// Whether it is nothing: left out, `~` or `null`.
    fn is_nothing(&self) -> bool {
        matches!(self.event, Event::Scalar(value, ScalarStyle::Plain, ..) if is_nothing(value))
    }

    /// The bytes that it takes; for a list or mapping those of its opening, or of its end.
    pub(super) fn bytes(&self) -> Range<usize> {
        bytes(&self.span)
    }

    fn line(&self) -> usize {
        self.span.start.line()
    }

    fn column(&self) -> usize {
        self.span.start.col() + 1
    }

    /// What is there, with its place.
    pub(super) fn place(&self) -> Place {
        let kind = match self.event {
            Event::Scalar(value, style, ..) => {
                Kind::Text { value: value.to_string(), quoted: *style != ScalarStyle::Plain }
            }
            Event::SequenceStart(..) | Event::SequenceEnd => Kind::List,
            Event::MappingStart(..) | Event::MappingEnd => Kind::Mapping,
            _ => Kind::Alias,
        };
        Place {
            trail: self.trail.clone(),
            part: self.part,
            kind,
            line: self.line(),
            column: self.column(),
            bytes: self.bytes(),
            tag: self.span.tag_span().map(|tag| (tag.start.line(), tag.start.col() + 1, bytes(&tag))),
        }
    }
}

fn bytes(span: &Span) -> Range<usize> {
    let offset = |marker: &Marker| marker.byte_offset().unwrap_or_default();
    let start = offset(&span.start);
    start..offset(&span.end).max(start)
}

/// The place that `trail` leads to, or the nearest one on the way to it that the text has.
pub(super) fn find(text: &str, trail: &Trail, part: Part) -> Option<Place> {
    let mut nearest: Option<Place> = None;
    // A text that ends in a mistake has its places up to there.
    let _ = walk(text, |visit| {
        if visit.is_end() || !visit.trail.leads_to(trail) {
            return ControlFlow::Continue(());
        }
        let length = visit.trail.len();
        // A place on the way is best shown by its key: what is wrong is missing there.
        let wanted = if length == trail.len() { part } else { Part::Key };
        let nearer = nearest.as_ref().is_none_or(|nearest| {
            nearest.trail.len() < length || (nearest.trail.len() == length && visit.part == wanted)
        });
        if nearer {
            nearest = Some(visit.place());
        }
        if length == trail.len() && visit.part == part { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    nearest
}

/// The lines of the items of the list at `key` of the top, from 1.
pub(super) fn lines_of(text: &str, key: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    let _ = walk(text, |visit| {
        if let [Step::Key(found), Step::Item(position)] = visit.trail.steps()
            && found == key
            && *position == lines.len()
            && !visit.is_end()
        {
            lines.push(visit.line());
        }
        ControlFlow::Continue(())
    });
    lines
}

/// The first mapping of those that `wanted` tells by their trail which has no `key`, in the order in which they end.
pub(super) fn find_without(text: &str, key: &str, wanted: impl Fn(&Trail) -> bool) -> Option<Place> {
    let (mut open, mut found) = (Vec::new(), None);
    let _ = walk(text, |visit| {
        match visit.part {
            Part::Key if visit.trail.last_key() == Some(key) => {
                // A key's mapping is the last that was opened.
                if let Some((_, has)) = open.last_mut() {
                    *has = true;
                }
            }
            Part::Value if matches!(visit.event, Event::MappingStart(..)) => open.push((visit.place(), false)),
            Part::Value if matches!(visit.event, Event::MappingEnd) => {
                found = open.pop().filter(|(place, has)| !has && wanted(&place.trail)).map(|(place, _)| place);
            }
            _ => {}
        }
        if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found
}

/// The places that begin at `line` and `column`, both from 1: a mapping begins where its first key does.
pub(super) fn at(text: &str, line: usize, column: usize) -> Vec<Place> {
    let mut places = Vec::new();
    let _ = walk(text, |visit| {
        if (visit.line(), visit.column()) == (line, column) && !visit.is_end() {
            places.push(visit.place());
        }
        if visit.line() > line { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    places
}

/// The byte at `line` and `column`, both from 1, or the nearest before it.
pub(super) fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut at = (1, 1);
    let mut chars = text.char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let ends = c == '\n' || (c == '\r' && chars.peek().is_none_or(|(_, next)| *next != '\n'));
        if at == (line, column) || (at.0 == line && ends) {
            return offset;
        }
        at = if ends { (at.0 + 1, 1) } else { (at.0, at.1 + 1) };
    }
    text.len()
}

/// Whether the text says nothing at all.
pub(super) fn is_blank(text: &str) -> bool {
    let mut blank = true;
    let whole = walk(text, |visit| {
        blank &= visit.is_nothing();
        if blank { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    blank && whole.is_ok()
}

/// Whether the text holds more than one document, as manifests do.
pub(super) fn has_several_documents(text: &str) -> bool {
    // A look at the letters first: nearly no document has it.
    text.contains("\n---")
        && Parser::new_from_str(text)
            .map_while(Result::ok)
            .filter(|(event, _)| matches!(event, Event::DocumentStart(..)))
            .nth(1)
            .is_some()
}

/// Shows `visit` every key and value of the first document, from the top.
///
/// # Errors
/// Where the text stops being YAML.
pub(super) fn walk(text: &str, mut visit: impl FnMut(&Visit<'_>) -> ControlFlow<()>) -> Result<(), Box<ScanError>> {
    let options = options! { flow_nesting_limit: 1024, block_nesting_limit: 1024 };
    let mut walker = Walker { trail: Trail::default(), open: Vec::new() };
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        if walker.step(&event, span, &mut visit).is_break() {
            break;
        }
    }
    Ok(())
}

struct Walker {
    /// The way to the value that is open.
    trail: Trail,
    /// The lists and mappings that are open, the outermost first.
    open: Vec<Open>,
}

enum Open {
    /// A list, and the position of its next item.
    List(usize),
    /// A mapping, and the key whose value comes next; none before a key.
    Mapping(Option<String>),
}

impl Walker {
    fn step(
        &mut self,
        event: &Event<'_>,
        span: Span,
        visit: &mut impl FnMut(&Visit<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let part = match (event, self.open.last_mut()) {
            (Event::Scalar(value, ..), Some(Open::Mapping(key @ None))) => {
                *key = Some(value.to_string());
                Part::Key
            }
            _ => Part::Value,
        };
        match event {
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
            }
            Event::Scalar(..) | Event::Alias(_) | Event::SequenceStart(..) | Event::MappingStart(..) => self.enter(),
            _ => return ControlFlow::Continue(()),
        }
        let flow = visit(&Visit { trail: &self.trail, part, event, span });
        match (event, part) {
            (_, Part::Key) => self.trail.pop(),
            (Event::SequenceStart(..), _) => self.open.push(Open::List(0)),
            (Event::MappingStart(..), _) => self.open.push(Open::Mapping(None)),
            _ => self.leave(),
        }
        flow
    }

    /// Goes down to what comes now.
    fn enter(&mut self) {
        match self.open.last() {
            Some(Open::List(position)) => self.trail.push(Step::Item(*position)),
            Some(Open::Mapping(Some(key))) => self.trail.push(Step::Key(key.clone())),
            // A list or a mapping as a key has no name.
            Some(Open::Mapping(None)) => self.trail.push(Step::Key(UNNAMED.to_owned())),
            None => {}
        }
    }

    /// Goes up again from a value that has ended, to what comes after it.
    fn leave(&mut self) {
        match self.open.last_mut() {
            Some(Open::List(position)) => *position += 1,
            Some(Open::Mapping(key)) => *key = if key.is_none() { Some(UNNAMED.to_owned()) } else { None },
            None => {}
        }
        self.trail.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::super::trail::trail;
    use super::*;

    const TEXT: &str = "portal:\n  products:\n    - id: a\n    - id: b\n      versions: [{name: v1}, *x]\n";

    #[test]
    fn a_place_is_found_by_its_trail() {
        let place = find(TEXT, &trail!["portal", "products", 1, "id"], Part::Value).unwrap();
        assert_eq!((place.line, place.column, &TEXT[place.bytes]), (4, 11, "b"));
        let place = find(TEXT, &trail!["portal", "products", 1, "versions"], Part::Key).unwrap();
        assert_eq!((place.line, place.column, &TEXT[place.bytes]), (5, 7, "versions"));
    }

    #[test]
    fn what_the_text_leaves_out_is_shown_at_what_would_hold_it() {
        let place = find(TEXT, &trail!["portal", "auth", "issuers", 0], Part::Value).unwrap();
        assert_eq!((place.line, place.column, place.trail), (1, 1, trail!["portal"]));
        let place = find(TEXT, &trail!["portal", "products", 1, "versions", 0, "spec"], Part::Value).unwrap();
        assert_eq!((place.line, place.column, place.kind), (5, 18, Kind::Mapping));
    }

    #[test]
    fn a_mapping_begins_where_its_first_key_does() {
        let places = at(TEXT, 3, 7);
        assert_eq!(places.len(), 2);
        assert_eq!((&places[0].kind, places[0].part), (&Kind::Mapping, Part::Value));
        assert_eq!((places[1].trail.to_string(), places[1].part), ("portal.products[0].id".to_owned(), Part::Key));
    }

    #[test]
    fn each_item_of_a_list_has_its_line() {
        let text = "steps:\n  - sync\n\n  - fault:\n      does: html\n  - {expect: {catalog: same}}\n  - sync\n";
        assert_eq!(lines_of(text, "steps"), [2, 4, 6, 7]);
        assert_eq!(lines_of("{\"steps\": [\"sync\",\n \"sync\"]}", "steps"), [1, 2]);
        assert!(lines_of(text, "portal").is_empty());
    }

    #[test]
    fn a_text_of_comments_is_blank() {
        for text in ["", "# nothing\n", "---\n", "~", "null # none"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["{}", "''", "a: b", "["] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
