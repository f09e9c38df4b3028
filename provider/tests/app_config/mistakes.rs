//! What is wrong in the files, each told with its place.

use insta::assert_snapshot;

use crate::{Files, WHOLE};

#[test]
fn all_mistakes_are_told_at_once() {
    let text = "\
glooPlatformPortal:
  backend:
    portalServerUrl: portal.example/v1
    tokenEndpoint: https://user:hunter2@idp.example/token
    clientId: 12
    syncFrequency: PT5M
    syncTimeout: {seconds: soon}
    debugLogging: maybe
";
    assert_snapshot!(Files::of(&[text]).wrong(), @"
    `portalServerUrl` cannot be used: it does not start with http:// or https://
     --> app-config.0.yaml:3:22
      |
    3 |     portalServerUrl: portal.example/v1
      |                      ^^^^^^^^^^^^^^^^^
      |
      = help: it is the address of the portal's REST server, such as http://localhost:31080/v1

    `tokenEndpoint` cannot be used: it holds a user name or password; leave them out
    --> app-config.0.yaml:4:20
     = help: Okta: the authorization server's issuer with /v1/token after it. Keycloak: https://HOST/realms/REALM/protocol/openid-connect/token. Or give `issuerUrl`

    `clientId` must be a text, and is a number
     --> app-config.0.yaml:5:15
      |
    5 |     clientId: 12
      |               ^^
      |
      = help: put it in quotes

    `glooPlatformPortal.backend` has no `clientSecret`
     --> app-config.0.yaml:3:5
      |
    3 |     portalServerUrl: portal.example/v1
      |     ^
      |
      = help: it is the secret of the portal's service account

    `syncFrequency` must be a mapping, and is a text
     --> app-config.0.yaml:6:20
      |
    6 |     syncFrequency: PT5M
      |                    ^^^^
      |
      = help: it has the members `hours`, `minutes`, `seconds` and `milliseconds`, such as {minutes: 5}

    `seconds` of `syncTimeout` must be a number, 0 or more
     --> app-config.0.yaml:7:28
      |
    7 |     syncTimeout: {seconds: soon}
      |                            ^^^^
      |
      = help: it has the members `hours`, `minutes`, `seconds` and `milliseconds`, such as {minutes: 5}

    `debugLogging` must be true or false
     --> app-config.0.yaml:8:19
      |
    8 |     debugLogging: maybe
      |                   ^^^^^
      |
      = help: leave it out for false
    ");
}

#[test]
fn a_needed_value_that_a_variable_leaves_out_is_told_with_the_variable() {
    let text = WHOLE.replace("backstage", "${CLIENT_ID}").replace("marker-secret", "{$env: CLIENT_SECRET}");
    assert_snapshot!(Files::of(&[&text]).wrong(), @"
    `clientId` is left out, since `${CLIENT_ID}` is not set
     --> app-config.0.yaml:5:15
      |
    5 |     clientId: ${CLIENT_ID}
      |               ^^^^^^^^^^^^
      |
      = help: it is the id of the portal's service account at the identity provider

    `clientSecret` is left out, since `${CLIENT_SECRET}` is not set
    --> app-config.0.yaml:6:19
     = help: it is the secret of the portal's service account
    ");
}

#[test]
fn a_variable_without_braces_is_told_as_what_may_be_wrong_with_a_url() {
    assert_snapshot!(Files::of(&[&WHOLE.replace("https://portal.example", "$PORTAL_URL")]).wrong(), @"
    `portalServerUrl` cannot be used: it does not start with http:// or https://
     --> app-config.0.yaml:3:22
      |
    3 |     portalServerUrl: $PORTAL_URL/v1
      |                      ^^^^^^^^^^^^^^
      |
      = help: it is the address of the portal's REST server, such as http://localhost:31080/v1

    warning: Backstage takes `$PORTAL_URL` in `portalServerUrl` as it is written, not for a variable
     --> app-config.0.yaml:3:22
      |
    3 |     portalServerUrl: $PORTAL_URL/v1
      |                      ^^^^^^^^^^^^^^
      |
      = help: a variable is written `${PORTAL_URL}`
    ");
}

#[test]
fn files_without_the_section_are_named() {
    assert_snapshot!(Files::of(&["app: {}", "backend: {}"]).wrong(), @"
    there is no `glooPlatformPortal.backend` in `app-config.0.yaml`, `app-config.1.yaml`
     |
     = help: `understudy up` prints one to start from
    ");
}

#[test]
fn a_section_that_is_no_mapping_is_told() {
    assert_snapshot!(Files::of(&["glooPlatformPortal: {backend: [a]}"]).wrong(), @"
    `glooPlatformPortal.backend` must be a mapping
     --> app-config.0.yaml:1:31
      |
    1 | glooPlatformPortal: {backend: [a]}
      |                               ^
    ");
    assert_snapshot!(Files::of(&["glooPlatformPortal: yes"]).wrong(), @"
    `backend` is looked for here, so this must be a mapping
     --> app-config.0.yaml:1:21
      |
    1 | glooPlatformPortal: yes
      |                     ^^^
    ");
    assert_snapshot!(Files::of(&["- a"]).wrong(), @"
    a configuration file holds a mapping
     --> app-config.0.yaml:1:1
      |
    1 | - a
      | ^
    ");
}

#[test]
fn what_is_no_yaml_is_told_with_its_place() {
    assert_snapshot!(Files::of(&["glooPlatformPortal:\n  backend: [\n"]).wrong(), @"
    this is no YAML: unclosed bracket '['
     --> app-config.0.yaml:2:12
      |
    2 |   backend: [
      |            ^
    ");
    assert_snapshot!(Files::of(&["a: 1\na: 2\n"]).wrong(), @"
    `a` is there twice, and Backstage refuses that
     --> app-config.0.yaml:2:1
      |
    2 | a: 2
      | ^
    ");
    assert_snapshot!(Files::of(&["a: 1\n---\na: 2\n"]).wrong(), @"
    there is a second document, and Backstage reads files of one
     --> app-config.0.yaml:2:1
      |
    2 | ---
      | ^^^
    ");
}

#[test]
fn what_cannot_be_included_is_told() {
    let with = |id: &str| Files::of(&[&WHOLE.replace("backstage", id)]).beside("a.yaml", "b: 1").wrong();
    assert_snapshot!(with("{$file: none}"), @"
    can't read `none`: there is no such file
     --> app-config.0.yaml:5:23
      |
    5 |     clientId: {$file: none}
      |                       ^^^^
      |
      = help: paths are seen from the folder of the file that they stand in
    ");
    assert_snapshot!(with("{$include: a.yaml#c}"), @"
    there is no `c` in `a.yaml`
     --> app-config.0.yaml:5:26
      |
    5 |     clientId: {$include: a.yaml#c}
      |                          ^^^^^^^^
    ");
    assert_snapshot!(with("{$include: a.toml}"), @"
    `$include` reads files that end in .json, .yaml or .yml, and not `a.toml`
     --> app-config.0.yaml:5:26
      |
    5 |     clientId: {$include: a.toml}
      |                          ^^^^^^
    ");
    assert_snapshot!(with("{$env: A, b: 1}"), @"
    no other key may stand beside `$env`
     --> app-config.0.yaml:5:16
      |
    5 |     clientId: {$env: A, b: 1}
      |                ^^^^
    ");
    assert_snapshot!(with("{$file: '${NONE}'}"), @"
    `$file` needs `${NONE}`, which is not set
     --> app-config.0.yaml:5:23
      |
    5 |     clientId: {$file: '${NONE}'}
      |                       ^^^^^^^^^
    ");
}

#[test]
fn what_is_wrong_with_how_the_client_proves_itself_is_told() {
    let with = |lines: &str| Files::of(&[&format!("{WHOLE}{lines}")]).beside("no.pem", "none").wrong();
    assert_snapshot!(with("    clientAuth: mtls\n"), @"
    `clientAuth` can't be `mtls`
     --> app-config.0.yaml:7:17
      |
    7 |     clientAuth: mtls
      |                 ^^^^
      |
      = help: it is `body`, `basic` or `private_key_jwt`
    ");
    assert_snapshot!(with("    clientAuth: private_key_jwt\n"), @"
    `private_key_jwt` needs `clientKeyFile`
    --> app-config.0.yaml:7:17
     = help: it names a file with the client's private key in PEM, RSA or EC
    ");
    assert_snapshot!(with("    clientAuth: private_key_jwt\n    clientKeyFile: no.pem\n"), @"
    the key in `no.pem` can't be used: it is not whole and in PEM form, with -----BEGIN PRIVATE KEY----- in a line of its own
    --> app-config.0.yaml:8:20
     = help: it names a file with the client's private key in PEM, RSA or EC
    ");
}

#[test]
fn a_mapping_that_cannot_be_used_is_told() {
    let with = |lines: &str| Files::of(&[&format!("{WHOLE}{lines}")]).wrong();
    assert_snapshot!(with("    profile: enriched\n    mapping: {owners: {}}\n"), @"
    `mapping` can't be used: unknown field `owners`, expected one of `owner`, `lifecycle`, `defaultLifecycle`, `metadataPrefix`
     --> app-config.0.yaml:8:14
      |
    8 |     mapping: {owners: {}}
      |              ^
      |
      = help: what it may say is in docs/enriched.md
    ");
    assert_snapshot!(with("    profile: rich\n"), @"
    `profile` can't be `rich`
     --> app-config.0.yaml:7:14
      |
    7 |     profile: rich
      |              ^^^^
      |
      = help: it is `plugin` or `enriched`
    ");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = understudy_provider::AppConfig::read(&["none.yaml".into()], |_| None).unwrap_err();
    assert_snapshot!(error, @"can't read `none.yaml`: there is no such file");
}

#[test]
fn no_mistake_shows_a_secret() {
    let flow = "glooPlatformPortal: {backend: {clientId: 1, clientSecret: marker-secret, tokenEndpoint: x}}";
    let broken = "glooPlatformPortal:\n  backend:\n    clientSecret: \"marker-secret\n";
    let url = "glooPlatformPortal: {backend: {portalServerUrl: 'https://me:marker-secret@portal.example/v1'}}";
    let list = "glooPlatformPortal: {backend: {clientSecret: [marker-secret]}}";
    let included = "glooPlatformPortal: {backend: {clientSecret: {$include: 'marker.toml'}, a: 'marker-secret'}}";
    for text in [flow, broken, url, list, included] {
        let wrong = Files::of(&[text]).wrong();
        assert!(!wrong.contains("marker-secret"), "{wrong}");
    }
    let debug = format!("{:?}", Files::of(&[WHOLE]).read());
    assert!(!debug.contains("marker-secret"), "{debug}");
}

#[test]
fn aliases_of_aliases_are_not_followed_for_ever() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (next, last) in ('b'..='j').zip('a'..) {
        let aliases = vec![format!("*{last}"); 10].join(", ");
        text.push_str(&format!("{next}: &{next} [{aliases}]\n"));
    }
    assert!(Files::of(&[&text]).wrong().contains("more than is read"));
}
