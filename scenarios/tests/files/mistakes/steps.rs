//! What steps can't say, by themselves or at their point of the scenario.

use super::message;

#[test]
fn an_issuer_whose_keys_are_rotated_is_one_that_there_is() {
    insta::assert_snapshot!(message("steps:\n  - keys: {rotate: okat}\n"), @r"
    there is no issuer `okat`: did you mean `okta`?
     --> shop.yaml:2:20
      |
    2 |   - keys: {rotate: okat}
      |                    ^^^^
      |
      = help: the issuers: `okta`, `okta-org`, `keycloak`
    ");
}

#[test]
fn a_product_that_goes_is_one_that_there_is() {
    insta::assert_snapshot!(message("portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]}\nsteps:\n  - change: {removeProducts: [petstore, trakcs]}\n"), @r"
    there is no product `trakcs`: did you mean `tracks`?
     --> shop.yaml:3:41
      |
    3 |   - change: {removeProducts: [petstore, trakcs]}
      |                                         ^^^^^^
      |
      = help: the products: `petstore`, `tracks`
    ");
}

#[test]
fn what_went_in_a_step_before_is_not_there() {
    insta::assert_snapshot!(message("portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]}\nsteps:\n  - change: {removeProducts: [tracks]}\n  - sync\n  - change: {editVersions: [{id: tracks-v1, title: Songs}]}\n"), @r"
    there is no API `tracks-v1`
     --> shop.yaml:5:34
      |
    5 |   - change: {editVersions: [{id: tracks-v1, title: Songs}]}
      |                                  ^^^^^^^^^
      |
      = help: the APIs: `petstore-v1`, `petstore-v2`
    ");
}

#[test]
fn what_came_in_a_step_before_stands_twice() {
    insta::assert_snapshot!(message("portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]}\nsteps:\n  - change: {addProducts: [{id: cats}]}\n  - change:\n      addProducts:\n        - {id: cats}\n"), @r"
    the product id `cats` would stand twice
     --> shop.yaml:6:16
      |
    6 |         - {id: cats}
      |                ^^^^
    ");
}

#[test]
fn a_version_that_comes_belongs_to_a_product() {
    insta::assert_snapshot!(message("portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]}\nsteps:\n  - change: {addVersions: [{product: pets, version: {name: v1}}]}\n"), @r"
    there is no product `pets`
     --> shop.yaml:3:38
      |
    3 |   - change: {addVersions: [{product: pets, version: {name: v1}}]}
      |                                      ^^^^
      |
      = help: the products: `petstore`, `tracks`
    ");
}

#[test]
fn a_change_changes_something() {
    insta::assert_snapshot!(message("steps:\n  - change: {}\n"), @r"
    this changes nothing
     --> shop.yaml:2:13
      |
    2 |   - change: {}
      |             ^
      |
      = help: such as `removeProducts: [petstore]`
    ");
}

#[test]
fn a_growth_has_its_bounds() {
    insta::assert_snapshot!(message("steps:\n  - change:\n      grow: {products: 20000, versionsEach: 1}\n"), @r"
    20000 made-up products are more than 10000
     --> shop.yaml:3:24
      |
    3 |       grow: {products: 20000, versionsEach: 1}
      |                        ^^^^^
    ");
}

#[test]
fn a_document_of_a_change_is_sought_beside_the_scenario() {
    insta::assert_snapshot!(message("portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]}\nsteps:\n  - change: {editVersions: [{id: tracks-v1, spec: ./tracks.yaml}]}\n"), @r"
    `./tracks.yaml` can't be found: this scenario is a text of its own, beside which no file lies
     --> shop.yaml:3:51
      |
    3 |   - change: {editVersions: [{id: tracks-v1, spec: ./tracks.yaml}]}
      |                                                   ^^^^^^^^^^^^^
      |
      = help: write the document in the scenario, or load the scenario from its file
    ");
}

#[test]
fn a_fault_that_comes_before_requests_knows_no_path() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: refuse\n      server: portal\n      path: /v1/apis\n"), @r"
    `refuse` comes before any request, so it can't go by `path`
     --> shop.yaml:5:7
      |
    5 |       path: /v1/apis
      |       ^^^^
      |
      = help: it goes by `server`, `when.from`, `when.until` and `timeToLive`
    ");
}

#[test]
fn a_fault_that_comes_before_requests_counts_none() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: refuse\n      when: {first: 3}\n"), @r"
    `refuse` comes before any request, so it can't go by `first`
     --> shop.yaml:4:14
      |
    4 |       when: {first: 3}
      |              ^^^^^
      |
      = help: it goes by `server`, `when.from`, `when.until` and `timeToLive`
    ");
}

#[test]
fn handshakes_are_counted_and_have_no_path() {
    assert!(
        understudy_scenarios::Scenario::from_yaml(
            "shop.yaml",
            "steps:\n  - fault:\n      does: {tls: expired}\n      when: {first: 3, probability: 0.5, seed: 1}\n"
        )
        .is_ok()
    );
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {tls: expired}\n      path: /v1/apis\n"), @r"
    `tls` comes before any request, so it can't go by `path`
     --> shop.yaml:4:7
      |
    4 |       path: /v1/apis
      |       ^^^^
      |
      = help: it goes by `server`, `when` and `timeToLive`
    ");
}

#[test]
fn counting_begins_at_one() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      when: {nth: 0}\n"), @r"
    `nth` counts from 1, found 0
     --> shop.yaml:4:19
      |
    4 |       when: {nth: 0}
      |                   ^
    ");
}

#[test]
fn a_status_is_one_of_http() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {status: 700}\n"), @r"
    an HTTP status is from 200 to 599, found 700
     --> shop.yaml:3:22
      |
    3 |       does: {status: 700}
      |                      ^^^
    ");
}

#[test]
fn an_error_of_a_vendor_has_its_own_body() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {status: {code: 429, error: okta-rate-limit, body: slow down}}\n"), @r"
    an `error` has a body of its own: leave one of the two out
     --> shop.yaml:3:58
      |
    3 |       does: {status: {code: 429, error: okta-rate-limit, body: slow down}}
      |                                                          ^^^^
    ");
}

#[test]
fn a_window_ends_after_it_begins() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      when: {from: 10s, until: 5s}\n"), @r"
    `until` comes after `from`, found `5s` after `10s`
     --> shop.yaml:4:32
      |
    4 |       when: {from: 10s, until: 5s}
      |                                ^^
    ");
}

#[test]
fn a_path_begins_with_a_slash() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      path: v1/apis\n"), @r"
    a path begins with `/`, or is `**` for any, found `v1/apis`
     --> shop.yaml:4:13
      |
    4 |       path: v1/apis
      |             ^^^^^^^
      |
      = help: such as `/v1/apis/*/schema`, or `/v1/**`
    ");
}

#[test]
fn two_stars_stand_at_the_end() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      path: /v1/**/schema\n"), @r"
    `**` stands for all that follows, so it can only be the end, found `/v1/**/schema`
     --> shop.yaml:4:13
      |
    4 |       path: /v1/**/schema
      |             ^^^^^^^^^^^^^
      |
      = help: such as `/v1/apis/*/schema`, or `/v1/**`
    ");
}

