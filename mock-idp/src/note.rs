//! What is said about a caller where people read it: never a secret, and nothing that plays tricks on a terminal.

use std::sync::Arc;

/// The most characters of a client id that a note holds.
const LONGEST: usize = 64;

/// A client id as a caller named it, made fit to print.
pub(crate) fn printable(id: &str) -> Arc<str> {
    let mut plain = id.chars().filter(|character| !is_trick(*character));
    let mut text: String = plain.by_ref().take(LONGEST).collect();
    if plain.next().is_some() {
        text.push('…');
    }
    text.into()
}

/// Control characters, line separators, and what turns the direction of writing.
fn is_trick(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_in_a_note_is_short_and_has_no_control_characters() {
        assert_eq!(&*printable("back\u{1b}[31mstage\r\n\u{202E}"), "back[31mstage");
        assert_eq!(printable(&"x".repeat(65)).chars().count(), LONGEST + 1);
        assert_eq!(printable(&"x".repeat(64)).chars().count(), LONGEST);
    }
}
