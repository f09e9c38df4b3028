//! What is not YAML, or no scenario at all, and what is never shown.

use super::message;

#[test]
fn a_tab_is_told() {
    insta::assert_snapshot!(message("portal:\n\tproducts: []\n"), @r"
    a tab can't indent a line
     --> shop.yaml:2:2
      |
    2 |     products: []
      |     ^
      |
      = help: indent with spaces
    ");
}

#[test]
fn a_line_that_is_out_of_line_is_told() {
    insta::assert_snapshot!(message("portal:\n  family: gloo-gateway\n products: []\n"), @r"
    this line is indented neither like those before it nor like what holds them
     --> shop.yaml:3:2
      |
    3 |  products: []
      |  ^
      |
      = help: line it up with its neighbours
    ");
}

#[test]
fn a_bracket_that_is_not_closed_is_told() {
    insta::assert_snapshot!(message("portal:\n  products: [{id: petstore}\n"), @r"
    this bracket is not closed
     --> shop.yaml:2:13
      |
    2 |   products: [{id: petstore}
      |             ^
      |
      = help: close `[` with `]` and `{` with `}`
    ");
}

#[test]
fn a_quote_that_is_not_closed_is_told() {
    insta::assert_snapshot!(message("description: \"a shop\nportal: {}\n"), @r#"
    this quote is not closed
     --> shop.yaml:1:14
      |
    1 | description: "a shop
      |              ^
      |
      = help: close it with the same quote
    "#);
}

#[test]
fn text_with_a_colon_is_told() {
    insta::assert_snapshot!(message("description: petstore: and more\n"), @r"
    a key with `:` can't stand here
     --> shop.yaml:1:22
      |
    1 | description: petstore: and more
      |                      ^
      |
      = help: text that holds `: ` goes in quotes; a key begins on its own line
    ");
}

#[test]
fn an_alias_for_nothing_is_told() {
    insta::assert_snapshot!(message("portal:\n  products: *all\n"), @r"
    this alias (`*name`) stands for nothing: nothing before it is marked `&name`
     --> shop.yaml:2:13
      |
    2 |   products: *all
      |             ^
      |
      = help: text that begins with `*` goes in quotes
    ");
}

#[test]
fn a_tag_is_told() {
    insta::assert_snapshot!(message("portal: !portal\n  products: []\n"), @r"
    the tag `!portal` has no meaning here
     --> shop.yaml:1:9
      |
    1 | portal: !portal
      |         ^^^^^^^
      |
      = help: write the value without it
    ");
}

#[test]
fn a_second_document_is_told() {
    insta::assert_snapshot!(message("portal: {}\n---\nportal: {}\n"), @r"
    a second document begins here
     --> shop.yaml:3:1
      |
    3 | portal: {}
      | ^
      |
      = help: a file is read as one document, without `---`
    ");
}

#[test]
fn an_empty_file_is_told() {
    insta::assert_snapshot!(message("# to be written\n"), @r"
    there is no scenario in this file: it is empty
    --> shop.yaml
     = help: the least of a scenario: `portal: {products: [{id: petstore, versions: [{name: v1}]}]}`
    ");
}

#[test]
fn a_file_of_text_is_told() {
    insta::assert_snapshot!(message("petstore\n"), @r"
    the file must be a mapping (`key: value`), found `petstore`
     --> shop.yaml:1:1
      |
    1 | petstore
      | ^^^^^^^^
    ");
}

#[test]
fn an_open_api_document_is_recognised() {
    insta::assert_snapshot!(message("openapi: 3.0.3\ninfo: {title: Petstore, version: 1.0.0}\n"), @r"
    unknown key `openapi`
     --> shop.yaml:1:1
      |
    1 | openapi: 3.0.3
      | ^^^^^^^
      |
      = help: what may stand there: `name`, `description`, `identity`, `portal`, `steps`
      = help: this looks like an OpenAPI document: name the folder that it is in, or name it in a scenario as `spec: ./…`
    ");
}

#[test]
fn a_kubernetes_manifest_is_recognised() {
    insta::assert_snapshot!(message("apiVersion: portal.gloo.solo.io/v1\nkind: Portal\n"), @r"
    unknown key `apiVersion`
     --> shop.yaml:1:1
      |
    1 | apiVersion: portal.gloo.solo.io/v1
      | ^^^^^^^^^^
      |
      = help: what may stand there: `name`, `description`, `identity`, `portal`, `steps`
      = help: this looks like a Kubernetes manifest: those are not read yet
    ");
}

#[test]
fn json_is_told_the_same_way() {
    insta::assert_snapshot!(message("{\n  \"portal\": {\n    \"products\": [{\"id\": \"petstore\", \"versons\": []}]\n  }\n}\n"), @r#"
    unknown key `versons` in `portal.products[0]`: did you mean `versions`?
     --> shop.yaml:3:37
      |
    3 |     "products": [{"id": "petstore", "versons": []}]
      |                                     ^^^^^^^^^
      |
      = help: what may stand there: `id`, `name`, `description`, `contactEmail`, `autoApproval`, `customMetadata`, `createdAt`, `updatedAt`, `versions`
    "#);
}

#[test]
fn a_long_line_is_cut() {
    insta::assert_snapshot!(message("{\"portal\": {\"products\": [{\"id\": \"product-0\"}, {\"id\": \"product-1\"}, {\"id\": \"product-2\"}, {\"id\": \"product-3\"}, {\"id\": \"product-4\"}, {\"id\": \"product-5\"}, {\"id\": \"product-6\"}, {\"id\": \"product-7\"}, {\"id\": \"product-8\"}, {\"id\": \"product-9\"}, {\"id\": \"product-10\"}, {\"id\": \"product-11\"}, {\"id\": \"product-12\"}, {\"id\": \"product-13\"}, {\"id\": \"product-14\"}, {\"id\": \"product-15\"}, {\"id\": \"product-16\"}, {\"id\": \"product-17\"}, {\"id\": \"product-18\"}, {\"id\": \"product-19\"}, {\"di\": \"x\"}, {\"id\": \"y\"}, {\"id\": \"z\"}, {\"id\": \"a long line goes on and on\"}, {\"id\": \"until it ends\"}]}}"), @r#"
    unknown key `di` in `portal.products[20]`: did you mean `id`?
     --> shop.yaml:1:457
      |
    1 | …"product-17"}, {"id": "product-18"}, {"id": "product-19"}, {"di": "x"}, {"id": "y"}, {"id": "z"}, {"id": "a long line go…
      |                                                              ^^^^
      |
      = help: what may stand there: `id`, `name`, `description`, `contactEmail`, `autoApproval`, `customMetadata`, `createdAt`, `updatedAt`, `versions`
    "#);
}

#[test]
fn a_secret_beside_the_mistake_is_hidden() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - {id: backstage, secret: hunter2, grnts: [client_credentials]}\n"), @r"
    unknown key `grnts` in `identity.clients[0]`: did you mean `grants`?
     --> shop.yaml:3:40
      |
    3 |     - {id: backstage, secret: …, grnts: …}
      |                                  ^^^^^
      |
      = help: what may stand there: `id`, `secret`, `grants`, `redirectUris`
    ");
}

#[test]
fn a_secret_that_is_the_mistake_is_hidden() {
    insta::assert_snapshot!(message("identity:\n  users:\n    - username: dana\n      password: [hunter2]\n"), @r"
    `identity.users[0].password` must be text, found a list
     --> shop.yaml:4:17
      |
    4 |       password: …
      |                 ^
    ");
}

#[test]
fn a_secret_under_a_misspelt_key_is_hidden() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: backstage\n      sekret: hunter2\n"), @r"
    unknown key `sekret` in `identity.clients[0]`: did you mean `secret`?
     --> shop.yaml:4:7
      |
    4 |       sekret: …
      |       ^^^^^^
      |
      = help: what may stand there: `id`, `secret`, `grants`, `redirectUris`
    ");
}

#[test]
fn a_secret_with_an_open_quote_is_hidden() {
    insta::assert_snapshot!(message("identity:\n  clients:\n    - id: backstage\n      secret: 'hunter2\n"), @r"
    this quote is not closed
     --> shop.yaml:4:15
      |
    4 |       secret:…
      |              ^
      |
      = help: close it with the same quote
    ");
}
