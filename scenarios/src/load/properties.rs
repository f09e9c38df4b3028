//! What holds for any scenario and any text.

use proptest::prelude::*;

use super::text;
use crate::arbitrary::{scenario_file, scenario_with_steps};
use crate::{Scenario, bundled};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_written_as_yaml_and_read_again_is_the_same(file in scenario_file()) {
        let yaml = text::to_yaml(&file);
        let again = text::scenario("written.yaml", &yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        prop_assert_eq!(again, file, "{}", yaml);
    }

    #[test]
    fn any_file_written_as_json_and_read_again_is_the_same(file in scenario_file()) {
        let json = serde_json::to_string(&file).unwrap();
        let again = text::scenario("written.json", &json).map_err(|error| TestCaseError::fail(format!("{error}\n{json}")))?;
        prop_assert_eq!(again, file, "{}", json);
    }

    #[test]
    fn any_sound_scenario_written_and_loaded_again_is_the_same(scenario in scenario_with_steps()) {
        let again = Scenario::from_yaml("arbitrary", &scenario.to_yaml());
        prop_assert_eq!(again.map_err(|error| TestCaseError::fail(error.to_string()))?, scenario);
    }

    #[test]
    fn any_file_is_a_world_or_a_mistake(file in scenario_file()) {
        let _ = Scenario::from_file("any", file).map_err(|error| error.to_string());
    }

    #[test]
    fn any_text_is_a_scenario_or_a_mistake(text in any::<String>()) {
        let _ = Scenario::from_yaml("any", &text).map_err(|error| error.to_string());
    }

    #[test]
    fn any_text_of_yamls_own_characters_is_a_scenario_or_a_mistake(text in "[ \t\n\r:\\-\\[\\]{},#&*!|>'\"%@`~<=.?a-c0-2é🦀]{0,60}") {
        let _ = Scenario::from_yaml("any", &text).map_err(|error| error.to_string());
        let _ = Scenario::from_yaml("any", &format!("portal:\n  products:\n    - id: {text}")).map_err(|error| error.to_string());
    }

    #[test]
    fn a_bundled_scenario_with_something_put_in_or_cut_out_is_a_scenario_or_a_mistake(
        which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), cut in 0..12_usize, put in "[ \n:\\-\\[\\]{}#&*!|'\"a-c\\PC]{0,4}",
    ) {
        let text: Vec<char> = which.get(bundled::all()).text.chars().collect();
        let at = at.index(text.len());
        let cut = at..(at + cut).min(text.len());
        let mut edited = text.clone();
        edited.splice(cut.clone(), put.chars());
        let Err(error) = Scenario::from_yaml("any", &String::from_iter(edited)) else { return Ok(()) };
        let error = error.to_string();
        // Where the key itself is cut to pieces, nothing tells that it was a secret's.
        if !String::from_iter(&text[cut]).contains(|c: char| c.is_alphanumeric() || c == ':') {
            prop_assert!(!error.contains("backstage-dev-secret") && !error.contains("developer-dev-password"), "{}", error);
        }
    }
}
