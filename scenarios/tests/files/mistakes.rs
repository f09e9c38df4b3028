//! What a user reads whose scenario has a mistake: the whole message, as it comes on a terminal.

mod form;
mod identity;
mod portal;
mod step_form;
mod steps;
mod syntax;

use understudy_scenarios::Scenario;

/// The message about `text`, the text of a file `shop.yaml`.
fn message(text: &str) -> String {
    let error = Scenario::from_yaml("shop.yaml", text).unwrap_err();
    assert_eq!(error.path(), Some("shop.yaml"));
    error.to_string()
}

#[test]
fn a_program_can_ask_for_the_place() {
    let error = Scenario::from_yaml("shop.yaml", "portal:\n  produts: []\n").unwrap_err();
    assert_eq!((error.line(), error.column()), (Some(2), Some(3)));
}
