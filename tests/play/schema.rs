//! The scenario file's JSON Schema, at work in a validator.

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;
use understudy::Scenario;
use understudy::scenarios::{bundled, hazards};
use understudy_scenarios::arbitrary;

fn validator() -> Validator {
    jsonschema::options().should_validate_formats(true).build(&Scenario::schema()).unwrap()
}

fn read(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap()
}

#[test]
fn the_schema_is_what_reviewers_have_seen() {
    insta::assert_json_snapshot!(Scenario::schema());
}

#[test]
fn every_bundled_scenario_passes() {
    let worlds = bundled::all().iter().map(|bundled| (bundled.name, bundled.text));
    let hazards = hazards::all().iter().map(|hazard| (hazard.id, hazard.text));
    let validator = validator();
    for (name, text) in worlds.chain(hazards) {
        let errors: Vec<String> = validator.iter_errors(&read(text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn a_misspelt_key_a_wrong_type_and_an_unknown_word_fail_as_they_do_in_the_loader() {
    for mistaken in [
        "portal: {produts: []}",
        "portal: {products: [{name: x}]}",
        "portal: {products: petstore}",
        "portal: {family: gloo-gatway}",
        "portal: {visibility: restricted}",
        "portal: {products: [{id: a, versions: [{name: v1, spec: 7}]}]}",
        "portal: {products: [{id: a, createdAt: yesterday}]}",
        "identity: {issuers: [{face: auth0}]}",
        "identity: {clients: [{id: a, secret: b, grants: [password]}]}",
        "identity: {clients: [{id: a, scret: b}]}",
    ] {
        assert!(!validator().is_valid(&read(mistaken)), "{mistaken}");
        assert!(Scenario::from_yaml("mistaken", mistaken).is_err(), "{mistaken}");
    }
}

/// A scenario with every step, in every way of writing it.
const EVERY_STEP: &str = r"
portal:
  usagePlans: [{name: gold}]
  products:
    - {id: pets, versions: [{name: v1, specForm: yaml-text}, {name: v2, specFetchError: no route}]}
    - {id: tracks, versions: [{name: v1, specForm: missing}]}
identity:
  issuers: [{face: okta, opaqueTokens: false, dropClaims: [exp]}, {face: keycloak}]
steps:
  - sync
  - change: {removeProducts: [tracks], usagePlans: [{name: silver, rateLimit: {requests: 5, per: minute}}]}
  - change:
      editProducts: [{id: pets, newId: animals, name: Animals, customMetadata: {team: a}}]
      editVersions: [{id: animals-v1, title: All, spec: {openapi: 3.1.0}, specForm: json-text, specFetchError: ''}]
      addProducts: [{id: cats, versions: [{name: v1}]}]
      addVersions: [{product: cats, version: {name: v2, usagePlans: [silver]}}]
      grow: {products: 2, versionsEach: 3}
  - fault: {server: portal, method: GET, path: /v1/apis, caller: backstage, does: {status: 503}, when: {first: 2}}
  - fault:
      name: busy
      does: {status: {code: 429, error: okta-rate-limit, headers: {Retry-After: '30'}}}
      when: {probability: 0.5, seed: 7, from: 1s, until: 1m}
      timeToLive: 10m
  - fault: {does: {latency: {by: 10ms, spread: log-normal, sigmaPercent: 80}}}
  - fault: {does: {latency: {by: 10ms, spread: uniform, to: 20ms}}, when: {nth: 3}}
  - fault: {does: {slow-body: {bytes: 10, every: 1ms}}, when: {every: 2}}
  - fault: {does: {truncate: {after: 10}}}
  - fault: {does: {content-type: text/plain}}
  - fault: {does: html}
  - fault: {does: malformed-json}
  - fault: {does: empty-body}
  - fault: {does: null-in-list}
  - fault: {does: {redirect: {}}}
  - fault: {does: {redirect: {to: /elsewhere, code: 307}}}
  - fault: {does: reset}
  - fault: {server: idp, does: refuse, when: {until: 1m}}
  - fault: {does: close}
  - fault: {does: {tls: expired}}
  - fault: {does: {items: stale}}
  - fault: {does: {items: {first: 1}}}
  - fault: {does: {rate-limit: {requests: 10, per: minute}}}
  - fault: {does: {pad: {bytes: 1000000}}}
  - lift: busy
  - lift: all
  - clock: {advance: 1h}
  - clock: {set: 2026-06-01T12:00:00Z}
  - clock: freeze
  - clock: run
  - clock: {skew: {server: idp, by: -2h}}
  - keys: {rotate: okta}
  - keys: {retire: okta}
  - tokens: expire
  - tokens: revoke
  - tokens: {opaque: true}
  - tokens: {drop: [exp, aud]}
  - tokens: {lifetime: 5m}
  - restart: portal
  - restart: subject
  - expect:
      catalog: same
      contains: [animals-v1]
      lacks: [tracks-v1]
      entities: [{api: cats-v1, has: {metadata.title: cats}}]
      requests: [{server: idp, method: POST, path: '/oauth2/**', atMost: 1, atLeast: 0, notBefore: 30s}]
      error: told
";

#[test]
fn every_step_passes_and_loads() {
    let errors: Vec<String> = validator().iter_errors(&read(EVERY_STEP)).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let scenario = Scenario::from_yaml("every", EVERY_STEP).unwrap();
    let words: std::collections::BTreeSet<_> = scenario.steps().iter().map(understudy::scenarios::Step::word).collect();
    assert_eq!(words.len(), 9, "{words:?}");
}

#[test]
fn mistaken_steps_fail_as_they_do_in_the_loader() {
    for step in [
        "synk",
        "keys",
        "change: {removeProduct: [pets]}",
        "change: {editProducts: [{name: x}]}",
        "change: {grow: {products: 1}}",
        "fault: {server: portal}",
        "fault: {does: htlm}",
        "fault: {does: status}",
        "fault: {does: {status: teapot}}",
        "fault: {does: {status: 700}}",
        "fault: {does: {status: {body: x}}}",
        "fault: {does: html, when: {probability: 2}}",
        "fault: {does: html, when: {first: -1}}",
        "fault: {does: {items: some}}",
        "fault: {does: {html: {}}}",
        "clock: {set: tomorrow}",
        "clock: {skew: {server: idp}}",
        "clock: stop",
        "keys: rotate",
        "tokens: expired",
        "tokens: {drop: exp}",
        "restart: plugin",
        "expect: {catalog: exact}",
        "expect: {requests: [{atMost: 1}]}",
        "expect: {error: true}",
    ] {
        let mistaken = format!("portal: {{products: [{{id: pets, versions: [{{name: v1}}]}}]}}\nsteps:\n  - {step}\n");
        assert!(!validator().is_valid(&read(&mistaken)), "{step}");
        assert!(Scenario::from_yaml("mistaken", &mistaken).is_err(), "{step}");
    }
}

proptest! {
    #[test]
    fn whatever_the_model_can_hold_passes(scenario in arbitrary::scenario_with_steps()) {
        let file = serde_json::to_value(scenario.file()).unwrap();
        let errors: Vec<String> = validator().iter_errors(&file).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
    }
}
