//! What is read: merged, substituted and included as by Backstage.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use understudy_provider::{ClientAuth, OwnerRef, Profile, TokenEndpoint};

use crate::{Files, WHOLE};

#[test]
fn the_section_of_one_file_is_read() {
    let read = Files::of(&[&format!("app: {{baseUrl: http://localhost}}\n{WHOLE}    debugLogging: true\n")]).read();
    assert_eq!(read.config.portal.as_str(), "https://portal.example/v1");
    assert_eq!(read.config.token_endpoint, TokenEndpoint::at("https://idp.example/token").unwrap());
    assert_eq!(read.config.client_id, "backstage");
    assert_eq!(read.config.client_secret.expose_secret(), "marker-secret");
    assert_eq!(read.config.client_auth, ClientAuth::Body);
    assert_eq!((read.debug_logging, read.warnings.len()), (true, 0));
    assert_eq!(read.config.schedule.frequency, Duration::from_secs(300));
    assert_eq!(read.config.schedule.timeout, Duration::from_secs(30));
}

#[test]
fn a_later_file_wins_member_by_member() {
    let first = format!("{WHOLE}    syncFrequency: {{minutes: 1, seconds: 30}}\n    scope: a\n");
    let later = "glooPlatformPortal: {backend: {clientId: other, syncFrequency: {minutes: 2}, scope: null}}";
    let config = Files::of(&[&first, later]).read().config;
    assert_eq!(config.client_id, "other");
    assert_eq!(config.schedule.frequency, Duration::from_secs(150));
    assert_eq!(config.scope, None);
    assert_eq!(config.portal.as_str(), "https://portal.example/v1");
}

#[test]
fn what_a_later_file_leaves_out_for_want_of_a_variable_stays() {
    let later = "glooPlatformPortal: {backend: {clientId: '${NONE}'}}";
    assert_eq!(Files::of(&[WHOLE, later]).read().config.client_id, "backstage");
}

#[test]
fn what_is_mended_is_read_as_it_was_meant_and_each_text_has_its_place() {
    let files =
        Files::of(&[&WHOLE.replace("backstage", "\"'backstage'\""), "glooPlatformPortal: {backend: {scope: a}}"]);
    let mut seen = Vec::new();
    let read = files.read_mended(|written| {
        let (_, place) = written.place.rsplit_once('/').unwrap();
        seen.push(format!("{} {place}", written.key));
        (written.key == "clientId").then(|| written.text.trim_matches('\'').to_owned())
    });
    assert_eq!((&*read.config.client_id, read.config.scope.as_deref()), ("backstage", Some("a")));
    seen.sort();
    let places = [
        "clientId app-config.0.yaml:5:15",
        "clientSecret app-config.0.yaml:6:19",
        "portalServerUrl app-config.0.yaml:3:22",
        "scope app-config.1.yaml:1:39",
        "tokenEndpoint app-config.0.yaml:4:20",
    ];
    assert_eq!(seen, places);
}

#[test]
fn a_file_that_says_nothing_changes_nothing() {
    let config = Files::of(&[WHOLE, "# nothing\n", "app: {}"]).read().config;
    assert_eq!(config.client_id, "backstage");
}

#[test]
fn variables_are_substituted() {
    let text = WHOLE
        .replace("https://portal.example/v1", "${PORTAL_URL:-https://other.example}/v1")
        .replace("backstage", "${ID}");
    let files = Files::of(&[&text]).variable("ID", " portal \n");
    let config = files.read().config;
    assert_eq!((config.portal.as_str(), &*config.client_id), ("https://other.example/v1", "portal"));
    assert_eq!(
        files.variable("PORTAL_URL", "http://one.example").read().config.portal.as_str(),
        "http://one.example/v1"
    );
}

#[test]
fn values_are_taken_from_variables_and_files() {
    let text = WHOLE.replace("marker-secret", "{$file: ./secrets/client}").replace("backstage", "{$env: ID}");
    let config = Files::of(&[&text]).beside("secrets/client", "from-file \n\n").variable("ID", "portal").read().config;
    assert_eq!((&*config.client_id, config.client_secret.expose_secret()), ("portal", "from-file"));
}

