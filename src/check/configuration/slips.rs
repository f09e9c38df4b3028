//! The slips that are made when a value is copied: blanks, quotes, variables that nobody put in, base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::setting::{Setting, Slip, Value};
use super::{BASE64, BLANKS, LEFT_OVER, QUOTES};

/// The text as it was probably meant, and what is wrong with it as it is.
pub(super) fn mend(value: &Value<'_>, env: &dyn Fn(&str) -> Option<String>) -> (String, Vec<Slip>) {
    let mut slips = Vec::new();
    let mut text = value.text.to_owned();
    for mend in [blanks, copied_name, quotes] {
        if let Some((mended, slip)) = mend(value, &text) {
            text = mended;
            slips.push(slip);
        }
    }
    if let Some((mended, slip)) = left_over(value, &text, env) {
        text = mended;
        slips.push(slip);
    }
    slips.extend(encoded(value, &text));
    (text, slips)
}

/// What is there and can't be seen.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn blanks(value: &Value<'_>, text: &str) -> Option<(String, Slip)> {
    let is_blank = |character: char| character.is_whitespace() || character.is_control() || is_invisible(character);
    let trimmed = text.trim_matches(is_blank);
    let name = value.name;
    if trimmed.len() == text.len() {
        let hidden = text.chars().find(|character| is_invisible(*character))?;
        let message = format!("{name} has a character in it that can't be seen, U+{:04X}", u32::from(hidden));
        let text = text.chars().filter(|character| !is_invisible(*character)).collect();
        return Some((text, Slip::fail(&BLANKS, message, "Type the value anew, or paste it as plain text.")));
    }
    let what = match text.chars().find(|character| is_invisible(*character)) {
        Some(hidden) => format!("characters that can't be seen, U+{:04X}", u32::from(hidden)),
        None if text.ends_with(['\n', '\r']) => "line breaks".to_owned(),
        None => "blanks".to_owned(),
    };
    let message = format!("{name} has {what} around its value");
    let slip = if value.is_trimmed && text.trim() == trimmed {
        Slip::warn(&BLANKS, format!("{message}, which are not taken away by all who read it"), TAKE_OUT)
    } else {
        Slip::fail(&BLANKS, message, TAKE_OUT)
    };
    Some((trimmed.to_owned(), slip))
}

const TAKE_OUT: &str = "Take them out: they come with a copied line, and with `echo` in place of `echo -n` or `printf %s` \
                        before `base64`.";

/// `CLIENT_ID=0oa…` as the value of CLIENT_ID.
fn copied_name(value: &Value<'_>, text: &str) -> Option<(String, Slip)> {
    let rest = text.strip_prefix("export ").unwrap_or(text).trim_start().strip_prefix(value.key)?;
    let rest = rest.trim_start().strip_prefix(['=', ':'])?.trim_start();
    if rest.is_empty() {
        return None;
    }
    let message = format!("the value of {} begins with its own name", value.name);
    Some((
        rest.to_owned(),
        Slip::fail(&LEFT_OVER, message, "Leave the name out: only what comes after it is the value."),
    ))
}

fn quotes(value: &Value<'_>, text: &str) -> Option<(String, Slip)> {
    const PAIRS: [(char, char); 6] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u{201c}', '\u{201d}'),
        ('\u{2018}', '\u{2019}'),
        ('\u{ab}', '\u{bb}'),
    ];
    let both = |(open, close): &(char, char)| text.strip_prefix(*open)?.strip_suffix(*close);
    // One alone may be a secret's own character, but never a URL's or an id's.
    let one = |(open, close): &(char, char)| {
        let without = text.trim_start_matches(*open).trim_end_matches(*close);
        (value.setting != Setting::ClientSecret && without.len() < text.len()).then_some(without)
    };
    let inner = PAIRS.iter().find_map(both).or_else(|| PAIRS.iter().find_map(one))?.trim();
    if inner.is_empty() {
        return None;
    }
    let message = format!("{} has quotes around its value, which are taken for a part of it", value.name);
    let remedy = "Take them out. A shell and YAML take quotes away by themselves; `docker --env-file`, the settings of a \
                  CI job and a value that is quoted twice keep them.";
    Some((inner.to_owned(), Slip::fail(&QUOTES, message, remedy)))
}

