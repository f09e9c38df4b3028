//! The words for what is kept and held back.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::file::StateProblem;
use crate::outcome::{Notice, NoticeKind};
use crate::portal::{Family, PortalError};
use crate::quote;
use crate::sync::SyncError;

/// How many ids a message names.
const NAMED: usize = 3;

/// When what is held back goes.
const UNTIL: &str = "until two further syncs have seen the same, or the removal is confirmed";

pub(super) fn all_kept(apis: usize, failure: &SyncError) -> Notice {
    kept(None, format!("all stays as it was ({}), since this sync failed: {failure}", count(apis, "API")))
}

pub(super) fn document_kept(id: &str, reason: Option<&str>) -> Notice {
    let reason = reason.unwrap_or("the portal shows none for it now");
    kept(Some(id), format!("API {} keeps the document that it had: {reason}", quote::name(id)))
}

pub(super) fn no_document_yet(id: &str, failure: &PortalError) -> Notice {
    kept(
        Some(id),
        format!("API {} comes without its document, which could not be read yet: {failure}", quote::name(id)),
    )
}

pub(super) fn product_kept(product: &str, apis: usize, failure: &PortalError) -> Notice {
    let name = quote::name(product);
    let message = match apis {
        0 => format!("product {name} brings no API yet, since its versions could not be read: {failure}"),
        apis => format!("product {name} keeps {} that it had: {failure}", count(apis, "API")),
    };
    kept(Some(product), message)
}

pub(super) fn plans_kept(failure: &PortalError) -> Notice {
    kept(None, format!("the usage plans stay as they were last read: {failure}"))
}

pub(super) fn apis_held_back(gone: &BTreeSet<String>, before: usize) -> Notice {
    held_back(None, format!("the portal shows {}. They stay {UNTIL}", lost(gone, before, "API")))
}

pub(super) fn products_held_back(gone: &BTreeSet<String>, before: usize) -> Notice {
    held_back(None, format!("the portal shows {}. Their APIs stay {UNTIL}", lost(gone, before, "product")))
}

pub(super) fn versions_held_back(product: &str, gone: &BTreeSet<String>, before: usize) -> Notice {
    let lost = lost(gone, before, "API");
    held_back(Some(product), format!("product {} shows {lost}. They stay {UNTIL}", quote::name(product)))
}

pub(super) fn other_family(was: Family, is: Family, gone: &BTreeSet<String>, before: usize) -> Notice {
    let lost = lost(gone, before, "API");
    let (was, is) = (was.path(), is.path());
    let message = format!(
        "there is a list at {is} now, in place of that at {was}, and it shows {lost}. All stays as it was {UNTIL}"
    );
    held_back(None, message)
}

pub(super) fn api_twice(id: &str) -> Notice {
    let message = format!("the portal shows two APIs with the id {}, and only the first is taken", quote::name(id));
    Notice { kind: NoticeKind::Invalid, about: Some(id.to_owned()), message }
}

pub(super) fn product_twice(id: &str) -> Notice {
    let message = format!("the portal shows two products with the id {}, and only the first is taken", quote::name(id));
    Notice { kind: NoticeKind::Invalid, about: Some(id.to_owned()), message }
}

pub(super) fn state_ignored(path: &Path, problem: &StateProblem) -> Notice {
    let message = format!("the state file {} is not gone by: {problem}", path.display());
    Notice { kind: NoticeKind::StateFile, about: None, message }
}

pub(super) fn state_not_written(path: &Path, error: &io::Error) -> Notice {
    let message = format!(
        "the state file {} can't be written: {error}. Until it can, a provider that is started anew knows nothing newer \
         than what is in it",
        path.display()
    );
    Notice { kind: NoticeKind::StateFile, about: None, message }
}

fn kept(about: Option<&str>, message: String) -> Notice {
    Notice { kind: NoticeKind::Kept, about: about.map(str::to_owned), message }
}

fn held_back(about: Option<&str>, message: String) -> Notice {
    Notice { kind: NoticeKind::HeldBack, about: about.map(str::to_owned), message }
}

/// What a list shows no more: "none of its 2 APIs any more (`a`, `b`)", "3 of its 4 APIs no more (`a`, `b`, `c`)".
fn lost(gone: &BTreeSet<String>, before: usize, what: &str) -> String {
    let mut named: Vec<String> = gone.iter().take(NAMED).map(|id| quote::name(id)).collect();
    if gone.len() > NAMED {
        named.push(format!("{} more", gone.len() - NAMED));
    }
    let named = named.join(", ");
    match (gone.len(), before) {
        (1, 1) => format!("its one {what} no more ({named})"),
        (gone, before) if gone == before => format!("none of its {} any more ({named})", count(before, what)),
        (gone, before) => format!("{gone} of its {} no more ({named})", count(before, what)),
    }
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
