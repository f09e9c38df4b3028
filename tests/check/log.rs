//! Logs of a Backstage with the plugin 0.0.74, as a real one writes them, each with its misfortune.

use std::io::Write as _;

use understudy::check::{LogSource, Plan, Report, Selection, Source, examine};

use crate::stand::told;

const START: &str = "\u{1b}[2m2026-11-26T01:03:37.755Z\u{1b}[22m \u{1b}[34mcatalog\u{1b}[39m \u{1b}[32minfo\u{1b}[39m gloo-platform-portal: Initializing GlooPlatformPortalProvider. \n";
const SCHEDULED: &str = r#"2026-11-26T01:03:41.684Z catalog info Registered scheduled task: run_gloo_platform_portal_refresh, {"version":2,"cadence":"PT5M","timeoutAfterDuration":"PT30S"} task="run_gloo_platform_portal_refresh"
"#;
const NOT_INITIALIZED: &str =
    "2026-11-26T01:05:06.859Z catalog error Error: Not initialized task=\"run_gloo_platform_portal_refresh\"\n";
/// A signature of nothing, so that it is nobody's token.
const TOKEN: &str = "eyJraWQiOiJ0ZXN0IiwiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiJub2JvZHkifQ.bm8tc2lnbmF0dXJl";

async fn of(log: &str) -> Report {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(log.as_bytes()).unwrap();
    let mut plan = Plan::new(Source::None);
    plan.log = Some(LogSource::File(file.path().to_owned()));
    plan.selection = Selection::of(&["log".to_owned()], &[]).unwrap();
    examine(plan).await
}

#[tokio::test]
async fn a_log_of_a_plugin_that_is_well_passes() {
    let report = of(&format!("Loading config\n{START}{SCHEDULED}")).await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    insta::assert_snapshot!(told(&report, "log.scheduled"), @"pass: its task was registered: line 3");
}