/// A reference to a variable: where it stands, and the variable's name.
fn reference(text: &str) -> Option<(std::ops::Range<usize>, &str)> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    for (at, _) in text.match_indices('$') {
        let rest = &text[at + 1..];
        for (open, close) in [('{', '}'), ('(', ')')] {
            if let Some((name, _)) = rest.strip_prefix(open).and_then(|rest| rest.split_once(close))
                && is_name(name)
            {
                return Some((at..at + name.len() + 3, name));
            }
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if is_name(&rest[..end]) {
            return Some((at..at + 1 + end, &rest[..end]));
        }
    }
    let name = text.strip_prefix('%')?.strip_suffix('%')?;
    is_name(name).then_some((0..text.len(), name))
}

fn left_over(value: &Value<'_>, text: &str, env: &dyn Fn(&str) -> Option<String>) -> Option<(String, Slip)> {
    let name = value.name;
    if let Some((place, variable)) = reference(text) {
        // Within a secret a `$` may be one of its characters.
        if !value.setting.is_url() && (place.start, place.end) != (0, text.len()) {
            return None;
        }
        let there = env(variable).map(|there| there.trim().to_owned());
        // A variable that names itself has nothing to give.
        let there = there.filter(|there| !there.is_empty() && variable != value.key && !there.contains('$'));
        let state = if there.is_some() { "It is set in this environment" } else { "It is not set in this environment" };
        let is_secret = value.setting == Setting::ClientSecret;
        // A secret that begins with `$` is not to be told, and may be one.
        let written =
            if is_secret { "the name of a variable".to_owned() } else { format!("`{}`", &text[place.clone()]) };
        let message = format!("{name} holds {written} as it is written: nobody put the variable's value in its place");
        let remedy = format!(
            "Backstage puts values in for `${{NAME}}` alone, Kubernetes for `$(NAME)`, a shell for both `$NAME` and \
             `${{NAME}}` outside of single quotes. {state}."
        );
        if is_secret && there.is_none() && variable.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return Some((text.to_owned(), Slip::warn(&LEFT_OVER, message, remedy)));
        }
        let mut mended = text.to_owned();
        if let Some(there) = there {
            mended.replace_range(place, &there);
        }
        return Some((mended, Slip::fail(&LEFT_OVER, message, remedy)));
    }
    let lower = text.to_lowercase();
    let is_placeholder = (text.starts_with('<') && text.ends_with('>'))
        || (text.contains("{{") && text.contains("}}"))
        || (value.setting.is_url() && text.contains(['<', '>', '$']))
        || ["changeme", "change-me", "change_me", "replaceme", "replace-me", "todo", "tbd", "…", "..."]
            .contains(&&*lower)
        || (lower.len() >= 3 && lower.chars().all(|character| character == 'x' || character == '*'))
        || ["your-", "your_", "my-client-"].iter().any(|start| lower.starts_with(start));
    is_placeholder.then(|| {
        let message = format!("{name} holds a placeholder, or what is left of one");
        (text.to_owned(), Slip::fail(&LEFT_OVER, message, "Put the value itself there."))
    })
}

/// A Kubernetes Secret holds its values in base64, and who copies one from there has to decode it.
fn encoded(value: &Value<'_>, text: &str) -> Option<Slip> {
    if !matches!(value.setting, Setting::ClientSecret | Setting::ClientId) {
        return None;
    }
    let decoded = STANDARD.decode(text).ok()?;
    let inner = decoded.trim_ascii_end();
    // A random text of this length has next to no chance to decode to visible characters alone.
    if inner.len() < 6 || !inner.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    let end = if inner.len() < decoded.len() { " with a line break after it" } else { "" };
    let message =
        format!("{} looks like base64: decoded it is a text of {} visible characters{end}", value.name, inner.len());
    let remedy = "If it was copied from a Kubernetes Secret, decode it: `kubectl get secret NAME -o \
                  jsonpath='{.data.KEY}' | base64 -d`. A Secret that is mounted or taken by `secretKeyRef` is decoded \
                  already, unless it was encoded twice.";
    Some(Slip::warn(&BASE64, message, remedy))
}
