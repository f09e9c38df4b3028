//! Mail addresses in a text.

use std::ops::Range;

use super::redaction::REDACTED;

/// Where mail addresses stand in a text, in its order and apart, but for those that RFC 2606 and RFC 6761 keep for examples.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    // Where the last address ends, whosever it is: what follows it begins none.
    let mut taken = 0;
    for (at, _) in text.match_indices('@') {
        let start = text[..at].char_indices().rev().take_while(|(_, character)| is_local(*character)).last();
        let Some(start) = start.map(|(start, _)| start) else { continue };
        let local = text[start..at].trim_start_matches(['.', '\'']);
        let domain = &text[at + 1..];
        let length = domain.find(|character: char| !is_domain(character)).unwrap_or(domain.len());
        let domain = domain[..length].trim_end_matches(['.', '-']);
        let Some((_, top)) = domain.rsplit_once('.') else { continue };
        let is_name = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic) && !domain.contains("..");
        let (start, end) = (at - local.len(), at + 1 + domain.len());
        if local.is_empty() || !is_name || domain.starts_with(['.', '-']) || start < taken {
            continue;
        }
        taken = end;
        // What a URL has in place of a password.
        if local == REDACTED {
            continue;
        }
        if !is_for_examples(domain) {
            found.push(start..end);
        }
    }
    found
}

fn is_local(character: char) -> bool {
    character.is_alphanumeric() || "._%+-'".contains(character)
}

fn is_domain(character: char) -> bool {
    character.is_alphanumeric() || ".-".contains(character)
}

fn is_for_examples(domain: &str) -> bool {
    let domain = domain.to_lowercase();
    let is_under = |name: &&str| domain == **name || domain.ends_with(&format!(".{name}"));
    ["example.com", "example.net", "example.org", "example", "test", "invalid", "localhost"].iter().any(is_under)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn addresses_are_found_where_people_write_them() {
        assert_eq!(shown("ask jane.doe+api@acme.co.uk, or <bob@acme.io>."), ["jane.doe+api@acme.co.uk", "bob@acme.io"]);
        assert_eq!(shown("mailto:jürgen@bücher.de?subject=x"), ["jürgen@bücher.de"]);
        assert_eq!(shown("'jane@acme.com'"), ["jane@acme.com"]);
    }

    #[test]
    fn what_is_no_address_or_nobodys_stays() {
        let text = "@acme/pets a@b user@localhost pets@example.com dev@portal.test 1@2.3 @ @. x@-a.com x@a..com";
        assert_eq!(shown(text), [""; 0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_the_text_addresses_are_in_it_and_apart(text in "[a.@é'\\- \\PC]{0,40}") {
            let mut end = 0;
            for range in find(&text) {
                prop_assert!(range.start >= end && text[range.clone()].contains('@'));
                end = range.end;
            }
        }
    }
}
