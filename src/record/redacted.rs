//! The answers of a portal with everything replaced that a recording must not hold. What it is replaced in is what strings
//! say, however they are written, and not the members by which a portal tells things apart.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_saphyr::Spanned;
use understudy_scenarios::read_text;

use super::answers::{Answer, Answers, Asked};
use super::json::{self, Place};
use super::redaction::{Redactor, Replaced, nameless};

/// What was replaced, and where: how often each, and the places of secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<Replaced, usize>,
    secrets: Vec<(Replaced, String)>,
}

impl Tally {
    fn add(&mut self, replaced: Vec<Replaced>, place: impl Fn() -> String) {
        for replaced in replaced {
            *self.counts.entry(replaced).or_default() += 1;
            if matches!(replaced, Replaced::Secret(_) | Replaced::Shape(_)) {
                self.secrets.push((replaced, place()));
            }
        }
    }

    /// How often each thing was replaced.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<Replaced, usize> {
        &self.counts
    }

    /// Where secrets, or what looked like them, stood in the portal's answers.
    #[must_use]
    pub fn secrets(&self) -> &[(Replaced, String)] {
        &self.secrets
    }
}

/// The answers with everything replaced.
pub(super) fn answers(answers: &Answers, redactor: &Redactor, tally: &mut Tally) -> Answers {
    Answers(answers.0.iter().map(|answer| redacted(answer, redactor, tally)).collect())
}

fn redacted(answer: &Answer, redactor: &Redactor, tally: &mut Tally) -> Answer {
    let mut path = answer.path.clone();
    // The second is an id, and the others are the portal's own words.
    if let Some(id) = path.get_mut(1) {
        *id = redactor.quietly(id);
    }
    let shown = answer.shown();
    let body = match answer.asked {
        Asked::Schema if answer.status == http::StatusCode::OK => document(&answer.body, &shown, redactor, tally),
        _ if serde_json::from_str::<&RawValue>(&answer.body).is_ok() => list(&answer.body, &shown, redactor, tally),
        _ => text(&answer.body, redactor, tally, || shown.clone()),
    };
    Answer { path, body, ..answer.clone() }
}

fn text(text: &str, redactor: &Redactor, tally: &mut Tally, place: impl Fn() -> String) -> String {
    match redactor.text(text) {
        Some((text, replaced)) => {
            tally.add(replaced, place);
            text
        }
        None => text.to_owned(),
    }
}

/// A list, or one thing of a list.
fn list(body: &str, shown: &str, redactor: &Redactor, tally: &mut Tally) -> String {
    json::rewrite(body, |place, said| {
        let names = place.names();
        let names = names.strip_prefix(&["apiVersions"]).unwrap_or(&names);
        let told = || format!("{shown} at {}", place.pointer());
        match names {
            ["openapiSpec" | "apiSpec", rest @ ..] => in_document(place, said, rest, &told, redactor, tally),
            ["customMetadata" | "apiProductMetadata" | "productVersionMetadata", _, ..] => {
                changed(said, redactor, tally, told)
            }
            _ if place.is_name => None,
            ["contact" | "contactEmail"] => contact(said, redactor, tally, told),
            _ => changed(said, redactor, tally, told),
        }
    })
}

/// A string of a document that is written in a list, or the text of one; `rest` leads there within the document.
fn in_document(
    place: &Place<'_>,
    said: &str,
    rest: &[&str],
    told: &dyn Fn() -> String,
    redactor: &Redactor,
    tally: &mut Tally,
) -> Option<String> {
    match rest {
        [] if place.is_name => None,
        [] => Some(document(said, &told(), redactor, tally)).filter(|document| document != said),
        ["info", "contact", "name"] if !place.is_name => contact(said, redactor, tally, told),
        _ => changed(said, redactor, tally, told),
    }
}

/// Who is to be asked, with the names of people replaced too.
fn contact(said: &str, redactor: &Redactor, tally: &mut Tally, place: impl Fn() -> String) -> Option<String> {
    let Some(nameless) = nameless(said).filter(|_| redactor.replaces_names()) else {
        return changed(said, redactor, tally, place);
    };
    tally.add(vec![Replaced::Name], &place);
    Some(changed(&nameless, redactor, tally, place).unwrap_or(nameless))
}

fn changed(said: &str, redactor: &Redactor, tally: &mut Tally, place: impl Fn() -> String) -> Option<String> {
    let (text, replaced) = redactor.text(said)?;
    tally.add(replaced, place);
    Some(text)
}

/// A document: JSON, a JSON string that holds one, or YAML.
pub(super) fn document(said: &str, shown: &str, redactor: &Redactor, tally: &mut Tally) -> String {
    match serde_json::from_str::<&RawValue>(said) {
        Ok(value) if !value.get().starts_with(['{', '[', '"']) => said.to_owned(),
        Ok(_) => json::rewrite(said, |place, inner| {
            let told = || format!("{shown} at {}", place.pointer());
            if place.pointer().is_empty() {
                return Some(document(inner, shown, redactor, tally)).filter(|document| document != inner);
            }
            in_document(place, inner, &place.names(), &told, redactor, tally)
        }),
        Err(_) => {
            let named = if redactor.replaces_names() { without_contact_name(said, shown, tally) } else { None };
            text(named.as_deref().unwrap_or(said), redactor, tally, || shown.to_owned())
        }
    }
}

