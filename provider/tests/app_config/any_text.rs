//! Whatever text a configuration file holds: it is read, or what is wrong is told, and no secret is shown.

use proptest::prelude::*;

use crate::{Files, WHOLE};

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_configuration_or_a_mistake(text in any::<String>()) {
        let _ = Files::of(&[&text]).try_read().map_err(|error| error.to_string());
    }

    #[test]
    fn any_text_of_yamls_own_characters_is_a_configuration_or_a_mistake(
        text in "[ \t\n:\\-\\[\\]{},#&*!|>'\"%@`~<=.?${}a-c0-2é🦀]{0,60}",
    ) {
        let _ = Files::of(&[&text]).try_read().map_err(|error| error.to_string());
        let _ = Files::of(&[WHOLE, &format!("glooPlatformPortal:\n  backend:\n    scope: {text}\n")]).try_read().map_err(|error| error.to_string());
    }

    #[test]
    fn a_whole_one_with_something_put_in_or_cut_out_shows_no_secret(
        at in any::<prop::sample::Index>(), cut in 0..8_usize, put in "[ \n:\\-\\[\\]{}#&*!|$'\"a-c\\PC]{0,4}",
    ) {
        let text: Vec<char> = WHOLE.chars().collect();
        let at = at.index(text.len());
        let cut = at..(at + cut).min(text.len());
        let mut edited = text.clone();
        edited.splice(cut.clone(), put.chars());
        let Err(error) = Files::of(&[&String::from_iter(&edited)]).try_read() else { return Ok(()) };
        // Where the key itself is cut to pieces, nothing tells that what follows is a secret.
        if !String::from_iter(&text[cut]).contains(|c: char| c.is_alphanumeric() || c == ':') {
            prop_assert!(!error.to_string().contains("marker-secret"), "{}", error);
        }
    }
}
