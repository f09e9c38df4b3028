//! Links between the pages, and the table of contents.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use libtest_mimic::Failed;

use crate::page::{Page, root};

/// Every relative link leads to a file that is there, and to a place in it that is there.
pub(crate) fn lead_somewhere(page: &Page) -> Result<(), Failed> {
    let mut bad = Vec::new();
    for link in page.links.iter().filter(|link| !link.to.contains("://") && !link.to.starts_with("mailto:")) {
        let (path, anchor) = link.to.split_once('#').unwrap_or((&link.to, ""));
        let folder = Path::new(&page.name).parent().unwrap_or(Path::new(""));
        let file = if path.is_empty() { PathBuf::from(&page.name) } else { plain(&folder.join(path)) };
        if !root().join(&file).exists() {
            bad.push(format!("{}:{}: there is no {}", page.name, link.line, file.display()));
        } else if !anchor.is_empty() && !Page::read(&root().join(&file)).anchors.contains(anchor) {
            bad.push(format!("{}:{}: {} has no #{anchor}", page.name, link.line, file.display()));
        }
        if page.name.starts_with("docs/") && !file.starts_with("docs") {
            bad.push(format!("{}:{}: {} is not in the book", page.name, link.line, file.display()));
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(bad.join("\n").into()) }
}

/// The table of contents names every page of the book once, and nothing else.
pub(crate) fn summary_is_whole(pages: &[Page]) -> Result<(), Failed> {
    let (summary, pages): (Vec<_>, Vec<_>) =
        pages.iter().filter(|page| page.name.starts_with("docs/")).partition(|page| page.name == "docs/SUMMARY.md");
    let named: Vec<String> =
        summary.iter().flat_map(|page| &page.links).map(|link| format!("docs/{}", link.to)).collect();
    let there: BTreeSet<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    let once: BTreeSet<&str> = named.iter().map(String::as_str).collect();
    if once.len() < named.len() {
        return Err("docs/SUMMARY.md names a page twice".into());
    }
    let apart: Vec<_> = there.symmetric_difference(&once).collect();
    if apart.is_empty() {
        Ok(())
    } else {
        Err(format!("docs/SUMMARY.md lacks these pages, or names them and they are not there: {apart:?}").into())
    }
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, component| {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
        plain
    })
}
