//! A file's YAML as a tree in which everything has its place.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_saphyr::granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, options};

use super::mistake::Mistake;
use crate::small_file;

/// How many keys and values a file may have, those that aliases repeat counted as often as they do.
const MOST: usize = 100_000;

/// A file's text.
#[derive(Debug)]
pub(super) struct Source {
    /// As the user named it.
    pub(super) name: String,
    /// What paths in it are seen from.
    pub(super) folder: PathBuf,
    pub(super) text: String,
}

/// Where something stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) source: Arc<Source>,
    /// From 1.
    pub(super) line: usize,
    /// In characters, from 1.
    pub(super) column: usize,
    pub(super) bytes: Range<usize>,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

/// What stands there, by YAML 1.2's core schema.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List,
    Map(Vec<Member>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) place: Place,
    pub(super) value: Node,
}

impl Source {
    pub(super) fn read(path: &Path, name: String) -> Result<Arc<Self>, std::io::Error> {
        let text = small_file::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Arc::new(Self { name, folder, text: text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned) }))
    }

    /// The tree of the file's one document; none where it says nothing.
    pub(super) fn parse(self: &Arc<Self>) -> Result<Option<Node>, Mistake> {
        let options = options! { flow_nesting_limit: 256, block_nesting_limit: 256 };
        let parser = Parser::new_from_str_with_options(&self.text, options);
        let mut tree = Tree { source: self, parser, anchors: HashMap::new(), size: 0 };
        let mut root = None;
        while let Some((event, span)) = tree.next()? {
            match event {
                Event::DocumentStart(..) if root.is_some() => {
                    let mistake =
                        Mistake::at(&tree.place(&span), "there is a second document, and Backstage reads files of one");
                    return Err(mistake);
                }
                Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_) => {
                    root = Some(tree.node(event, &span)?);
                }
                _ => {}
            }
        }
        Ok(root)
    }

    fn place(self: &Arc<Self>, span: &Span) -> Place {
        let offset = |marker: &Marker| marker.byte_offset().unwrap_or_default();
        let start = offset(&span.start);
        Place {
            source: Arc::clone(self),
            line: span.start.line(),
            column: span.start.col() + 1,
            bytes: start..offset(&span.end).max(start),
        }
    }
}

struct Tree<'t, P> {
    source: &'t Arc<Source>,
    parser: P,
    anchors: HashMap<usize, (Node, usize)>,
    size: usize,
}

impl<'t, P: Iterator<Item = Result<(Event<'t>, Span), E>>, E: Into<Box<ScanError>>> Tree<'t, P> {
    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, Mistake> {
        self.parser.next().transpose().map_err(|error| {
            let error: Box<ScanError> = error.into();
            let marker = error.marker();
            let start = marker.byte_offset().unwrap_or_default().min(self.source.text.len());
            let place = Place {
                source: Arc::clone(self.source),
                line: marker.line().max(1),
                column: marker.col() + 1,
                bytes: start..start,
            };
            Mistake::at(&place, format!("this is no YAML: {}", error.info()))
        })
    }

    fn place(&self, span: &Span) -> Place {
        self.source.place(span)
    }

    /// The value that `event` begins.
    fn node(&mut self, event: Event<'t>, span: &Span) -> Result<Node, Mistake> {
        let place = self.place(span);
        let before = self.size;
        self.grow(1, &place)?;
        let (kind, anchor) = match event {
            Event::Scalar(value, style, anchor, _) => (scalar(value.into_owned(), style), anchor),
            Event::Alias(anchor) => {
                let (node, size) = self
                    .anchors
                    .get(&anchor)
                    .cloned()
                    .ok_or_else(|| Mistake::at(&place, "this stands for something that holds it"))?;
                self.grow(size, &place)?;
                return Ok(node);
            }
            Event::SequenceStart(_, anchor, _) => (self.list()?, anchor),
            Event::MappingStart(_, anchor, _) => (self.map()?, anchor),
            _ => return Err(Mistake::at(&place, "this is no YAML: a value is missing")),
        };
        let node = Node { place, kind };
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), self.size - before));
        }
        Ok(node)
    }

    fn list(&mut self) -> Result<Kind, Mistake> {
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            self.node(event, &span)?;
        }
        Ok(Kind::List)
    }

    fn map(&mut self) -> Result<Kind, Mistake> {
        let mut members: Vec<Member> = Vec::new();
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let place = self.place(&span);
            let key = match event {
                Event::Scalar(value, ..) => value.into_owned(),
                event => {
                    self.node(event, &span)?;
                    return Err(Mistake::at(&place, "a key must be a text"));
                }
            };
            if members.iter().any(|member| member.key == key) {
                return Err(Mistake::at(&place, format!("`{key}` is there twice, and Backstage refuses that")));
            }
            let Some((event, span)) = self.next()? else { break };
            members.push(Member { key, place, value: self.node(event, &span)? });
        }
        Ok(Kind::Map(members))
    }

    fn grow(&mut self, by: usize, place: &Place) -> Result<(), Mistake> {
        self.size += by;
        if self.size > MOST {
            return Err(Mistake::at(place, "the file holds more than is read, its aliases written out"));
        }
        Ok(())
    }
}

fn scalar(text: String, style: ScalarStyle) -> Kind {
    if style != ScalarStyle::Plain {
        return Kind::Text(text);
    }
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ => number(&text).map_or(Kind::Text(text), Kind::Number),
    }
}

/// A number as YAML 1.2's core schema writes it.
fn number(text: &str) -> Option<f64> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(|number| number as f64);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(|number| number as f64);
    }
    let looks = text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if looks { text.parse().ok() } else { None }
}
