//! What is read and probably not what was meant.

use insta::assert_snapshot;

use crate::{Files, WHOLE};

#[test]
fn a_portal_without_its_v1_is_told() {
    assert_snapshot!(Files::of(&[&WHOLE.replace("example/v1", "example")]).warned(), @"
    `portalServerUrl` does not end in /v1, where portals have their REST API
     --> app-config.0.yaml:3:22
      |
    3 |     portalServerUrl: https://portal.example
      |                      ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: the plugin adds nothing to it; it is probably https://portal.example/v1
    ");
}

#[test]
fn a_portal_that_is_left_out_is_told_with_the_default_that_it_gets() {
    let unset = Files::of(&[&WHOLE.replace("https://portal.example/v1", "${PORTAL_URL}/v1")]);
    assert_snapshot!(unset.warned(), @"
    `portalServerUrl` is left out, since `${PORTAL_URL}` is not set: as with the plugin, it is http://localhost:31080/v1 then
     --> app-config.0.yaml:3:22
      |
    3 |     portalServerUrl: ${PORTAL_URL}/v1
      |                      ^^^^^^^^^^^^^^^^
    ");
    assert_eq!(unset.read().config.portal.as_str(), "http://localhost:31080/v1");
    let without = WHOLE.replace("    portalServerUrl: https://portal.example/v1\n", "");
    assert_snapshot!(Files::of(&[&without]).warned(), @"
    `glooPlatformPortal.backend` has no `portalServerUrl`: as with the plugin, it is http://localhost:31080/v1 then
     --> app-config.0.yaml:3:5
      |
    3 |     tokenEndpoint: https://idp.example/token
      |     ^
    ");
}

#[test]
fn a_variable_without_braces_is_told() {
    assert_snapshot!(Files::of(&[&WHOLE.replace("backstage", "$CLIENT_ID")]).warned(), @"
    Backstage takes `$CLIENT_ID` in `clientId` as it is written, not for a variable
     --> app-config.0.yaml:5:15
      |
    5 |     clientId: $CLIENT_ID
      |               ^^^^^^^^^^
      |
      = help: a variable is written `${CLIENT_ID}`
    ");
}

#[test]
fn a_dollar_in_a_secret_is_none_unless_all_of_it_is_a_name() {
    assert_snapshot!(Files::of(&[&WHOLE.replace("marker-secret", "pa$word")]).warned(), @"");
    assert_snapshot!(Files::of(&[&WHOLE.replace("marker-secret", "$CLIENT_SECRET")]).warned(), @"
    Backstage takes `$CLIENT_SECRET` in `clientSecret` as it is written, not for a variable
    --> app-config.0.yaml:6:19
     = help: a variable is written `${CLIENT_SECRET}`
    ");
}

#[test]
fn an_unknown_key_is_told_with_the_nearest() {
    assert_snapshot!(Files::of(&[&format!("{WHOLE}    syncfrequency: {{minutes: 1}}\n")]).warned(), @"
    `syncfrequency` is no key of `glooPlatformPortal.backend`: did you mean `syncFrequency`?
     --> app-config.0.yaml:7:20
      |
    7 |     syncfrequency: {minutes: 1}
      |                    ^
      |
      = help: what may stand there: `portalServerUrl`, `tokenEndpoint`, `clientId`, `clientSecret`, `syncFrequency`, `syncTimeout`, `debugLogging`, `issuerUrl`, `clientAuth`, `clientKeyFile`, `clientKeyId`, `assertionAudience`, `scope`, `audience`, `caFile`, `stateFile`, `profile`, `mapping`
    ");
}

#[test]
fn a_unit_that_the_plugin_does_not_take_is_told() {
    assert_snapshot!(Files::of(&[&format!("{WHOLE}    syncFrequency: {{days: 1}}\n")]).warned(), @"
    the plugin takes no `days` in `syncFrequency`
     --> app-config.0.yaml:7:27
      |
    7 |     syncFrequency: {days: 1}
      |                           ^
      |
      = help: it has the members `hours`, `minutes`, `seconds` and `milliseconds`, such as {minutes: 5}
    ");
}

#[test]
fn a_secret_that_begins_with_a_dollar_is_not_taken_for_a_variable_and_shown() {
    assert_eq!(Files::of(&[&WHOLE.replace("marker-secret", "$tr0ngSecret")]).warned(), "");
}
