//! What issuers, clients, users and groups can't be.

use super::message;

#[test]
fn a_world_without_an_issuer_is_refused() {
    insta::assert_snapshot!(message("identity:\n  issuers: []\n"), @r"
    there is no issuer: nobody could get a token
     --> shop.yaml:2:12
      |
    2 |   issuers: []
      |            ^
      |
      = help: without `issuers` there are an Okta server `default`, its org and a Keycloak realm `gloo`
    ");
}

#[test]
fn an_issuers_name_is_its_own() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta\n    - face: okta\n      server: other\n"), @r"
    the issuer `okta` stands twice
     --> shop.yaml:4:7
      |
    4 |     - face: okta
      |       ^
      |
      = help: the first is on line 3
      = help: issuers of one face are told apart by `name`
    ");
}

#[test]
fn an_issuers_path_is_its_own() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta\n    - face: okta\n      name: second\n      server: default\n"), @r"
    the issuer's path `/oauth2/default` stands twice
     --> shop.yaml:6:15
      |
    6 |       server: default
      |               ^^^^^^^
      |
      = help: the first is on line 3
      = help: issuers are told apart by `path`, `server` or `realm`
    ");
}

#[test]
fn an_issuers_name_is_not_empty() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - {face: okta, name: ''}\n"), @r"
    the issuer's name is empty
     --> shop.yaml:3:26
      |
    3 |     - {face: okta, name: ''}
      |                          ^^
    ");
}

#[test]
fn keycloak_has_no_server() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: keycloak\n      server: default\n"), @r"
    a Keycloak realm has no `server`
     --> shop.yaml:4:7
      |
    4 |       server: default
      |       ^^^^^^
      |
      = help: a `server` is an Okta custom authorization server: `face: okta`
    ");
}

#[test]
fn an_okta_org_has_no_server() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta-org\n      server: default\n"), @r"
    an Okta org has no `server`
     --> shop.yaml:4:7
      |
    4 |       server: default
      |       ^^^^^^
      |
      = help: a `server` is an Okta custom authorization server: `face: okta`
    ");
}

#[test]
fn okta_has_no_realm() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta\n      realm: gloo\n"), @r"
    an Okta custom authorization server has no `realm`
     --> shop.yaml:4:7
      |
    4 |       realm: gloo
      |       ^^^^^
      |
      = help: a `realm` is Keycloak's: `face: keycloak`
    ");
}

#[test]
fn a_realm_is_one_part_of_a_path() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: keycloak\n      realm: gloo/dev\n"), @r"
    `realm` is one part of a path: it can't hold `/`
     --> shop.yaml:4:14
      |
    4 |       realm: gloo/dev
      |              ^^^^^^^^
      |
      = help: a whole path goes to `path`
    ");
}

#[test]
fn a_path_starts_with_a_slash() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: keycloak\n      path: realms/gloo\n"), @r#"
    an issuer's path starts with `/` and does not end with one, found `realms/gloo`
     --> shop.yaml:4:13
      |
    4 |       path: realms/gloo
      |             ^^^^^^^^^^^
      |
      = help: an empty path (`""`) is the identity provider's base URL itself
    "#);
}

#[test]
fn a_path_does_not_end_with_a_slash() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: keycloak\n      path: /realms/gloo/\n"), @r#"
    an issuer's path starts with `/` and does not end with one, found `/realms/gloo/`
     --> shop.yaml:4:13
      |
    4 |       path: /realms/gloo/
      |             ^^^^^^^^^^^^^
      |
      = help: an empty path (`""`) is the identity provider's base URL itself
    "#);
}

#[test]
fn a_path_is_part_of_a_url() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: keycloak\n      realm: my realm\n"), @r"
    an issuer's path is part of a URL: it can't hold a space
     --> shop.yaml:4:14
      |
    4 |       realm: my realm
      |              ^^^^^^^^
    ");
}

#[test]
fn a_path_does_not_lead_up() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: keycloak\n      path: /realms/../gloo\n"), @r"
    no part of an issuer's path is empty, `.` or `..`, found `/realms/../gloo`
     --> shop.yaml:4:13
      |
    4 |       path: /realms/../gloo
      |             ^^^^^^^^^^^^^^^
    ");
}

#[test]
fn a_lifetime_is_at_least_a_second() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta\n      accessTokenLifetime: 0s\n"), @r"
    a token's lifetime is in whole seconds, from `1s` to a hundred years, found `0s`
     --> shop.yaml:4:28
      |
    4 |       accessTokenLifetime: 0s
      |                            ^^
    ");
}

#[test]
fn a_lifetime_is_in_whole_seconds() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta\n      accessTokenLifetime: 1500ms\n"), @r"
    a token's lifetime is in whole seconds, from `1s` to a hundred years, found `1s 500ms`
     --> shop.yaml:4:28
      |
    4 |       accessTokenLifetime: 1500ms
      |                            ^^^^^^
    ");
}

#[test]
fn a_default_scope_is_a_scope() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta\n      scopes: [portal.read, portal.write]\n      defaultScopes: [portal.raed]\n"), @r"
    the default scope `portal.raed` is not one of `scopes`: did you mean `portal.read`?
     --> shop.yaml:5:23
      |
    5 |       defaultScopes: [portal.raed]
      |                       ^^^^^^^^^^^
      |
      = help: its scopes: `portal.read`, `portal.write`
    ");
}