#[test]
fn a_path_has_no_query() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      path: /v1/apis?page=2\n"), @r"
    a path ends before the `?`: requests are told apart without it, found `/v1/apis?page=2`
     --> shop.yaml:4:13
      |
    4 |       path: /v1/apis?page=2
      |             ^^^^^^^^^^^^^^^
      |
      = help: such as `/v1/apis/*/schema`, or `/v1/**`
    ");
}

#[test]
fn a_method_is_in_capitals() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      method: get\n"), @r"
    a method is one word in capitals, such as `GET`, found `get`
     --> shop.yaml:4:15
      |
    4 |       method: get
      |               ^^^
    ");
}

#[test]
fn a_uniform_delay_has_a_longest() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {latency: {by: 1s, spread: uniform}}\n"), @r"
    `spread: uniform` goes from `by` to `to`, and there is no `to`
     --> shop.yaml:3:40
      |
    3 |       does: {latency: {by: 1s, spread: uniform}}
      |                                        ^^^^^^^
    ");
}

#[test]
fn a_fixed_delay_has_no_longest() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {latency: {by: 1s, to: 2s}}\n"), @r"
    `to` is for `spread: uniform`
     --> shop.yaml:3:32
      |
    3 |       does: {latency: {by: 1s, to: 2s}}
      |                                ^^
    ");
}

#[test]
fn a_delay_does_not_go_back() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {latency: {by: -1s}}\n"), @r"
    this can't go back in time, found `-1s`
     --> shop.yaml:3:28
      |
    3 |       does: {latency: {by: -1s}}
      |                            ^^^
    ");
}

