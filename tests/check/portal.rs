//! Portals that don't let the token in, let in too many, or show nothing, and what is said of it.

use insta::assert_snapshot;
use understudy::Stage;
use understudy::check::{Plan, Report};
use understudy::scenarios::Server;

use crate::served::{Reply, Served, jwt, lasting, page, reply};
use crate::stand::{only, plan, plan_of, stage, told};

const MESH: &str = r#"[{"apiProductId":"petstore","apiVersions":[{"apiId":"petstore-v1"}]}]"#;

/// What a check says where the portal answers this.
async fn where_portal_does(fault: &str, check: &str) -> String {
    let stage = stage("quickstart").await;
    let yaml = format!("{{server: portal, does: {fault}}}");
    let _fault = stage.fault(serde_saphyr::from_str(&yaml).unwrap()).unwrap();
    told(&only(plan_of(&stage), check).await, check)
}

/// What a check says of a portal that answers so to a token.
async fn served(replies: impl IntoIterator<Item = (&'static str, Reply)>, check: &str) -> String {
    let server = Served::with(&lasting(), replies).await;
    told(&only(server.plan(), check).await, check)
}

#[tokio::test]
async fn a_portal_that_does_not_trust_the_issuer_is_told() {
    let scenario = "identity:\n  issuers: [{face: okta}, {face: keycloak}]\nportal:\n  auth: {issuers: [keycloak]}\n  products: [{id: a, versions: [{name: v1}]}]\n";
    let stage = stage(scenario).await;
    assert_snapshot!(told(&only(plan_of(&stage), "portal.lets-in").await, "portal.lets-in"), @r#"
    fail: http://localhost:[port]/v1/apis answers 401 Unauthorized to the token, "Unauthorized" (Bearer realm="gloo-portal", error="invalid_token", error_description="The token's issuer is not trusted")
    do: Have the ExtAuthPolicy (Gloo Mesh Gateway) or AuthConfig (Gloo Gateway) of the portal server's route trust this issuer, and look at its `status` for REJECTED; the external auth service's log says why it refuses a token:
        configs:
        - name: token
          oauth2:
            accessTokenValidation:
              jwt:
                remoteJwks: {url: "http://localhost:[port]/oauth2/default/v1/keys"}
    "#);
}

#[tokio::test]
async fn why_a_token_is_refused_is_told_where_the_portal_says_it() {
    let challenge = r#"Bearer realm="gloo", error="invalid_token", error_description="Jwt issuer is not configured""#;
    let answer = reply(401, "").header("www-authenticate", challenge);
    let said = served([("GET /v1/apis", answer)], "portal.lets-in").await;
    assert!(said.contains("Jwt issuer is not configured"), "{said}");
}

#[tokio::test]
async fn a_portal_that_forbids_is_told() {
    assert_snapshot!(where_portal_does("{status: {code: 403, body: 'RBAC: access denied'}}", "portal.lets-in").await, @r#"
    fail: http://localhost:[port]/v1/apis answers 403 Forbidden to the token, "RBAC: access denied"
    do: The token is trusted, and something after that refuses it: look at `requiredScopes` of accessTokenValidation, at OPA rules, and at other policies of the portal server's route.
    "#);
}

#[tokio::test]
async fn an_authorization_code_policy_that_stands_alone_is_told() {
    let to = "http://localhost:1/oauth2/default/v1/authorize?client_id=marker-id&response_type=code&state=marker-state";
    let said = where_portal_does(&format!("{{redirect: {{to: '{to}'}}}}"), "portal.lets-in").await;
    assert_snapshot!(said, @r#"
    fail: http://localhost:[port]/v1/apis answers 302 Found, a redirect to a login page at `localhost`: an authorization-code policy stands alone before the API, and takes no tokens
    do: Put accessTokenValidation beside oidcAuthorizationCode, and before it, in the ExtAuthPolicy (Gloo Mesh Gateway) or AuthConfig (Gloo Gateway) of the portal server's route, as two configs of which either is enough:
        configs:
        - name: token
          oauth2:
            accessTokenValidation:
              jwt:
                remoteJwks: {url: "http://localhost:[port]/oauth2/default/v1/keys"}
        booleanExpr: token || login
    "#);
    let own = where_portal_does("{redirect: {to: /portal-server/login}}", "portal.lets-in").await;
    assert!(own.contains("a redirect to a login page at `localhost`"), "{own}");
}

#[tokio::test]
async fn a_redirect_elsewhere_is_told_and_not_followed() {
    assert_snapshot!(where_portal_does("{redirect: {to: 'http://localhost:1/v1/apis', code: 308}}", "portal.answers").await, @"
    fail: http://localhost:[port]/v1/apis answers 308 Permanent Redirect, a redirect to `http://localhost:[port]`, which a token does not follow
    do: If that is another address of the portal, such as https in place of http, set PORTAL_URL to it.
    ");
}

#[tokio::test]
async fn a_redirect_without_end_is_told() {
    assert_snapshot!(where_portal_does("{redirect: {}}", "portal.answers").await, @"
    fail: http://localhost:[port]/v1/apis answers 302 Found, a redirect to `http://localhost:[port]`, which a token does not follow
    do: If that is another address of the portal, such as https in place of http, set PORTAL_URL to it.
    ");
}

#[tokio::test]
async fn a_web_page_is_told() {
    assert_snapshot!(where_portal_does("html", "portal.answers").await, @r#"
    fail: http://localhost:[port]/v1/apis answers a web page, "<!DOCTYPE html> <html lang="en"> <head><meta charset="utf-8"><title>Sign in</title></head> <body> <h1>Sign in</h1> <form method="post" action="/login"> <label>Username <input name="username"></label> …"
    do: Set PORTAL_URL to the portal's REST server. The developer portal's web pages are another server, often on the same host.
    "#);
}

#[tokio::test]
async fn a_portal_that_is_out_of_order_is_told() {
    assert_snapshot!(where_portal_does("{status: {code: 503, error: envoy-no-upstream}}", "portal.answers").await, @r#"
    fail: http://localhost:[port]/v1/apis answers 503 Service Unavailable, "no healthy upstream"
    do: Look whether the portal server's pods run and are Ready, and whether the route's destination names its Service and port; then at the gateway's log.
    "#);
    assert_snapshot!(where_portal_does("{status: 500}", "portal.answers").await, @r#"
    fail: http://localhost:[port]/v1/apis answers 500 Internal Server Error, "Internal Server Error"
    do: Look at the logs of the portal server and of the external auth service before it.
    "#);
}

#[tokio::test]
async fn a_portal_that_had_too_many_requests_is_told() {
    assert_snapshot!(where_portal_does("{status: 429}", "portal.answers").await, @r#"
    fail: http://localhost:[port]/v1/apis answers 429 Too Many Requests, "Too Many Requests"
    do: Wait a minute and try again, or raise the limit in the RateLimitPolicy (Gloo Mesh Gateway) or RateLimitConfig (Gloo Gateway) of the portal server's route: a sync makes one request for each product or API.
    "#);
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_told() {
    assert_snapshot!(where_portal_does("{status: {code: 200, body: 'OK'}}", "portal.answers").await, @r#"
    fail: http://localhost:[port]/v1/apis answers 200 OK with "OK", which is no JSON
    do: Set PORTAL_URL to the portal's REST server. The developer portal's web pages are another server, often on the same host.
    "#);
}

#[tokio::test]
async fn a_portal_where_nobody_is_fails_as_unreachable() {
    let report = {
        let stage = stage("quickstart").await;
        let _fault = stage
            .fault(understudy::scenarios::Fault::new(understudy::scenarios::FaultKind::Reset).server(Server::Portal))
            .unwrap();
        only(plan_of(&stage), "portal").await
    };
    assert_eq!(report.exit_code(), 3, "{}", report.text());
    assert!(told(&report, "portal.answers").starts_with("fail: "), "{}", report.text());
}

/// A plan for a stage whose portal is asked under another path.
fn under(stage: &Stage, path: &str) -> Plan {
    let mut variables = stage.variables().unwrap();
    variables.retain(|(name, _)| !name.starts_with("PORTAL"));
    variables.push(("PORTAL_SERVER_URL", format!("{}{path}", stage.portal_url())));
    plan(variables)
}

async fn of_path(path: &str) -> Report {
    let stage = stage("gloo-gateway").await;
    only(under(&stage, path), "portal.path").await
}

#[tokio::test]
async fn a_path_without_v1_is_told_with_where_the_list_is() {
    assert_snapshot!(told(&of_path("").await, "portal.path"), @r#"
    fail: neither http://localhost:[port]/apis nor http://localhost:[port]/api-products is there: 404 Not Found, "404 page not found", and http://localhost:[port]/v1 has the list
    do: Set PORTAL_SERVER_URL so that the portal is asked at http://localhost:[port]/v1; in Backstage, `portalServerUrl: http://localhost:[port]/v1`.
    "#);
}

#[tokio::test]
async fn v1_where_there_is_none_is_told_with_where_the_list_is() {
    assert_snapshot!(served([("GET /apis", reply(200, MESH))], "portal.path").await, @r#"
    fail: neither http://localhost:[port]/v1/apis nor http://localhost:[port]/v1/api-products is there: 404 Not Found, "nothing here", and http://localhost:[port] has the list
    do: Set PORTAL_SERVER_URL so that the portal is asked at http://localhost:[port]; in Backstage, `portalServerUrl: http://localhost:[port]`.
    "#);
}

#[tokio::test]
async fn a_path_that_is_nowhere_is_told() {
    assert_snapshot!(told(&of_path("/portal/v1").await, "portal.path"), @r#"
    fail: neither http://localhost:[port]/portal/v1/apis nor http://localhost:[port]/portal/v1/api-products is there: 404 Not Found, "404 page not found"
    do: Check PORTAL_SERVER_URL against the portal server's route: its prefix comes before /v1, and is there once. If it is right, another server than the portal answers there.
    "#);
}

#[tokio::test]
async fn a_host_that_no_portal_resource_names_is_told() {
    let body = r#"'{"message":"portal config not found for host: ***"}'"#;
    assert_snapshot!(where_portal_does(&format!("{{status: {{code: 404, body: {body}}}}}"), "portal.configured").await, @r#"
    fail: http://localhost:[port]/v1/apis answers 404 Not Found, "portal config not found for host: ***": no Portal resource names the host `localhost`
    do: Gloo Mesh Gateway: put the host into `spec.domains` of the Portal (apimanagement.gloo.solo.io/v2), and check that its `spec.portalBackendSelectors` select this portal server. Gloo Gateway: create the Portal (portal.gloo.solo.io/v1), and look at its status.
    "#);
}

#[tokio::test]
async fn a_server_that_is_no_portal_is_told() {
    assert_snapshot!(served([("GET /v1/apis", reply(200, r#"{"kind":"APIGroupList"}"#))], "portal.family").await, @r#"
    fail: http://localhost:[port]/v1/apis answers JSON that is no list: 200 OK, "{"kind":"APIGroupList"}"
    do: Set PORTAL_SERVER_URL to the portal's REST server. The developer portal's web pages are another server, often on the same host.
    "#);
    assert_snapshot!(served([("GET /v1/apis", reply(200, r#"[{"name":"a"}]"#))], "portal.family").await, @"
    fail: http://localhost:[port]/v1/apis answers a list whose items are no API products
    do: Set PORTAL_SERVER_URL to the portal's REST server. The developer portal's web pages are another server, often on the same host.
    ");
    assert_snapshot!(served([("GET /v1/apis", reply(404, "")), ("GET /v1/api-products", reply(200, "null"))], "portal.family").await, @r#"
    fail: http://localhost:[port]/v1/api-products answers JSON that is no list: 200 OK, "null"
    do: Set PORTAL_SERVER_URL to the portal's REST server. The developer portal's web pages are another server, often on the same host.
    "#);
}

#[tokio::test]
async fn an_empty_list_is_told_with_the_portal_group_that_would_match() {
    let stage = stage("empty-portal").await;
    assert_snapshot!(told(&only(plan_of(&stage), "portal.shows-apis").await, "portal.shows-apis"), @r#"
    fail: http://localhost:[port]/v1/apis answers an empty list: no PortalGroup matches the token, or the Portal selects no API
    do: Check that the Portal selects the APIs' RouteTables by `spec.apis[].labels`, and apply a PortalGroup that matches the client, such as this one, which shows it all APIs:
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
}

#[tokio::test]
async fn an_empty_list_of_products_is_told_with_the_portal_group_that_would_match() {
    assert_snapshot!(served([("GET /v1/api-products", reply(200, "[]"))], "portal.shows-apis").await, @r#"
    fail: http://localhost:[port]/v1/api-products answers an empty list: no PortalGroup matches the token, or the Portal selects no API
    do: Check that the Portal names the products in `spec.apiProducts`, with a ReferenceGrant for those of other namespaces, and apply a PortalGroup that matches the client, such as this one, which shows it all APIs:
        apiVersion: portal.gloo.solo.io/v1
        kind: PortalGroup
        metadata: {name: backstage, namespace: gloo-system}
        spec:
          membership:
          - claimGroup:
            - {key: cid, value: "backstage"}
          apiProducts:
          - {name: "*", namespace: gloo-system} # where the ApiProducts are
    "#);
}

#[tokio::test]
async fn each_family_and_shape_is_told() {
    for (scenario, said) in [
        ("quickstart", "Gloo Mesh Gateway, its list grouped by product (2.5 and later)"),
        ("gloo-mesh-flat", "Gloo Mesh Gateway, its list flat (2.4)"),
        ("gloo-gateway", "Gloo Gateway (1.18 and later)"),
    ] {
        let stage = stage(scenario).await;
        let report = only(plan_of(&stage), "portal.family").await;
        assert_eq!(told(&report, "portal.family"), format!("pass: the portal is {said}\n"));
    }
}

#[tokio::test]
async fn a_portal_whose_clock_is_behind_is_told() {
    let answer = reply(401, "").header("date", "Tue, 14 Nov 2023 22:12:20 GMT");
    assert_snapshot!(served([("GET /v1/apis", answer)], "portal.clock").await, @"
    fail: by the portal's clock, the token is issued only in 60 s, and a portal turns it away
    do: Set the clocks of the cluster's nodes and of the identity provider by NTP.
    ");
}

#[tokio::test]
async fn a_token_that_has_ended_by_a_lenient_portal_s_clock_is_told() {
    let token = jwt(r#"{"alg":"RS256","kid":"k"}"#, r#"{"iat":1700000000,"exp":1700003600}"#);
    let server =
        Served::with(&token, [("GET /v1/apis", reply(200, MESH).header("date", "Wed, 25 Nov 2026 20:00:00 GMT"))])
            .await;
    let said = told(&only(server.plan(), "portal.clock").await, "portal.clock");
    let filters = [(r"ended .* ago", "ended [span] ago")];
    insta::with_settings!({filters => filters.to_vec()}, {
        assert_snapshot!(said, @"
        warn: by the portal's clock, the token ended [span] ago; it is let in all the same, as long as somebody is lenient
        do: Set the clocks of the cluster's nodes and of the identity provider by NTP.
        ");
    });
}

#[tokio::test]
async fn a_public_portal_is_a_warning() {
    assert_snapshot!(served([("GET /v1/apis", reply(200, MESH))], "portal.asks-for-token").await, @"
    warn: without a token, http://localhost:[port]/v1/apis shows APIs: the portal is public
    do: If it is not meant to be: have an ExtAuthPolicy (Gloo Mesh Gateway) or AuthConfig (Gloo Gateway) select the portal server's route, and set the Portal's `spec.visibility` to private.
    ");
}

#[tokio::test]
async fn whoever_asks_without_a_token_is_turned_away_in_one_way_or_another() {
    let anybody = |reply: Reply| async move {
        let server = Served::by(move |asked| asked.line.starts_with("GET /v1/apis").then(|| reply.clone())).await;
        told(&only(server.plan(), "portal.asks-for-token").await, "portal.asks-for-token")
    };
    assert!(anybody(reply(401, "")).await.starts_with("pass"));
    assert!(anybody(reply(403, "")).await.starts_with("pass"));
    assert!(anybody(reply(302, "").header("location", "/login")).await.starts_with("pass"));
    assert!(anybody(reply(200, "[]")).await.starts_with("pass"));
    assert!(anybody(page(200)).await.starts_with("skip"));
}

/// A portal that looks at tokens' signatures as it is told, and lets nobody in without one.
async fn looks_at(does: impl Fn(bool) -> Reply + Send + Sync + 'static) -> String {
    let token = lasting();
    let answer = format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#);
    let bearer = format!("Bearer {token}");
    let server = Served::by(move |asked| match (asked.line.as_str(), &asked.authorization) {
        ("POST /token", _) => Some(reply(200, &answer)),
        ("GET /v1/apis", Some(header)) => Some(does(*header == bearer)),
        ("GET /v1/apis", None) => Some(reply(401, "")),
        _ => None,
    })
    .await;
    told(&only(server.plan(), "portal.refuses-forged").await, "portal.refuses-forged")
}

#[tokio::test]
async fn a_portal_that_does_not_look_at_signatures_is_told() {
    assert_snapshot!(looks_at(|_| reply(200, MESH)).await, @r#"
    fail: http://localhost:[port]/v1/apis lets in a token whose signature does not hold: anybody could make one
    do: Have the ExtAuthPolicy (Gloo Mesh Gateway) or AuthConfig (Gloo Gateway) of the portal server's route trust this issuer, and look at its `status` for REJECTED; the external auth service's log says why it refuses a token:
        configs:
        - name: token
          oauth2:
            accessTokenValidation:
              jwt:
                remoteJwks: {url: "JWKS_URI"}
    "#);
}

#[tokio::test]
async fn a_forged_token_may_be_refused_shown_nothing_or_break_something() {
    let by = |forged: Reply| looks_at(move |is_real| if is_real { reply(200, MESH) } else { forged.clone() });
    assert!(by(reply(401, "")).await.starts_with("pass"));
    assert!(by(reply(200, "[]")).await.starts_with("pass"));
    assert_snapshot!(by(reply(500, "")).await, @"
    warn: http://localhost:[port]/v1/apis answers neither a list nor a refusal to a token whose signature does not hold
    do: Look at the logs of the external auth service: it should answer 401.
    ");
}