#[test]
fn parts_of_other_files_are_included_and_paths_in_them_are_theirs() {
    let text = "glooPlatformPortal: {backend: {$include: 'parts/${WHICH}.yaml#gloo.portal'}}";
    let part = "gloo: {portal: {portalServerUrl: 'https://a.example/v1', tokenEndpoint: 'https://b.example/t', clientId: a, \
                clientSecret: {$file: secret}}}";
    let files = Files::of(&[text]).beside("parts/one.yaml", part).beside("parts/secret", "from-file");
    assert_eq!(files.variable("WHICH", "one").read().config.client_secret.expose_secret(), "from-file");
}

#[test]
fn json_is_included_too() {
    let text = WHOLE.replace("backstage", "{$include: client.json#id}");
    assert_eq!(
        Files::of(&[&text]).beside("client.json", "{\"id\": \"from-json\"}").read().config.client_id,
        "from-json"
    );
}

#[test]
fn one_trailing_slash_of_the_portal_is_dropped() {
    let text = WHOLE.replace("example/v1", "example/v1/");
    assert_eq!(Files::of(&[&text]).read().config.portal.as_str(), "https://portal.example/v1");
}

#[test]
fn lengths_of_time_are_summed_up_and_nothing_is_the_default() {
    let with = |lines: &str| Files::of(&[&format!("{WHOLE}{lines}")]).variable("N", "2").read().config.schedule;
    let sum = with("    syncFrequency: {hours: 1, minutes: '${N}', seconds: 3, milliseconds: 4}\n");
    assert_eq!(sum.frequency, Duration::from_millis(3_723_004));
    let nothing = with("    syncFrequency: {hours: 0, minutes: 0}\n    syncTimeout: {}\n");
    assert_eq!((nothing.frequency, nothing.timeout), (Duration::from_secs(300), Duration::from_secs(30)));
    assert_eq!(with("    syncTimeout: {seconds: 0.5}\n").timeout, Duration::from_millis(500));
}

#[test]
fn booleans_are_read_as_backstage_reads_them() {
    for (written, is) in [("true", true), ("'yes'", true), ("1", true), ("'Off'", false), ("0", false), ("null", false)]
    {
        let text = format!("{WHOLE}    debugLogging: {written}\n");
        assert_eq!(Files::of(&[&text]).read().debug_logging, is, "{written}");
    }
}

#[test]
fn our_own_keys_are_read() {
    let text = WHOLE.replace("tokenEndpoint: https://idp.example/token", "issuerUrl: https://idp.example/realms/gloo");
    let files = Files::of(&[&format!("{text}    clientAuth: basic\n    scope: portal read\n    caFile: ca.pem\n")]);
    let config = files.read().config;
    assert_eq!(config.token_endpoint, TokenEndpoint::issuer("https://idp.example/realms/gloo").unwrap());
    assert_eq!(config.client_auth, ClientAuth::Basic);
    assert_eq!(config.scope.as_deref(), Some("portal read"));
    assert!(config.ca_file.unwrap().ends_with("ca.pem"));
}

#[test]
fn anchors_are_followed() {
    let text = format!("id: &id backstage\n{}", WHOLE.replace(": backstage", ": *id"));
    assert_eq!(Files::of(&[&text]).read().config.client_id, "backstage");
}

#[test]
fn a_key_proves_the_client_in_place_of_a_secret() {
    let text =
        WHOLE.replace("clientSecret: marker-secret", "clientAuth: private_key_jwt\n    clientKeyFile: keys/client.pem");
    let key = include_str!("../sync/keys/ec.pem");
    let files = Files::of(&[&format!("{text}    audience: portal\n    stateFile: state.json\n")])
        .beside("keys/client.pem", key);
    let config = files.read().config;
    assert!(matches!(config.client_auth, ClientAuth::PrivateKeyJwt(_)));
    assert_eq!(config.audience.as_deref(), Some("portal"));
    assert!(config.state_file.unwrap().is_absolute());
}

#[test]
fn a_profile_is_read_with_its_mapping() {
    let files =
        Files::of(&[&format!("{WHOLE}    profile: enriched\n    mapping: {{owner: {{default: '${{TEAM}}'}}}}\n")]);
    let Profile::Enriched(mapping) = files.variable("TEAM", "group:platform").read().config.profile else {
        panic!("it must be the enriched one")
    };
    assert_eq!(mapping.owner.default.as_ref().map(OwnerRef::as_str), Some("group:platform"));
}