#[tokio::test]
async fn a_log_without_a_line_of_the_plugin_tells_that_it_is_not_loaded() {
    let report = of("backstage info Plugin initialization started: 'auth', 'catalog'\n").await;
    assert_eq!(report.exit_code(), 1);
    insta::assert_snapshot!(told(&report, "log.plugin"), @"
    fail: no line is the plugin's, of 1: it is not loaded
    do: Add the plugin in packages/backend/src/index.ts, before `backend.start()`: `createBackendModule` with `pluginId: 'catalog'`, which hands a `new GlooPlatformPortalProvider(logger, config, scheduler)` to `catalog.addEntityProvider`; build and deploy the image anew. Where it is there, the log may leave out its lines: they are of level info.
    ");
    insta::assert_snapshot!(told(&report, "log.list"), @"skip: it needs what `log.plugin` finds, which failed");
}

#[tokio::test]
async fn a_log_that_is_not_there_or_empty_is_a_usage_error() {
    assert_eq!(of("").await.exit_code(), 2);
    let mut plan = Plan::new(Source::None);
    plan.log = Some(LogSource::File("no-such.log".into()));
    let report = examine(plan).await;
    assert_eq!(report.exit_code(), 2);
    insta::assert_snapshot!(told(&report, "log.readable"), @"
    fail: no-such.log can't be used: there is no such file
    do: Take it from the backend's start: `kubectl logs deploy/backstage | understudy check --log -`.
    ");
}

#[tokio::test]
async fn keys_that_the_plugin_misses_are_named() {
    let missing = ["tokenEndpoint", "clientId", "clientSecret"].map(|key| {
        format!(
            "catalog warn gloo-platform-portal: No glooPlatformPortal.backend.{key} found in app-config.local.yaml\n"
        )
    });
    let report = of(&format!("{START}{}", missing.concat())).await;
    insta::assert_snapshot!(told(&report, "log.configuration"), @"
    fail: `glooPlatformPortal.backend` has no clientId, clientSecret, tokenEndpoint (3 times, lines 2 to 4)
    do: Have Backstage load the file with `glooPlatformPortal.backend`: each is named by a `--config` of its command, and a command with one loads no app-config.local.yaml by itself; in Kubernetes look at the container's `args` and mounted ConfigMap. Where the key is in the file as `${VARIABLE}`, the variable is not set in Backstage's process, and the whole key is then left out.
    ");
}

#[tokio::test]
async fn a_token_request_that_was_refused_is_told_in_the_identity_providers_words() {
    let refused = r#"backstage error Unhandled rejection The client secret supplied for a confidential client is invalid. type="unhandledRejection" stack="Error: The client secret supplied for a confidential client is invalid.\n    at doAccessTokenRequest (/app/node_modules/@solo.io/platform-portal-backstage-plugin-backend/dist/index.cjs.js:120:11)""#;
    let report = of(&format!("{START}{refused}\n")).await;
    insta::assert_snapshot!(told(&report, "log.token"), @"
    fail: the token request failed: The client secret supplied for a confidential client is invalid. (line 2)
    do: Mend what the identity provider says (`understudy check --only client` asks it the same), then restart Backstage: the plugin asks for its first token once, and never syncs without.
    ");
    insta::assert_snapshot!(told(&report, "log.scheduled"), @"
    fail: the plugin started (line 1), and its sync was never scheduled up to line 2, the last: no first token came
    do: Mend what the identity provider says (`understudy check --only client` asks it the same), then restart Backstage: the plugin asks for its first token once, and never syncs without.
    ");
}

#[tokio::test]
async fn a_token_endpoint_that_was_not_reached_is_told_with_why() {
    let lost = r#"backstage error Unhandled rejection request to http://idp.example/oauth2/v1/token failed, reason: connect ECONNREFUSED 127.0.0.1:1 type="system" errno="ECONNREFUSED" stack="FetchError""#;
    insta::assert_snapshot!(told(&of(&format!("{START}{lost}\n")).await, "log.token"), @"
    fail: the token endpoint could not be reached: connect ECONNREFUSED 127.0.0.1:[port] (line 2)
    do: From Backstage's own container the token endpoint must resolve and answer: `localhost` is the container itself; a certificate of a private authority needs NODE_EXTRA_CA_CERTS, a proxy NODE_USE_ENV_PROXY=1. Then restart Backstage: the plugin asks for its first token once.
    ");
}

#[tokio::test]
async fn a_token_that_is_no_jwt_is_told() {
    let opaque = r#"backstage error Unhandled rejection Cannot read properties of undefined (reading 'replace') type="unhandledRejection" stack="TypeError\n    at parseJwt (/app/index.cjs.js:81:28)""#;
    insta::assert_snapshot!(told(&of(&format!("{START}{opaque}\n")).await, "log.token"), @"
    fail: the token is no JWT, and the plugin can't read it (line 2)
    do: Have the identity provider give JWTs. Okta: take a custom authorization server, such as https://HOST/oauth2/default/v1/token, not the org's. Then restart Backstage.
    ");
}

#[tokio::test]
async fn a_token_that_counts_as_expired_stops_every_sync() {
    let expired = "catalog warn gloo-platform-portal: access token is expired!\n";
    let log = format!("{START}{expired}{SCHEDULED}{}", NOT_INITIALIZED.repeat(3));
    let report = of(&log).await;
    insta::assert_snapshot!(told(&report, "log.token-expiry"), @"
    fail: the token counted as expired when it came (line 2), so that no sync works
    do: Set the clocks right (NTP on the nodes of Backstage and of the identity provider), and the lifetime of access tokens to 5 minutes or more (Okta: Security > API > the server > Access Policies > the rule; Keycloak: Realm settings > Tokens > Access Token Lifespan). Then restart Backstage: the plugin does not ask again.
    ");
    insta::assert_snapshot!(told(&report, "log.not-initialized"), @"
    fail: syncs ended with `Not initialized` (3 times, lines 4 to 6), since the token counted as expired
    do: Set the clocks right (NTP on the nodes of Backstage and of the identity provider), and the lifetime of access tokens to 5 minutes or more (Okta: Security > API > the server > Access Policies > the rule; Keycloak: Realm settings > Tokens > Access Token Lifespan). Then restart Backstage: the plugin does not ask again.
    ");
}

#[tokio::test]
async fn a_token_without_exp_is_told() {
    let log = format!(
        "{START}catalog warn gloo-platform-portal: No `exp` property found in the access_token JWT.\n{SCHEDULED}"
    );
    insta::assert_snapshot!(told(&of(&log).await, "log.token-expiry"), @"
    fail: the token has no `exp` (line 2)
    do: Have the identity provider give tokens with an `exp`: without, the plugin asks for a new one without pause.
    ");
}

#[tokio::test]
async fn the_first_sync_after_a_start_may_find_nothing_and_later_ones_may_not() {
    let once = of(&format!("{START}{SCHEDULED}{NOT_INITIALIZED}")).await;
    assert_eq!(once.exit_code(), 0);
    insta::assert_snapshot!(told(&once, "log.not-initialized"), @"
    warn: the first sync after a start ended with `Not initialized` (line 3)
    do: Nothing, where the catalog fills up one syncFrequency later. Where that is long, set syncFrequency to some seconds: the first sync after a start comes before the catalog has connected the plugin.
    ");
    let often = of(&format!("{START}{SCHEDULED}{}", NOT_INITIALIZED.repeat(4))).await;
    insta::assert_snapshot!(told(&often, "log.not-initialized"), @"
    fail: syncs keep ending with `Not initialized` (4 times, lines 3 to 6)
    do: Restart Backstage. Where it comes again, look at `log.token`: a refresh of the token that failed once is never repeated.
    ");
}

#[tokio::test]
async fn a_list_that_could_not_be_made_and_a_document_that_the_portal_has_not_are_told() {
    let log = format!(
        "{START}{SCHEDULED}catalog error gloo-platform-portal: Could not get APIs from the portal server endpoint or their schemas \
         or transform them into entities (http://p/v1/apis). Error: {{}}\n\
         catalog warn gloo-platform-portal: Schema fetch error for petstore-v1 : \"connection refused\"\n"
    );
    let report = of(&log).await;
    insta::assert_snapshot!(told(&report, "log.list"), @"
    fail: the plugin could not get or make the APIs of http://p/v1/apis (line 3)
    do: `understudy check --only portal,content` asks the portal the same and tells what is wrong. Until then the catalog lacks the API at which the plugin stopped, and all after it.
    ");
    insta::assert_snapshot!(told(&report, "log.schema"), @r#"
    warn: the portal has no document for petstore-v1 (line 4): Schema fetch error for petstore-v1 : "connection refused"
    do: The portal could not fetch the document itself: look at the ApiDoc of that API, and whether the portal reaches the service that serves its schema.
    "#);
}

#[tokio::test]
async fn a_sync_that_took_too_long_is_told() {
    let log = format!("{START}{SCHEDULED}catalog warn Task timed out and was lost: run_gloo_platform_portal_refresh\n");
    insta::assert_snapshot!(told(&of(&log).await, "log.timeout"), @"
    fail: a sync took longer than syncTimeout (line 3)
    do: Raise glooPlatformPortal.backend.syncTimeout above what `content.sync-time` says: the plugin asks for one document after the other.
    ");
}

#[tokio::test]
async fn what_the_catalog_refused_and_what_another_has_taken_is_named() {
    let log = format!(
        "{START}{SCHEDULED}catalog warn Processing of api:default/orders- failed Policy check failed for api:default/orders-; caused by TypeError\n\
         catalog warn Source gloo-platform-portal-backend-provider detected conflicting entityRef api:default/petstore-v1 already \
         referenced by url:https://git.example/catalog-info.yaml and now also gloo-platform-portal-provider\n"
    );
    let report = of(&log).await;
    insta::assert_snapshot!(told(&report, "log.refused"), @"
    fail: the catalog refused api:default/orders- (line 3)
    do: Rename the API in the portal (its ApiProduct or version), so that its id is 1 to 62 characters of [A-Za-z0-9-_.] and ends in a letter or digit, and give it a document.
    ");
    insta::assert_snapshot!(told(&report, "log.conflict"), @"
    fail: another location gives the same entity: api:default/petstore-v1 already referenced by url:https://git.example/catalog-info.yaml (line 4)
    do: Remove one of the two: delete the location that gives the other entity in Backstage (its page > ⋮ > Unregister entity), or rename the API in the portal.
    ");
}

#[tokio::test]
async fn a_token_in_the_log_is_a_finding_and_never_told() {
    let debug = format!(
        "catalog info gloo-platform-portal: Got the access_token.\n\
         catalog info gloo-platform-portal: Fetching APIs from http://p/v1/apis (identified as unknown) with header: \"Authorization: Bearer {TOKEN}\"\n"
    );
    let report = of(&format!("{START}{SCHEDULED}{debug}{debug}")).await;
    insta::assert_snapshot!(told(&report, "log.secrets"), @"
    fail: a bearer token stands in the log, since debugLogging is on (2 times, lines 4 to 6)
    do: Set glooPlatformPortal.backend.debugLogging to false and restart Backstage; remove the log from where it is kept, or let the token expire before anybody reads it.
    ");
    assert!(!report.text().contains("eyJ"), "{}", report.text());
}
