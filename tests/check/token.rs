//! Tokens that a portal or the plugin would stumble over, each in its own way.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;
use understudy::Stage;
use understudy::check::{Plan, Source};
use understudy::provider::Clock;

use crate::served::{Served, jwt, lasting, reply};
use crate::stand::{only, plan_of, stage, told};

/// What a check says of a scenario's tokens.
async fn of(scenario: &str, check: &str) -> String {
    let stage = stage(scenario).await;
    told(&only(plan_of(&stage), check).await, check)
}

/// What a check says of an Okta's tokens where the issuer is described so besides.
async fn of_okta(issuer: &str, check: &str) -> String {
    of(&format!("identity:\n  issuers: [{{face: okta{issuer}}}]\n"), check).await
}

async fn of_keycloak(issuer: &str, check: &str) -> String {
    of(&format!("identity:\n  issuers: [{{face: keycloak{issuer}}}]\n"), check).await
}

/// What a check says of this token, whose issuer tells nothing of itself.
async fn given(token: &str, check: &str) -> String {
    let server = Served::with(token, []).await;
    told(&only(server.plan(), check).await, check)
}

/// The stage's clock, and so much before or after it.
#[derive(Debug)]
struct Off {
    clock: Arc<dyn Clock>,
    ahead: Duration,
    behind: Duration,
}

impl Clock for Off {
    fn now(&self) -> SystemTime {
        self.clock.now() + self.ahead - self.behind
    }
}

/// A plan for a stage by a machine whose clock is off.
fn off(stage: &Stage, ahead: u64, behind: u64) -> Plan {
    let mut plan = plan_of(stage);
    let (ahead, behind) = (Duration::from_secs(ahead), Duration::from_secs(behind));
    plan.clock = Arc::new(Off { clock: stage.provider_clock(), ahead, behind });
    plan
}

