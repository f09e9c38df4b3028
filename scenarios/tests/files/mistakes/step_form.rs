//! What the form of a step can't be: its words, and what must stand with them.

use super::message;

#[test]
fn a_misspelt_step_is_told_the_right_word() {
    insta::assert_snapshot!(message("steps:\n  - synk\n"), @r"
    `steps[0]` can't be `synk`: did you mean `sync`?
     --> shop.yaml:2:5
      |
    2 |   - synk
      |     ^^^^
      |
      = help: what may stand there: `sync`, `change`, `fault`, `lift`, `clock`, `keys`, `tokens`, `restart`, `expect`
    ");
}

#[test]
fn a_fault_says_what_it_does() {
    insta::assert_snapshot!(message("steps:\n  - fault: {server: portal}\n"), @r"
    `steps[0].fault` has no `does`
     --> shop.yaml:2:12
      |
    2 |   - fault: {server: portal}
      |            ^
      |
      = help: `does` has no default
    ");
}

#[test]
fn a_misspelt_fault_is_told_the_right_word() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: htlm\n"), @r"
    `steps[0].fault.does` can't be `htlm`: did you mean `html`?
     --> shop.yaml:3:13
      |
    3 |       does: htlm
      |             ^^^^
      |
      = help: what may stand there: `status`, `latency`, `slow-body`, `truncate`, `content-type`, `content-encoding`, `html`, `malformed-json`, `empty-body`, `null-in-list`, `redirect`, `reset`, `refuse`, `close`, `tls`, `items`, `rate-limit`, `pad`
    ");
}

#[test]
fn a_word_that_needs_something_with_it_is_told_by_itself() {
    insta::assert_snapshot!(message("steps:\n  - keys: rotate\n  - sync\n"), @r"
    `rotate` needs something with it
     --> shop.yaml:2:11
      |
    2 |   - keys: rotate
      |           ^^^^^^
      |
      = help: such as `rotate: okta`
    ");
}

#[test]
fn a_step_that_would_swallow_the_next_is_found() {
    insta::assert_snapshot!(message("steps: [lift, all]\n"), @r"
    `lift` needs something with it
     --> shop.yaml:1:9
      |
    1 | steps: [lift, all]
      |         ^^^^
      |
      = help: such as `lift: all`
    ");
}

#[test]
fn a_fault_that_needs_more_is_told_what() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: status\n      server: portal\n"), @r"
    `status` needs something with it
     --> shop.yaml:3:13
      |
    3 |       does: status
      |             ^^^^^^
      |
      = help: such as `status: 503`
    ");
}

#[test]
fn a_step_is_one_thing() {
    insta::assert_snapshot!(message("steps:\n  - fault: {does: html}\n    lift: all\n"), @r"
    `steps[0]` is one thing, and `lift` is a second
     --> shop.yaml:3:5
      |
    3 |     lift: all
      |     ^^^^
      |
      = help: a second step begins with a `-` of its own
    ");
}

#[test]
fn a_word_by_itself_takes_nothing() {
    insta::assert_snapshot!(message("steps:\n  - sync: {times: 3}\n"), @r"
    `steps[0].sync` takes nothing, found a mapping
     --> shop.yaml:2:11
      |
    2 |   - sync: {times: 3}
      |           ^
      |
      = help: write `sync` by itself
    ");
}

#[test]
fn a_status_is_a_number() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {status: teapot}\n"), @r"
    `status` must be an HTTP status, or a mapping with a `code`
     --> shop.yaml:3:22
      |
    3 |       does: {status: teapot}
      |                      ^^^^^^
      |
      = help: such as `status: 503`, or `status: {code: 503, body: down}`
    ");
}

#[test]
fn a_status_in_full_has_its_code() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: {status: {body: down}}\n"), @r"
    `steps[0].fault.does.status` has no `code`
     --> shop.yaml:3:22
      |
    3 |       does: {status: {body: down}}
      |                      ^
      |
      = help: `code` has no default
    ");
}

#[test]
fn a_probability_is_between_never_and_always() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      when: {probability: 2}\n"), @r"
    `steps[0].fault.when.probability` must be a number from 0 (never) to 1 (always), found `2`
     --> shop.yaml:4:27
      |
    4 |       when: {probability: 2}
      |                           ^
    ");
}

#[test]
fn a_duration_in_a_step_has_a_unit() {
    insta::assert_snapshot!(message("steps:\n  - clock: {advance: 30}\n"), @r"
    `steps[0].clock.advance` must be a duration such as `1h`, `5m` or `90s`, found `30`
     --> shop.yaml:2:22
      |
    2 |   - clock: {advance: 30}
      |                      ^^
    ");
}

#[test]
fn a_time_to_set_the_clock_to_is_a_time() {
    insta::assert_snapshot!(message("steps:\n  - clock: {set: tomorrow}\n"), @r"
    `steps[0].clock.set` must be a time such as `2026-01-31T12:00:00Z`, found `tomorrow`
     --> shop.yaml:2:18
      |
    2 |   - clock: {set: tomorrow}
      |                  ^^^^^^^^
    ");
}

#[test]
fn a_count_is_a_whole_number() {
    insta::assert_snapshot!(message("steps:\n  - fault:\n      does: html\n      when: {first: -1}\n"), @r"
    `steps[0].fault.when.first` must be a whole number, 0 or more, found `-1`
     --> shop.yaml:4:21
      |
    4 |       when: {first: -1}
      |                     ^^
    ");
}

#[test]
fn an_edit_says_of_which_product() {
    insta::assert_snapshot!(message("steps:\n  - change: {editProducts: [{name: Pets}]}\n"), @r"
    `steps[0].change.editProducts[0]` has no `id`
     --> shop.yaml:2:29
      |
    2 |   - change: {editProducts: [{name: Pets}]}
      |                             ^
      |
      = help: `id` has no default
    ");
}

#[test]
fn a_growth_says_how_much() {
    insta::assert_snapshot!(message("steps:\n  - change: {grow: {products: 5}}\n"), @r"
    `steps[0].change.grow` has no `versionsEach`
     --> shop.yaml:2:20
      |
    2 |   - change: {grow: {products: 5}}
      |                    ^
      |
      = help: `versionsEach` has no default
    ");
}

#[test]
fn a_wish_for_requests_says_whose() {
    insta::assert_snapshot!(message("steps:\n  - expect: {requests: [{atMost: 1}]}\n"), @r"
    `steps[0].expect.requests[0]` has no `server`
     --> shop.yaml:2:25
      |
    2 |   - expect: {requests: [{atMost: 1}]}
      |                         ^
      |
      = help: `server` has no default
    ");
}

#[test]
fn a_misspelt_key_of_an_expectation_is_told_the_right_one() {
    insta::assert_snapshot!(message("steps:\n  - expect: {contain: [petstore-v1]}\n"), @r"
    unknown key `contain` in `steps[0].expect`: did you mean `contains`?
     --> shop.yaml:2:14
      |
    2 |   - expect: {contain: [petstore-v1]}
      |              ^^^^^^^
      |
      = help: what may stand there: `catalog`, `contains`, `lacks`, `entities`, `requests`, `error`
    ");
}