#[test]
fn a_keycloak_without_scopes_has_no_default_ones() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: keycloak\n      defaultScopes: [portal]\n"), @r"
    the default scope `portal` is not one of `scopes`
     --> shop.yaml:4:23
      |
    4 |       defaultScopes: [portal]
      |                       ^^^^^^
      |
      = help: this issuer has no scopes: list them in `scopes`
    ");
}

#[test]
fn a_scope_is_one_word() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta\n      scopes: [read write]\n"), @r"
    a scope is one word of ASCII letters, digits and signs, without spaces and quotes
     --> shop.yaml:4:16
      |
    4 |       scopes: [read write]
      |                ^^^^^^^^^^
    ");
}

#[test]
fn a_world_without_a_client_is_refused() {
    insta::assert_snapshot!(message("identity:\n  clients: []\n"), @r"
    there is no client: nobody could ask for a token
     --> shop.yaml:2:12
      |
    2 |   clients: []
      |            ^
      |
      = help: without `clients` there is one, `backstage`
    ");
}

#[test]
fn a_client_has_an_id() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - secret: hunter2\n"), @r"
    `identity.clients[0]` has no `id`
     --> shop.yaml:3:7
      |
    3 |     - secret: …
      |       ^
      |
      = help: `id` has no default
    ");
}

#[test]
fn a_clients_id_is_not_empty() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: ''\n"), @r"
    the client's id is empty
     --> shop.yaml:3:11
      |
    3 |     - id: ''
      |           ^^
    ");
}

#[test]
fn a_clients_id_is_its_own() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: backstage\n    - id: other\n    - id: backstage\n"), @r"
    the client id `backstage` stands twice
     --> shop.yaml:5:11
      |
    5 |     - id: backstage
      |           ^^^^^^^^^
      |
      = help: the first is on line 3
    ");
}

#[test]
fn a_clients_secret_is_not_empty() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: backstage\n      secret: ''\n"), @r"
    the client's secret is empty
     --> shop.yaml:4:15
      |
    4 |       secret: …
      |               ^
      |
      = help: a public client is one without `secret`
    ");
}

#[test]
fn a_client_without_a_secret_has_no_client_credentials() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: ui\n      grants: [authorization_code, client_credentials]\n"), @r"
    the client `ui` has no secret, and `client_credentials` is for those that have one
     --> shop.yaml:4:36
      |
    4 |       grants: [authorization_code, client_credentials]
      |                                    ^^^^^^^^^^^^^^^^^^
      |
      = help: give it a `secret`
    ");
}

#[test]
fn a_misspelt_grant_is_told_with_the_right_one() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: ui\n      grants: [client-credentials]\n"), @r"
    `identity.clients[0].grants[0]` can't be `client-credentials`: did you mean `client_credentials`?
     --> shop.yaml:4:16
      |
    4 |       grants: [client-credentials]
      |                ^^^^^^^^^^^^^^^^^^
      |
      = help: what may stand there: `client_credentials`, `authorization_code`, `refresh_token`
    ");
}

#[test]
fn a_redirect_uri_is_absolute() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: ui\n      redirectUris: [/callback]\n"), @r"
    a redirect URI is an absolute URL, found `/callback`
     --> shop.yaml:4:22
      |
    4 |       redirectUris: [/callback]
      |                      ^^^^^^^^^
      |
      = help: such as `http://localhost:7007/api/auth/okta/handler/frame`
    ");
}

#[test]
fn a_redirect_uri_has_no_fragment() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: ui\n      redirectUris: ['http://localhost:7007/#/callback']\n"), @r"
    a redirect URI has no fragment (`#…`), found `http://localhost:7007/#/callback`
     --> shop.yaml:4:22
      |
    4 |       redirectUris: ['http://localhost:7007/#/callback']
      |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: such as `http://localhost:7007/api/auth/okta/handler/frame`
    ");
}

#[test]
fn a_username_is_its_own() {
    insta::assert_snapshot!(message("identity:\n  users:\n    - {username: dana, password: a}\n    - {username: dana, password: b}\n"), @r"
    the user `dana` stands twice
     --> shop.yaml:4:18
      |
    4 |     - {username: dana, password: …}
      |                  ^^^^
      |
      = help: the first is on line 3
    ");
}

#[test]
fn a_password_is_not_empty() {
    insta::assert_snapshot!(message("identity:\n  users:\n    - {username: dana, password: ''}\n"), @r"
    the password is empty
     --> shop.yaml:3:34
      |
    3 |     - {username: dana, password: …}
      |                                  ^
    ");
}

#[test]
fn a_users_group_is_one_that_is_listed() {
    insta::assert_snapshot!(message("identity:\n  groups: [{name: admins}, {name: developers}]\n  users:\n    - username: dana\n      password: hunter2\n      groups: [develpers]\n"), @r"
    there is no group `develpers`: did you mean `developers`?
     --> shop.yaml:6:16
      |
    6 |       groups: [develpers]
      |                ^^^^^^^^^
      |
      = help: the groups in `identity.groups`: `admins`, `developers`
    ");
}

#[test]
fn a_groups_name_is_its_own() {
    insta::assert_snapshot!(message("identity:\n  groups:\n    - name: admins\n    - name: admins\n"), @r"
    the group `admins` stands twice
     --> shop.yaml:4:13
      |
    4 |     - name: admins
      |             ^^^^^^
      |
      = help: the first is on line 3
    ");
}
