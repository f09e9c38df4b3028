//! One thing in a list: its members, taken one by one, so that what is left over can be told.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::super::answers::Members;
use super::Notes;

/// A thing in a list, some of whose members have been taken already.
pub(super) struct Item<'a> {
    members: Members<'a>,
    /// What kind of thing it is: `a version`.
    kind: &'static str,
    /// What notes call it: ``API `petstore-v1` ``.
    name: String,
}

impl<'a> Item<'a> {
    pub(super) fn new(members: Members<'a>, kind: &'static str, name: String) -> Self {
        Self { members, kind, name }
    }

    /// What notes call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Takes a member; `null` is as good as none.
    pub(super) fn take(&mut self, member: &str) -> Option<&'a RawValue> {
        self.members.remove(member).filter(|value| value.get() != "null")
    }

    /// Takes a member that is read elsewhere, or that follows from the rest.
    pub(super) fn ignore(&mut self, members: &[&str]) {
        for member in members {
            self.members.remove(*member);
        }
    }

    pub(super) fn text(&mut self, member: &str, notes: &mut Notes) -> Option<String> {
        let value = self.take(member)?;
        let text = serde_json::from_str(value.get()).ok();
        if text.is_none() {
            notes.tell(format!("{}: its {member} is no text, and is left out", self.name));
        }
        text
    }

    /// What the portal says, whatever kind of JSON it comes as.
    pub(super) fn words(&mut self, member: &str) -> Option<String> {
        let value = self.take(member)?;
        Some(serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned()))
    }

    pub(super) fn flag(&mut self, member: &str) -> Option<bool> {
        self.take(member).and_then(|value| serde_json::from_str(value.get()).ok())
    }

    pub(super) fn time(&mut self, member: &str, notes: &mut Notes) -> Option<Timestamp> {
        let text = self.text(member, notes)?;
        let time = text.parse().ok();
        if time.is_none() {
            notes.tell(format!("{}: its {member} is no time of RFC 3339, and is left out", self.name));
        }
        time
    }

    /// The texts of a list.
    pub(super) fn texts(&mut self, member: &str, notes: &mut Notes) -> Vec<String> {
        let Some(value) = self.take(member) else { return Vec::new() };
        let items: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
        let texts: Vec<String> = items.iter().filter_map(|item| serde_json::from_str(item.get()).ok()).collect();
        if texts.len() < items.len() || !value.get().starts_with('[') {
            notes.tell(format!("{}: its {member} is no list of texts; what is no text is left out", self.name));
        }
        texts
    }

    /// Free metadata: what is no text becomes its JSON, as with a sync, and `null` is left out.
    pub(super) fn metadata(&mut self, member: &str, notes: &mut Notes) -> BTreeMap<String, String> {
        let Some(value) = self.take(member) else { return BTreeMap::new() };
        let members: Option<BTreeMap<String, Option<&RawValue>>> = serde_json::from_str(value.get()).ok();
        let mut is_changed = members.is_none();
        let mut metadata = BTreeMap::new();
        for (key, value) in members.unwrap_or_default() {
            let text = value.map(|value| (serde_json::from_str(value.get()).ok(), value));
            is_changed |= !matches!(text, Some((Some(_), _)));
            if let Some((text, value)) = text {
                metadata.insert(key, text.unwrap_or_else(|| minified(value)));
            }
        }
        if is_changed {
            notes.tell(format!("{}: its {member} holds more than texts, which became their JSON", self.name));
        }
        metadata
    }

    /// Tells of the members that nobody took.
    pub(super) fn finish(self, notes: &mut Notes) {
        for (member, value) in self.members {
            if value.get() != "null" {
                notes.unknown(self.kind, &member);
            }
        }
    }
}

/// A JSON value without spaces between its tokens, as a sync writes it.
fn minified(value: &RawValue) -> String {
    understudy_scenarios::Spec::from_json(value.get())
        .map_or_else(|_| value.get().to_owned(), |value| value.get().to_owned())
}
