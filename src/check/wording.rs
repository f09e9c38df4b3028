//! How many and which, in messages.

use understudy_provider::quote;

use super::catalogue::Check;
use super::facts::Vendor;

/// What a remedy begins with that is for no vendor in particular.
const OTHERS: &str = "Another provider: ";
/// How many names a message tells.
const NAMED: usize = 5;

/// What the identity provider's vendor has to do of a check's remedies, which begin with `Okta: `, `Keycloak: ` or `Another
/// provider: `; all of them where none is for it.
pub(super) fn remedy(check: &Check, vendor: Option<Vendor>) -> String {
    let whose = match vendor {
        Some(vendor) if vendor.is_okta() => "Okta: ",
        Some(Vendor::Keycloak) => "Keycloak: ",
        _ => OTHERS,
    };
    let of = |whose: &str| check.remedies.iter().find(|remedy| remedy.starts_with(whose)).copied();
    let Some(remedy) = of(whose).or_else(|| of(OTHERS)) else { return check.remedies.join(" ") };
    match remedy.strip_prefix(OTHERS) {
        Some(rest) => rest.chars().take(1).flat_map(char::to_uppercase).chain(rest.chars().skip(1)).collect(),
        None => remedy.to_owned(),
    }
}

/// `1 API`, `3 APIs`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// `a`, `b` and 3 more.
pub(super) fn few<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let told: Vec<String> = names.iter().take(NAMED).map(|name| quote::name(name)).collect();
    match (told.split_last(), names.len().saturating_sub(NAMED)) {
        (None, _) => "none".to_owned(),
        (Some(_), more @ 1..) => format!("{} and {more} more", told.join(", ")),
        (Some((last, [])), _) => last.clone(),
        (Some((last, others)), _) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_and_counted() {
        assert_eq!((few([]), few(["a"]), few(["a", "b"])), ("none".into(), "`a`".into(), "`a` and `b`".into()));
        assert_eq!(few(["a"; 7]), "`a`, `a`, `a`, `a`, `a` and 2 more");
        assert_eq!((counted(1, "API"), counted(0, "API")), ("1 API".into(), "0 APIs".into()));
    }
}
