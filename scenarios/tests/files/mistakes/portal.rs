//! What products, versions, usage plans and access can't be.

use super::message;

#[test]
fn restricted_visibility_is_refused_by_name() {
    insta::assert_snapshot!(message("portal:\n  visibility: restricted\n"), @r"
    `visibility: restricted` can't be played yet: the mock portal shows every caller the same
     --> shop.yaml:2:15
      |
    2 |   visibility: restricted
      |               ^^^^^^^^^^
      |
      = help: leave `visibility` out, or write `public`
    ");
}

#[test]
fn gloo_gateway_has_no_shape() {
    insta::assert_snapshot!(message("portal:\n  family: gloo-gateway\n  shape: flat\n"), @r"
    Gloo Gateway has no `shape`
     --> shop.yaml:3:3
      |
    3 |   shape: flat
      |   ^^^^^
      |
      = help: it is for `family: gloo-mesh-gateway`; Gloo Gateway has one way to list, and its versions hold their documents
    ");
}

#[test]
fn gloo_gateway_has_no_inline_specs() {
    insta::assert_snapshot!(message("portal:\n  family: gloo-gateway\n  inlineSpecs: true\n"), @r"
    Gloo Gateway has no `inlineSpecs`
     --> shop.yaml:3:3
      |
    3 |   inlineSpecs: true
      |   ^^^^^^^^^^^
      |
      = help: it is for `family: gloo-mesh-gateway`; Gloo Gateway has one way to list, and its versions hold their documents
    ");
}

#[test]
fn a_trusted_issuer_is_one_that_there_is() {
    insta::assert_snapshot!(message("portal:\n  auth:\n    issuers: [keycloack]\n"), @r"
    there is no issuer `keycloack`: did you mean `keycloak`?
     --> shop.yaml:3:15
      |
    3 |     issuers: [keycloack]
      |               ^^^^^^^^^
      |
      = help: the issuers: `okta`, `okta-org`, `keycloak`
    ");
}

#[test]
fn a_usage_plans_name_is_its_own() {
    insta::assert_snapshot!(message("portal:\n  usagePlans:\n    - name: gold\n    - name: gold\n"), @r"
    the usage plan `gold` stands twice
     --> shop.yaml:4:13
      |
    4 |     - name: gold
      |             ^^^^
      |
      = help: the first is on line 3
    ");
}

#[test]
fn a_usage_plans_name_is_not_empty() {
    insta::assert_snapshot!(message("portal:\n  usagePlans:\n    - name: ' '\n"), @r"
    the usage plan's name is empty
     --> shop.yaml:3:13
      |
    3 |     - name: ' '
      |             ^^^
    ");
}

#[test]
fn a_versions_plan_is_one_that_there_is() {
    insta::assert_snapshot!(message("portal:\n  usagePlans: [{name: gold}, {name: silver}]\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n          usagePlans: [gold, silvr]\n"), @r"
    there is no usage plan `silvr`: did you mean `silver`?
     --> shop.yaml:7:30
      |
    7 |           usagePlans: [gold, silvr]
      |                              ^^^^^
      |
      = help: the plans in `portal.usagePlans`: `gold`, `silver`
    ");
}

#[test]
fn a_version_can_have_no_plan_where_there_is_none() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n          usagePlans: [gold]\n"), @r"
    there is no usage plan `gold`
     --> shop.yaml:6:24
      |
    6 |           usagePlans: [gold]
      |                        ^^^^
      |
      = help: list the plans in `portal.usagePlans`, each with a `name`
    ");
}

#[test]
fn a_products_id_is_its_own() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n    - id: tracks\n    - id: petstore\n"), @r"
    the product id `petstore` stands twice
     --> shop.yaml:5:11
      |
    5 |     - id: petstore
      |           ^^^^^^^^
      |
      = help: the first is on line 3
    ");
}

#[test]
fn a_products_id_is_not_empty() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: ''\n"), @r"
    the product's id is empty
     --> shop.yaml:3:11
      |
    3 |     - id: ''
      |           ^^
    ");
}

#[test]
fn a_versions_name_is_not_empty() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: ''\n"), @r"
    the version's name is empty
     --> shop.yaml:5:17
      |
    5 |         - name: ''
      |                 ^^
    ");
}

#[test]
fn an_apis_id_is_its_own() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n        - name: v1\n"), @r"
    the API id `petstore-v1` stands twice
     --> shop.yaml:6:17
      |
    6 |         - name: v1
      |                 ^^
      |
      = help: the first is on line 5
      = help: an API's id is `<product>-<version>`, unless the version has an `id` of its own
    ");
}

#[test]
fn an_apis_id_is_its_own_across_products() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: pet\n      versions: [{name: store-v1}]\n    - id: pet-store\n      versions: [{name: v1}]\n"), @r"
    the API id `pet-store-v1` stands twice
     --> shop.yaml:6:25
      |
    6 |       versions: [{name: v1}]
      |                         ^^
      |
      = help: the first is on line 4
      = help: an API's id is `<product>-<version>`, unless the version has an `id` of its own
    ");
}

#[test]
fn an_apis_given_id_is_its_own() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n        - {name: v2, id: petstore-v1}\n"), @r"
    the API id `petstore-v1` stands twice
     --> shop.yaml:6:26
      |
    6 |         - {name: v2, id: petstore-v1}
      |                          ^^^^^^^^^^^
      |
      = help: the first is on line 5
      = help: an API's id is `<product>-<version>`, unless the version has an `id` of its own
    ");
}

#[test]
fn a_document_elsewhere_is_not_fetched() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n          spec: https://example.com/petstore.yaml\n"), @r"
    a document is not fetched from elsewhere (`https://`): nothing leaves this machine
     --> shop.yaml:6:17
      |
    6 |           spec: https://example.com/petstore.yaml
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: save the document beside the scenario, and name it as `./petstore.yaml`
    ");
}

#[test]
fn a_text_of_its_own_has_no_file_beside_it() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n          spec: ./petstore.yaml\n"), @r"
    `./petstore.yaml` can't be found: this scenario is a text of its own, beside which no file lies
     --> shop.yaml:6:17
      |
    6 |           spec: ./petstore.yaml
      |                 ^^^^^^^^^^^^^^^
      |
      = help: write the document in the scenario, or load the scenario from its file
    ");
}

#[test]
fn an_empty_path_is_told() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      versions:\n        - name: v1\n          spec: ''\n"), @r"
    the path of the document is empty
     --> shop.yaml:6:17
      |
    6 |           spec: ''
      |                 ^^
    ");
}

#[test]
fn a_time_before_the_year_0_is_told() {
    insta::assert_snapshot!(message("portal:\n  products:\n    - id: petstore\n      createdAt: -000044-03-15T12:00:00Z\n"), @"
    `createdAt` is before the year 0, which no portal can tell
     --> shop.yaml:4:18
      |
    4 |       createdAt: -000044-03-15T12:00:00Z
      |                  ^^^^^^^^^^^^^^^^^^^^^^^
    ");
}
