//! How the plugin makes names and tags of ids and versions, letter for letter as its JavaScript does; and what becomes of
//! a tag that Backstage would refuse.

use crate::validate::is_tag;

/// Where the plugin cuts, in UTF-16 units. (Backstage allows 63.)
const CUT: usize = 62;
/// How long names and tags may be for Backstage.
pub(super) const LONGEST: usize = 63;

/// An entity's name from an API's id: lower-cased, every UTF-16 unit but `a-z0-9-_.` replaced by `-`, runs of `-`
/// collapsed, cut at 62.
///
/// The result may still be refused by Backstage: it may be empty, or start or end in other than a letter or digit.
pub(super) fn sanitize_name(id: &str) -> String {
    sanitize(id, |unit| matches!(unit, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
}

/// A tag's prefix and a version: the plugin's where Backstage takes that, else the nearest that it takes; none where
/// nothing is left of the version.
pub(super) fn tag(prefix: &str, version: &str) -> Option<String> {
    let sanitized = sanitize_tag(version);
    let tag = format!("{prefix}{sanitized}");
    if is_tag(&tag) {
        return Some(tag);
    }
    let fits = sanitized.trim_start_matches('-');
    // What is kept is ASCII.
    let fits = fits[..fits.len().min(LONGEST - prefix.len())].trim_end_matches('-');
    (!fits.is_empty()).then(|| format!("{prefix}{fits}"))
}

/// A tag from a version: as [`sanitize_name`], but with `a-z0-9:+#-` kept.
pub(super) fn sanitize_tag(version: &str) -> String {
    sanitize(version, |unit| matches!(unit, b'a'..=b'z' | b'0'..=b'9' | b':' | b'+' | b'#' | b'-'))
}

fn sanitize(text: &str, keeps: impl Fn(u8) -> bool) -> String {
    let mut sanitized = String::new();
    // Both languages lower-case by Unicode's default mapping. What is kept is ASCII, and a character of two UTF-16 units
    // becomes a run of `-` that collapses, so that characters can be counted here instead of units.
    for character in text.to_lowercase().chars() {
        let unit = u8::try_from(character).ok().filter(|unit| keeps(*unit)).unwrap_or(b'-');
        if sanitized.len() >= CUT {
            break;
        }
        if unit != b'-' || !sanitized.ends_with('-') {
            sanitized.push(char::from(unit));
        }
    }
    sanitized
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The plugin's rule once more, in its own steps: lower-case, split into UTF-16 units, map, reduce.
    fn by_units(text: &str, kept: &str) -> String {
        let units: Vec<u16> = text.to_lowercase().encode_utf16().collect();
        let mapped = units.into_iter().map(|unit| match char::from_u32(u32::from(unit)) {
            Some(character) if kept.contains(character) => character,
            _ => '-',
        });
        mapped.fold(String::new(), |previous, current| {
            let length = previous.encode_utf16().count();
            if length >= 62 || (previous.ends_with('-') && current == '-') {
                previous
            } else {
                previous + &current.to_string()
            }
        })
    }

    const NAME: &str = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    const TAG: &str = "abcdefghijklmnopqrstuvwxyz0123456789:+#-";

    proptest! {
        #[test]
        fn names_and_tags_are_as_utf16_units_have_them(text in any::<String>()) {
            prop_assert_eq!(sanitize_name(&text), by_units(&text, NAME));
            prop_assert_eq!(sanitize_tag(&text), by_units(&text, TAG));
        }

        #[test]
        fn long_names_are_cut_as_utf16_units_have_them(text in "[a-zA-Z0-9._:+#/ 😀İßΣ-]{40,90}") {
            prop_assert_eq!(sanitize_name(&text), by_units(&text, NAME));
            prop_assert_eq!(sanitize_tag(&text), by_units(&text, TAG));
        }
    }

    #[test]
    fn a_tag_that_backstage_would_refuse_is_mended_or_left_out() {
        let made = |version: &str| tag("api-version:", version).unwrap_or_else(|| "none".to_owned());
        assert_eq!(made("v1.0"), "api-version:v1-0");
        assert_eq!(made("-v1"), "api-version:-v1", "Backstage takes what begins with a dash after the colon");
        assert_eq!(made("v1 (beta)"), "api-version:v1-beta");
        assert_eq!(made(&"long-".repeat(20)), format!("api-version:{}l", "long-".repeat(10)));
        assert_eq!(made(&format!("{}-x", "a".repeat(50))), format!("api-version:{}", "a".repeat(50)));
        assert_eq!(made("倉庫"), "none");
    }

    #[test]
    fn characters_beyond_ascii_are_as_in_javascript() {
        // Each checked against Node 20 with the plugin's own function.
        assert_eq!(sanitize_name("Größe 😀😀 v1"), "gr-e-v1");
        assert_eq!(sanitize_name("\u{212A}elvin-İx"), "kelvin-i-x");
        assert_eq!(sanitize_name("--a---b--"), "-a-b-");
        assert_eq!(sanitize_name(&"x".repeat(70)), "x".repeat(62));
        assert_eq!(sanitize_tag("1.0 β+Exp#2:a"), "1-0-+exp#2:a");
    }
}