#[test]
fn a_seed_is_for_a_probability() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      when: {seed: 7}\n"), @r"
    a `seed` draws for a `probability`, and there is none
     --> shop.yaml:4:14
      |
    4 |       when: {seed: 7}
      |              ^^^^
    ");
}

#[test]
fn counts_that_exclude_each_other_hit_none() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      when: {nth: 5, first: 3}\n"), @r"
    the request number 5 is never one of the first 3: this would hit none
     --> shop.yaml:4:19
      |
    4 |       when: {nth: 5, first: 3}
      |                   ^
    ");
}

#[test]
fn a_redirect_has_a_status_of_its_kind() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {redirect: {code: 200}}\n"), @r"
    a redirect is 301, 302, 303, 307 or 308, found 200
     --> shop.yaml:3:31
      |
    3 |       does: {redirect: {code: 200}}
      |                               ^^^
    ");
}

#[test]
fn a_redirect_stays_on_this_machine() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {redirect: {to: https://example.com/}}\n"), @r"
    a redirect leads to a path (`/…`) or a URL of this machine, found `https://example.com/`
     --> shop.yaml:3:29
      |
    3 |       does: {redirect: {to: https://example.com/}}
      |                             ^^^^^^^^^^^^^^^^^^^^
      |
      = help: a name that ends in `.test` or `.invalid` is nobody's, and will do too
    ");
}

#[test]
fn a_fault_lasts_for_some_time() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      timeToLive: 0s\n"), @r"
    this takes some time at least, found `0s`
     --> shop.yaml:4:19
      |
    4 |       timeToLive: 0s
      |                   ^^
    ");
}

#[test]
fn no_fault_is_called_all() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      name: all\n      does: html\n"), @r"
    a fault can't be called `all`: `lift: all` lifts every fault
     --> shop.yaml:3:13
      |
    3 |       name: all
      |             ^^^
    ");
}

#[test]
fn a_header_is_a_line() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {status: {code: 429, headers: {Retry-After: \"1\\n2\"}}}\n"), @r#"
    a header's value is a line of ASCII text, found `1 2`
     --> shop.yaml:3:57
      |
    3 |       does: {status: {code: 429, headers: {Retry-After: "1\n2"}}}
      |                                                         ^^^^^^
    "#);
}

#[test]
fn a_fault_that_is_lifted_was_played_before() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      name: slow\n      does: {latency: {by: 1s}}\n  - lift: slwo\n"), @r"
    no fault before this is called `slwo`: did you mean `slow`?
     --> shop.yaml:5:11
      |
    5 |   - lift: slwo
      |           ^^^^
      |
      = help: the faults before this: `slow`; `all` lifts them all
    ");
}

#[test]
fn nothing_can_be_lifted_before_a_fault() {
    insta::assert_snapshot!(message("steps:\n  - lift: html\n"), @r"
    no fault before this is called `html`
     --> shop.yaml:2:11
      |
    2 |   - lift: html
      |           ^^^^
      |
      = help: there is no fault before this
    ");
}

#[test]
fn a_token_has_the_claim_that_is_dropped() {
    insta::assert_snapshot!(message("steps:\n  - tokens: {drop: [iat, epx]}\n"), @r"
    no access token has the claim `epx`: did you mean `exp`?
     --> shop.yaml:2:26
      |
    2 |   - tokens: {drop: [iat, epx]}
      |                          ^^^
      |
      = help: the claims: `exp`, `iat`, `iss`, `aud`, `sub`, `jti`, `ver`, `cid`, `scp`, `typ`, `azp`, `acr`, `allowed-origins`, `realm_access`, `resource_access`, `scope`, `clientHost`, `email_verified`, `preferred_username`, `clientAddress`, and 1 more
    ");
}

#[test]
fn an_issuers_token_has_the_claim_that_is_dropped() {
    insta::assert_snapshot!(message("identity:\n  issuers:\n    - {face: okta, dropClaims: [expires]}\n"), @r"
    no access token has the claim `expires`
     --> shop.yaml:3:33
      |
    3 |     - {face: okta, dropClaims: [expires]}
      |                                 ^^^^^^^
      |
      = help: the claims: `exp`, `iat`, `iss`, `aud`, `sub`, `jti`, `ver`, `cid`, `scp`, `typ`, `azp`, `acr`, `allowed-origins`, `realm_access`, `resource_access`, `scope`, `clientHost`, `email_verified`, `preferred_username`, `clientAddress`, and 1 more
    ");
}

#[test]
fn a_lifetime_in_a_step_is_in_whole_seconds() {
    insta::assert_snapshot!(message("steps:\n  - tokens: {lifetime: 1500ms}\n"), @r"
    a token's lifetime is in whole seconds, from `1s` to a hundred years, found `1s 500ms`
     --> shop.yaml:2:24
      |
    2 |   - tokens: {lifetime: 1500ms}
      |                        ^^^^^^
    ");
}

#[test]
fn an_expectation_expects_something() {
    insta::assert_snapshot!(message("steps:\n  - expect: {}\n"), @r"
    this expects nothing
     --> shop.yaml:2:13
      |
    2 |   - expect: {}
      |             ^
      |
      = help: such as `catalog: same`, `contains: [petstore-v1]` or `error: told`
    ");
}

#[test]
fn what_the_catalog_contains_is_what_the_portal_shows_then() {
    insta::assert_snapshot!(message("portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]}\nsteps:\n  - change: {removeProducts: [tracks]}\n  - expect: {contains: [petstore-v1, tracks-v1]}\n"), @r"
    the portal does not show `tracks-v1` here
     --> shop.yaml:4:38
      |
    4 |   - expect: {contains: [petstore-v1, tracks-v1]}
      |                                      ^^^^^^^^^
      |
      = help: the APIs that it shows at this point: `petstore-v1`, `petstore-v2`
    ");
}

#[test]
fn an_entity_is_of_an_api_that_was_shown_once() {
    insta::assert_snapshot!(message("portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]}\nsteps:\n  - expect: {entities: [{api: petstor-v1, has: {metadata.title: Pets}}]}\n"), @r"
    the portal does not show `petstor-v1` here: did you mean `petstore-v1`?
     --> shop.yaml:3:31
      |
    3 |   - expect: {entities: [{api: petstor-v1, has: {metadata.title: Pets}}]}
      |                               ^^^^^^^^^^
      |
      = help: the APIs that it shows at this point: `petstore-v1`, `petstore-v2`, `tracks-v1`
    ");
}

#[test]
fn an_entity_has_something() {
    insta::assert_snapshot!(message("portal: {products: [{id: a, versions: [{name: v1}]}]}\nsteps:\n  - expect: {entities: [{api: a-v1, has: {}}]}\n"), @r"
    this expects nothing of the entity
     --> shop.yaml:3:42
      |
    3 |   - expect: {entities: [{api: a-v1, has: {}}]}
      |                                          ^
      |
      = help: such as `has: {metadata.title: Pet store}`
    ");
}

#[test]
fn a_catalog_does_not_both_contain_and_lack() {
    insta::assert_snapshot!(message("portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]}\nsteps:\n  - expect: {contains: [tracks-v1], lacks: [tracks-v1]}\n"), @r"
    the catalog can't both contain `tracks-v1` and lack it
     --> shop.yaml:3:45
      |
    3 |   - expect: {contains: [tracks-v1], lacks: [tracks-v1]}
      |                                             ^^^^^^^^^
    ");
}

#[test]
fn a_wish_for_requests_bounds_them() {
    insta::assert_snapshot!(message("steps:\n  - expect: {requests: [{server: idp}]}\n"), @r"
    this expects nothing of the requests
     --> shop.yaml:2:25
      |
    2 |   - expect: {requests: [{server: idp}]}
      |                         ^
      |
      = help: say `atMost`, `atLeast` or `notBefore`
    ");
}

#[test]
fn the_fewest_are_no_more_than_the_most() {
    insta::assert_snapshot!(message("steps:\n  - expect: {requests: [{server: idp, atLeast: 3, atMost: 2}]}\n"), @r"
    `atLeast` is 3 and `atMost` is 2: nothing can be both
     --> shop.yaml:2:48
      |
    2 |   - expect: {requests: [{server: idp, atLeast: 3, atMost: 2}]}
      |                                                ^
    ");
}

#[test]
fn no_request_is_awaited_before_now() {
    insta::assert_snapshot!(message("steps:\n  - expect: {requests: [{server: idp, notBefore: -5s}]}\n"), @r"
    this can't go back in time, found `-5s`
     --> shop.yaml:2:50
      |
    2 |   - expect: {requests: [{server: idp, notBefore: -5s}]}
      |                                                  ^^^
    ");
}
