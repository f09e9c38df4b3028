//! What is not shaped like a scenario.

use super::message;

#[test]
fn a_misspelt_key_is_told_with_the_right_one() {
    insta::assert_snapshot!(message("portal:\n  produts:\n    - id: petstore\n"), @r"
    unknown key `produts` in `portal`: did you mean `products`?
     --> shop.yaml:2:3
      |
    2 |   produts:
      |   ^^^^^^^
      |
      = help: what may stand there: `family`, `shape`, `inlineSpecs`, `visibility`, `auth`, `products`, `usagePlans`
    ");
}

#[test]
fn a_key_in_another_spelling_is_told_with_the_right_one() {
    insta::assert_snapshot!(message("portal:\n  usage_plans:\n    - name: gold\n"), @r"
    unknown key `usage_plans` in `portal`: did you mean `usagePlans`?
     --> shop.yaml:2:3
      |
    2 |   usage_plans:
      |   ^^^^^^^^^^^
      |
      = help: what may stand there: `family`, `shape`, `inlineSpecs`, `visibility`, `auth`, `products`, `usagePlans`
    ");
}

#[test]
fn a_key_that_is_like_no_other_is_told_with_what_may_stand_there() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      owner: team-pets\n"), @r"
    unknown key `owner` in `portal.products[0]`
     --> shop.yaml:4:7
      |
    4 |       owner: team-pets
      |       ^^^^^
      |
      = help: what may stand there: `id`, `name`, `description`, `contactEmail`, `autoApproval`, `customMetadata`, `createdAt`, `updatedAt`, `versions`
    ");
}

#[test]
fn a_misspelt_value_is_told_with_the_right_one() {
    insta::assert_snapshot!(message("portal:\n  family: gloo-gatway\n"), @r"
    `portal.family` can't be `gloo-gatway`: did you mean `gloo-gateway`?
     --> shop.yaml:2:11
      |
    2 |   family: gloo-gatway
      |           ^^^^^^^^^^^
      |
      = help: what may stand there: `gloo-mesh-gateway`, `gloo-gateway`
    ");
}

#[test]
fn a_missing_key_is_named() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - name: Petstore\n      versions:\n        - name: v1\n"), @r"
    `portal.products[0]` has no `id`
     --> shop.yaml:3:7
      |
    3 |     - name: Petstore
      |       ^
      |
      = help: `id` has no default
    ");
}

#[test]
fn a_missing_key_of_something_within_is_named() {
    insta::assert_snapshot!(message("portal:\n  usagePlans:\n    - rateLimit:\n        per: hour\n      name: gold\n"), @r"
    `portal.usagePlans[0].rateLimit` has no `requests`
     --> shop.yaml:4:9
      |
    4 |         per: hour
      |         ^
      |
      = help: `requests` has no default
    ");
}

#[test]
fn text_in_place_of_a_list_is_told() {
    insta::assert_snapshot!(message("portal:\n  products: petstore\n"), @r"
    `portal.products` must be a list, found `petstore`
     --> shop.yaml:2:13
      |
    2 |   products: petstore
      |             ^^^^^^^^
    ");
}

#[test]
fn a_list_in_place_of_a_mapping_is_told() {
    insta::assert_snapshot!(message("portal:\n  - id: petstore\n"), @r"
    `portal` must be a mapping (`key: value`), found a list
     --> shop.yaml:2:3
      |
    2 |   - id: petstore
      |   ^
    ");
}

#[test]
fn nothing_in_place_of_a_list_is_told_at_its_key() {
    insta::assert_snapshot!(message("portal:\n  products:\n  usagePlans:\n    - name: gold\n"), @r"
    `portal.products` must be a list, found nothing
     --> shop.yaml:2:3
      |
    2 |   products:
      |   ^^^^^^^^
      |
      = help: an empty list is written `[]`; without the key, the default holds
    ");
}

#[test]
fn a_mapping_in_place_of_text_is_told() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: {name: petstore}\n"), @r"
    `portal.products[0].id` must be text, found a mapping
     --> shop.yaml:3:11
      |
    3 |     - id: {name: petstore}
      |           ^
    ");
}

#[test]
fn a_yes_is_not_true() {
    insta::assert_snapshot!(message("portal:\n  inlineSpecs: yes\n"), @r"
    `portal.inlineSpecs` must be `true` or `false`, found `yes`
     --> shop.yaml:2:16
      |
    2 |   inlineSpecs: yes
      |                ^^^
    ");
}

#[test]
fn a_number_that_is_none_is_told() {
    insta::assert_snapshot!(message("portal:\n  usagePlans:\n    - name: gold\n      rateLimit: {requests: many, per: hour}\n"), @r"
    `portal.usagePlans[0].rateLimit.requests` must be a whole number from 0 to 4294967295, found `many`
     --> shop.yaml:4:29
      |
    4 |       rateLimit: {requests: many, per: hour}
      |                             ^^^^
    ");
}

#[test]
fn a_time_that_is_none_is_told() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      createdAt: last tuesday\n"), @r"
    `portal.products[0].createdAt` must be a time such as `2026-01-31T12:00:00Z`, found `last tuesday`
     --> shop.yaml:4:18
      |
    4 |       createdAt: last tuesday
      |                  ^^^^^^^^^^^^
    ");
}

#[test]
fn a_duration_without_a_unit_is_told() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - face: okta\n      accessTokenLifetime: 300\n"), @r"
    `identity.issuers[0].accessTokenLifetime` must be a duration such as `1h`, `5m` or `90s`, found `300`
     --> shop.yaml:4:28
      |
    4 |       accessTokenLifetime: 300
      |                            ^^^
    ");
}

#[test]
fn a_document_that_is_a_number_is_told() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n          spec: 12\n"), @r"
    `portal.products[0].versions[0].spec` must be an OpenAPI document, or the path of a file that holds one, found `12`
     --> shop.yaml:6:17
      |
    6 |           spec: 12
      |                 ^^
    ");
}

#[test]
fn a_number_that_json_does_not_know_is_told() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n          spec: {info: {version: .nan}}\n"), @r"
    `portal.products[0].versions[0].spec.info.version` can't be `.nan`
     --> shop.yaml:6:34
      |
    6 |           spec: {info: {version: .nan}}
      |                                  ^^^^
      |
      = help: in quotes it is text; without them it is a number that no JSON document can hold
    ");
}

#[test]
fn a_key_that_stands_twice_is_told() {
    insta::assert_snapshot!(message("portal:\n  products: []\n  usagePlans: []\n  products: []\n"), @r"
    the key `products` stands twice in `portal`
     --> shop.yaml:4:3
      |
    4 |   products: []
      |   ^^^^^^^^
    ");
}

#[test]
fn a_key_that_is_a_list_is_told() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      customMetadata: {[a, b]: c}\n"), @r"
    a key must be text
     --> shop.yaml:4:24
      |
    4 |       customMetadata: {[a, b]: c}
      |                        ^
      |
      = help: in quotes anything is text
    ");
}