#[tokio::test]
async fn an_opaque_token_is_told() {
    assert_snapshot!(of_okta(", opaqueTokens: true", "token.jwt").await, @"
    fail: the token is opaque, no JWT: the portal turns it away, and the plugin never schedules a sync with it
    do: Okta: take tokens from a custom authorization server, such as https://ORG/oauth2/default.
    ");
}

#[tokio::test]
async fn a_token_that_is_no_whole_jwt_is_told() {
    let encrypted = format!("{}.a.b.c", jwt("{}", "{}").split('.').next().unwrap()) + ".d";
    assert_snapshot!(given(&encrypted, "token.jwt").await, @"
    fail: the token is an encrypted JWT, which neither the portal nor the plugin can read: the portal turns it away, and the plugin never schedules a sync with it
    do: Have the identity provider issue signed JWTs (RFC 9068) for the portal's audience.
    ");
    assert_snapshot!(given(&jwt("{}", "[]"), "token.jwt").await, @"
    fail: the token is no JWT: the part for its claims is no JSON object in base64url: the portal turns it away, and the plugin never schedules a sync with it
    do: Have the identity provider issue signed JWTs (RFC 9068) for the portal's audience.
    ");
    assert_snapshot!(given(&"x".repeat(70_000), "token.jwt").await, @"
    fail: the token is longer than 64 KiB, and no header can hold it: the portal turns it away, and the plugin never schedules a sync with it
    do: Have the identity provider issue signed JWTs (RFC 9068) for the portal's audience.
    ");
}

#[tokio::test]
async fn a_signature_that_no_published_key_can_check_is_told() {
    assert_snapshot!(given(&jwt(r#"{"alg":"none"}"#, "{}"), "token.algorithm").await, @"
    fail: the header's `alg` is `none`, which no published key can check
    do: Have the identity provider sign with RS256, and name the key in `kid`.
    ");
    assert_snapshot!(given(&jwt(r#"{"alg":"HS256","kid":"k"}"#, "{}"), "token.algorithm").await, @"
    fail: the header's `alg` is `HS256`, which no published key can check
    do: Have the identity provider sign with RS256, and name the key in `kid`.
    ");
    assert_snapshot!(given(&jwt(r#"{"alg":"RS256"}"#, "{}"), "token.algorithm").await, @"
    warn: it is signed with `RS256`, but names no key by `kid`: a gateway has to try them all, or none
    do: Have the identity provider sign with RS256, and name the key in `kid`.
    ");
}

/// What is said of the signature where the issuer's keys are these.
async fn where_keys_are(change: impl Fn(&str) -> String) -> String {
    let stage = stage("identity:\n  issuers: [{face: okta}]\n").await;
    let url: url::Url = stage.issuer().unwrap().jwks_uri.parse().unwrap();
    let http = understudy::provider::HttpClient::with_limits(Duration::from_secs(5), 100_000);
    let keys = http.get(url, None).await.unwrap();
    let keys = change(std::str::from_utf8(keys.body()).unwrap()).replace('\'', "''");
    let yaml =
        format!("{{server: idp, path: /oauth2/default/v1/keys, does: {{status: {{code: 200, body: '{keys}'}}}}}}");
    let _fault = stage.fault(serde_saphyr::from_str(&yaml).unwrap()).unwrap();
    told(&only(plan_of(&stage), "token.signature").await, "token.signature")
}

#[tokio::test]
async fn a_token_by_a_key_that_is_not_published_is_told() {
    assert_snapshot!(where_keys_are(|keys| keys.replace(r#""kid":""#, r#""kid":"another-"#)).await, @"
    fail: the token's key is not among those that the issuer publishes, 1 in all
    do: Take issuer, token endpoint and keys of one authorization server: ISSUER_URL and TOKEN_ENDPOINT must be of the same one, and the portal's `remoteJwks.url` must be its `jwks_uri`. Right after a rotation of keys: wait until all nodes and caches have the new ones.
    ");
}

#[tokio::test]
async fn a_token_that_another_key_of_its_name_signed_is_told() {
    assert_snapshot!(where_keys_are(|keys| keys.replace(r#""n":""#, r#""n":"vvvv"#)).await, @"
    fail: the signature does not hold by the key that the token names
    do: Take issuer, token endpoint and keys of one authorization server: ISSUER_URL and TOKEN_ENDPOINT must be of the same one, and the portal's `remoteJwks.url` must be its `jwks_uri`.
    ");
}

#[tokio::test]
async fn a_token_of_another_issuer_is_told() {
    for (face, path) in
        [("okta", "/oauth2/default/v1/token"), ("keycloak", "/realms/gloo/protocol/openid-connect/token")]
    {
        let stage = stage(&format!("identity:\n  issuers: [{{face: {face}}}]\n")).await;
        let body = format!(r#"{{"access_token":"{}","token_type":"Bearer"}}"#, lasting());
        let yaml = format!("{{server: idp, path: {path}, does: {{status: {{code: 200, body: '{body}'}}}}}}");
        let _fault = stage.fault(serde_saphyr::from_str(&yaml).unwrap()).unwrap();
        let said = told(&only(plan_of(&stage), "token.issuer").await, "token.issuer");
        match face {
            "okta" => assert_snapshot!(said, @"
            fail: `iss` is `https://org.example/oauth2/default`, not the issuer `http://localhost:[port]/oauth2/default`
            do: Okta: Security > API > Authorization Servers > the server > Settings > Issuer says which of the org's URLs is used; ask for the token at the same host.
            "),
            _ => assert_snapshot!(said, @"
            fail: `iss` is `https://org.example/oauth2/default`, not the issuer `http://localhost:[port]/realms/gloo`
            do: Keycloak: set KC_HOSTNAME, so that the issuer is the same from inside and outside the cluster; else it follows the host that is asked.
            "),
        }
    }
}

#[tokio::test]
async fn a_token_without_an_issuer_is_told() {
    assert_snapshot!(of_okta(", dropClaims: [iss]", "token.issuer").await, @"
    fail: the token has no `iss`, so that nobody can tell whose it is
    do: Okta: Security > API > Authorization Servers > the server > Settings > Issuer says which of the org's URLs is used; ask for the token at the same host.
    ");
}

#[tokio::test]
async fn a_token_without_an_audience_is_told() {
    assert_snapshot!(of_keycloak(", dropClaims: [aud]", "token.audience").await, @"
    warn: the token has no `aud`: a portal whose policy asks for an audience turns it away
    do: Keycloak: add an Audience mapper: Client scopes > a scope of the client > Mappers > Audience.
    ");
}

#[tokio::test]
async fn a_token_of_the_okta_org_itself_is_told() {
    assert_snapshot!(of("identity:\n  issuers: [{face: okta-org}]\n", "token.audience").await, @"
    warn: `aud` is `http://localhost:[port]`, the Okta org itself: its tokens are for Okta, and Okta promises nobody else that they can be checked
    do: Okta: use a custom authorization server; its audience is under Security > API > Authorization Servers > the server > Settings > Audience.
    ");
}

#[tokio::test]
async fn an_audience_that_is_asked_for_and_does_not_come_is_told() {
    let stage = stage("quickstart").await;
    let mut config = stage.provider_config(&stage.issuer().unwrap()).unwrap();
    config.audience = Some("api://gloo".to_owned());
    let plan = Plan::new(Source::Given(Box::new(config))).variables(|_| None);
    assert_snapshot!(told(&only(plan, "token.audience").await, "token.audience"), @"
    fail: `aud` is `api://default`, without `api://gloo`, which is asked for
    do: Okta: use a custom authorization server; its audience is under Security > API > Authorization Servers > the server > Settings > Audience.
    ");
}

#[tokio::test]
async fn a_token_without_an_end_is_told() {
    assert_snapshot!(of_okta(", dropClaims: [exp]", "token.expiry").await, @"
    warn: the token has no `exp`: it is good for ever, whoever has it
    do: Have the identity provider put `exp` into the token, as RFC 9068 section 2.2 wants it.
    ");
}

#[tokio::test]
async fn an_end_that_is_no_number_is_told() {
    assert_snapshot!(given(&jwt(r#"{"alg":"RS256"}"#, r#"{"exp":"tomorrow"}"#), "token.expiry").await, @"
    fail: the token's `exp` is no number, so that a portal turns it away
    do: Have the identity provider put `exp` into the token, as RFC 9068 section 2.2 wants it.
    ");
}

#[tokio::test]
async fn a_token_that_has_ended_by_our_clock_is_told() {
    let stage = stage("quickstart").await;
    assert_snapshot!(told(&only(off(&stage, 7200, 0), "token.expiry").await, "token.expiry"), @"
    fail: the token ended 60 min ago by this machine's clock, though it has only just come
    do: Set the clocks of the identity provider and of this machine by NTP.
    ");
}

#[tokio::test]
async fn a_lifetime_that_no_sync_goes_well_with_is_told() {
    for (lifetime, said) in [
        ("4s", of_okta(", accessTokenLifetime: 4s", "token.lifetime").await),
        ("20s", of_okta(", accessTokenLifetime: 20s", "token.lifetime").await),
        ("2m", of_keycloak(", accessTokenLifetime: 2m", "token.lifetime").await),
        ("720h", of_keycloak(", accessTokenLifetime: 720h", "token.lifetime").await),
    ] {
        match lifetime {
            "4s" => assert_snapshot!(said, @"
            warn: the token is good for 4 s only, and the plugin gets the next one 5 s before the end: it never stops asking
            do: Okta: set Access token lifetime in the rule, under Security > API > Authorization Servers > the server > Access Policies.
            "),
            "20s" => assert_snapshot!(said, @"
            warn: the token is good for 20 s, less than a sync may take (syncTimeout, 30 s): it may end in the middle of one
            do: Okta: set Access token lifetime in the rule, under Security > API > Authorization Servers > the server > Access Policies.
            "),
            "2m" => assert_snapshot!(said, @"
            warn: the token is good for 2 min, less than from one sync to the next (syncFrequency, 5 min): each sync stands on a refresh, and the plugin does not repeat one that failed
            do: Keycloak: set Realm settings > Tokens > Access Token Lifespan, or that of the client under Clients > the client > Advanced > Advanced settings.
            "),
            _ => assert_snapshot!(said, @"
            warn: the token is good for 30 days, longer than the plugin's timer can hold (24.8 days): it asks without end
            do: Keycloak: set Realm settings > Tokens > Access Token Lifespan, or that of the client under Clients > the client > Advanced > Advanced settings.
            "),
        }
    }
}

#[tokio::test]
async fn an_expires_in_that_is_not_the_token_s_own_is_told() {
    let token = jwt(r#"{"alg":"RS256","kid":"k"}"#, r#"{"iat":4102444800,"exp":4102446600}"#);
    let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":"3600"}}"#);
    let server = Served::with("", [("POST /token", reply(200, body))]).await;
    assert_snapshot!(told(&only(server.plan(), "token.lifetime").await, "token.lifetime"), @"
    warn: `expires_in` says 60 min, and the token's own `exp` 30 min: who goes by the one is wrong by the other
    do: Set the lifetime of access tokens for this client; an hour is usual.
    ");
}

#[tokio::test]
async fn clocks_that_differ_are_told_either_way() {
    let stage = stage("quickstart").await;
    let behind = told(&only(off(&stage, 0, 60), "token.clock").await, "token.clock");
    let ahead = told(&only(off(&stage, 90, 0), "token.clock").await, "token.clock");
    let spans = [(r"\d+ s ahead", "[span] ahead"), (r"\d+ s behind", "[span] behind")];
    insta::with_settings!({filters => spans.to_vec()}, {
        assert_snapshot!(behind, @"
        warn: the identity provider is [span] ahead of this machine, by the answer's Date: the plugin, on a machine like this one, would use a token after its end, and with the 401 that follows it deletes the catalog
        do: Set the clocks by NTP: of this machine, of Backstage's, and of the identity provider.
        ");
        assert_snapshot!(ahead, @"
        warn: the identity provider is [span] behind this machine, by the answer's Date: tokens end that much sooner here
        do: Set the clocks by NTP: of this machine, of Backstage's, and of the identity provider.
        ");
    });
}

#[tokio::test]
async fn a_time_that_is_no_number_is_told() {
    assert_snapshot!(given(&jwt(r#"{"alg":"RS256"}"#, r#"{"nbf":null}"#), "token.clock").await, @"
    fail: the token's `nbf` is no number, so that a portal turns it away
    do: Have the identity provider write times as numbers (RFC 7519 section 2).
    ");
}

#[tokio::test]
async fn a_token_that_does_not_name_its_client_is_told() {
    assert_snapshot!(of_okta(", dropClaims: [cid]", "token.portal-group").await, @"
    warn: none of `cid`, `client_id`, `azp` is the client id `backstage`: a PortalGroup can't match it by one of these
    do: Have the identity provider put the client id into `client_id` (RFC 9068 section 2.2), or match the PortalGroup by another claim.
    ");
    assert_snapshot!(of_keycloak(", dropClaims: [azp, client_id]", "token.portal-group").await, @"
    warn: none of `cid`, `client_id`, `azp` is the client id `backstage`: a PortalGroup can't match it by one of these
    do: Keycloak: add a mapper that puts the client id into the access token: Clients > the client > Client scopes > the dedicated scope > Add mapper > By configuration > User Session Note, `client_id`.
    ");
}

#[tokio::test]
async fn the_claim_that_names_the_client_is_told_with_a_portal_group() {
    assert_snapshot!(of_okta("", "token.portal-group").await, @r#"
    pass: the claim `cid` is the client id `backstage`. On a private portal of Gloo Mesh Gateway this PortalGroup would show it all APIs:
        apiVersion: apimanagement.gloo.solo.io/v2
        kind: PortalGroup
        metadata: {name: backstage, namespace: gloo-mesh}
        spec:
          name: backstage
          membership:
          - claims:
            - {key: cid, value: "backstage"}
          accessLevel:
            apis:
            - {}
    "#);
    let keycloak = of_keycloak("", "token.portal-group").await;
    assert!(keycloak.starts_with("pass: the claim `client_id` is the client id `backstage`"), "{keycloak}");
}

#[tokio::test]
async fn no_part_of_the_token_is_told() {
    let token = lasting();
    let server = Served::with(&token, [("GET /v1/apis", reply(401, &token))]).await;
    let report = understudy::check::examine(server.plan()).await;
    let told = report.render(understudy::check::ReportFormat::Json, false);
    for part in token.split('.') {
        assert!(!told.contains(part), "{told}");
    }
}
