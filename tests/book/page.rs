//! A page of the book, read for what can be tried: its blocks of code, its links, and the places that may be linked to.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Pages that are no part of the book: what they show is not run.
const BESIDE: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "examples/README.md"];

/// A Markdown file of the project.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its path from the project's folder, such as `docs/serve.md`.
    pub(crate) name: String,
    pub(crate) items: Vec<Item>,
    pub(crate) links: Vec<Link>,
    /// What a link to a place in this page may name.
    pub(crate) anchors: BTreeSet<String>,
}

/// What stands in a page and can be tried, in its order.
#[derive(Debug)]
pub(crate) enum Item {
    Block(Block),
    /// `<!-- file: NAME`, a line break and the content: a file that a command finds, and that readers need not see.
    File {
        name: String,
        content: String,
    },
}

/// A block of code.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) content: String,
    pub(crate) line: usize,
    /// `<!-- not run: REASON -->` before it.
    pub(crate) not_run: Option<String>,
    /// `<!-- needs: COMMAND -->` before it: it is run where there is such a command.
    pub(crate) needs: Option<String>,
    /// `<!-- file: NAME -->` before it: the commands after it find it as this file.
    pub(crate) file: Option<String>,
}

/// A link or an image.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) to: String,
    pub(crate) line: usize,
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Block {
    /// Whether it shows a terminal, and what it shows is run.
    pub(crate) fn is_run(&self) -> bool {
        let has_all = self.needs.as_deref().is_none_or(is_there);
        self.language == "console" && self.not_run.is_none() && has_all
    }

    /// Why it is not run.
    pub(crate) fn why_not(&self) -> String {
        let lacking = || self.needs.as_ref().map(|command| format!("skipped: there is no {command} here"));
        self.not_run.clone().or_else(lacking).unwrap_or_default()
    }
}

/// Whether there is such a command here.
pub(crate) fn is_there(command: &str) -> bool {
    Command::new(command).arg("--version").output().is_ok_and(|output| output.status.success())
}

impl Page {
    /// The README, every page below `docs`, and those whose links alone are looked at.
    pub(crate) fn all() -> Vec<Self> {
        let mut files = ["README.md"].iter().chain(&BESIDE).map(|name| root().join(name)).collect::<Vec<_>>();
        let mut folders = vec![root().join("docs")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "md") {
                    files.push(path);
                }
            }
        }
        files.sort();
        files.iter().map(Self::read).collect()
    }

    pub(crate) fn read(path: &PathBuf) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/");
        Self::parse(&name, &text)
    }

    pub(crate) fn parse(name: &str, text: &str) -> Self {
        let name = name.to_owned();
        let mut page = Self { name, items: Vec::new(), links: Vec::new(), anchors: BTreeSet::new() };
        let mut events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
        // A comment holds for the block that follows it at once.
        let (mut not_run, mut needs, mut file) = (None, None, None);
        while let Some((event, place)) = events.next() {
            match event {
                Event::Html(html) if html.trim_start().starts_with("<!--") => {
                    let whole = text[place.start..].split_once("-->").map_or(&*html, |(comment, _)| comment);
                    let comment = whole.trim_start_matches("<!--").trim();
                    if let Some(reason) = comment.strip_prefix("not run: ") {
                        not_run = Some(reason.trim().to_owned());
                    } else if let Some(command) = comment.strip_prefix("needs: ") {
                        needs = Some(command.trim().to_owned());
                    } else if let Some(rest) = comment.strip_prefix("file: ") {
                        match rest.split_once('\n') {
                            Some((name, content)) => page
                                .items
                                .push(Item::File { name: name.trim().to_owned(), content: format!("{content}\n") }),
                            None => file = Some(rest.trim().to_owned()),
                        }
                    }
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    page.items.push(Item::Block(Block {
                        language,
                        content: words(&mut events, TagEnd::CodeBlock),
                        line: line(text, &place),
                        not_run: not_run.take(),
                        needs: needs.take(),
                        file: file.take(),
                    }));
                }
                Event::Start(Tag::Heading { level, .. }) => {
                    let slug = slug(&words(&mut events, TagEnd::Heading(level)));
                    let again = (1..).map(|again| format!("{slug}-{again}"));
                    let slug = std::iter::once(slug.clone()).chain(again).find(|slug| !page.anchors.contains(slug));
                    page.anchors.extend(slug);
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(Link { to: dest_url.to_string(), line: line(text, &place) });
                }
                Event::Start(Tag::Paragraph | Tag::Table(_) | Tag::List(_)) => {
                    (not_run, needs, file) = (None, None, None);
                }
                _ => {}
            }
        }
        page
    }

    /// Whether only its links are looked at.
    pub(crate) fn is_beside(&self) -> bool {
        BESIDE.contains(&self.name.as_str())
    }

    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::File { .. } => None,
        })
    }
}

fn words<'t>(events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>, end: TagEnd) -> String {
    events
        .map(|(event, _)| event)
        .take_while(|event| *event != Event::End(end))
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.to_string()),
            _ => None,
        })
        .collect()
}

fn line(text: &str, place: &Range<usize>) -> usize {
    text[..place.start].lines().count() + 1
}

/// The name of a heading's place, as GitHub and mdBook make it.
fn slug(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            _ if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}