/// A YAML document with another name in `info.contact.name`, where there is one.
fn without_contact_name(yaml: &str, shown: &str, tally: &mut Tally) -> Option<String> {
    #[derive(Deserialize)]
    struct Document {
        info: Option<Info>,
    }
    #[derive(Deserialize)]
    struct Info {
        contact: Option<Contact>,
    }
    #[derive(Deserialize)]
    struct Contact {
        name: Option<Spanned<String>>,
    }
    let document: Document = read_text("document", yaml).ok()?;
    let name = document.info?.contact?.name?;
    let nameless = nameless(&name.value)?;
    let span = name.defined.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let end = start.checked_add(usize::try_from(span.byte_len()?).ok()?)?;
    let (before, after) = (yaml.get(..start)?, yaml.get(end..)?);
    // What follows a scalar of several lines is a part of its span.
    let kept = yaml.get(start..end)?;
    let kept = &kept[kept.trim_end().len()..];
    tally.add(vec![Replaced::Name], || shown.to_owned());
    Some(format!("{before}{nameless}{kept}{after}"))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::super::redaction::Redaction;
    use super::super::secrets::Secrets;
    use super::*;

    fn redactor() -> Redactor {
        let mut secrets = Secrets::default();
        secrets.add("the client secret", "marker-secret");
        let wanted = Redaction::default().replacing("Acme", "Shop").unwrap().replacing("apiId", "x").unwrap();
        Redactor::new(&wanted, secrets)
    }

    fn answer(asked: Asked, path: &[&str], body: &str) -> (String, Tally) {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        let answer = Answer { asked, path, status: StatusCode::OK, body: body.to_owned() };
        let mut tally = Tally::default();
        (redacted(&answer, &redactor(), &mut tally).body, tally)
    }

    #[test]
    fn what_strings_say_is_replaced_and_the_portals_own_members_stay() {
        let body = r#"[ {"apiId": "Acme-v1", "contact": "Jane Doe, jane@acme.io", "customMetadata": {"Acme": "J\u0061ne@acme.io"}, "n": 1.10} ]"#;
        let (replaced, tally) = answer(Asked::Apis, &["apis"], body);
        assert_eq!(
            replaced,
            r#"[ {"apiId": "Shop-v1", "contact": "Someone someone@example.com", "customMetadata": {"Shop": "someone@example.com"}, "n": 1.10} ]"#
        );
        assert_eq!(tally.counts()[&Replaced::Asked], 2);
        assert_eq!((tally.counts()[&Replaced::Name], tally.counts()[&Replaced::Address]), (1, 2));
    }

    #[test]
    fn a_secret_is_told_with_its_place() {
        let body = r#"[{"apiVersions": [{"openapiSpec": {"info": {"description": "use marker-secret"}}}]}]"#;
        let (replaced, tally) = answer(Asked::Apis, &["apis"], body);
        assert!(replaced.contains("use REDACTED"), "{replaced}");
        let place = "/apis at /0/apiVersions/0/openapiSpec/info/description";
        assert_eq!(tally.secrets(), [(Replaced::Secret("the client secret"), place.to_owned())]);
    }

    #[test]
    fn a_document_is_the_same_in_whichever_form_it_comes() {
        let json =
            r#"{"info":{"contact":{"name":"Jane","email":"jane@acme.io"}},"paths":{"/contact":{"contact":"Jane"}}}"#;
        let replaced = json.replacen("Jane", "Someone", 1).replace("jane@acme.io", "someone@example.com");
        assert_eq!(answer(Asked::Schema, &["apis", "a", "schema"], json).0, replaced);
        let quoted = |json: &str| serde_json::Value::from(json).to_string();
        assert_eq!(answer(Asked::Schema, &["apis", "a", "schema"], &quoted(json)).0, quoted(&replaced));
        let list = |spec: &str| format!(r#"[{{"openapiSpec":{spec}}}]"#);
        assert_eq!(answer(Asked::Apis, &["apis"], &list(&quoted(json))).0, list(&quoted(&replaced)));
    }

    #[test]
    fn a_yaml_document_keeps_all_but_what_is_replaced() {
        let yaml =
            "# Pets of Acme\ninfo:\n  contact:\n    name: 'Jane Doe' # her\n    email: jane@acme.io\npaths: {}\n";
        let (replaced, _) = answer(
            Asked::Versions,
            &["api-products", "a", "versions"],
            &format!(r#"[{{"apiSpec":{}}}]"#, serde_json::Value::from(yaml)),
        );
        let replaced: Vec<BTreeMap<String, String>> = serde_json::from_str(&replaced).unwrap();
        assert_eq!(
            replaced[0]["apiSpec"],
            "# Pets of Shop\ninfo:\n  contact:\n    name: Someone # her\n    email: someone@example.com\npaths: {}\n"
        );
    }
}
