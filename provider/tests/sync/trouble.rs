//! Portals in trouble: each gives an error that says what failed and what to do, and no mutation.

use std::time::Duration;

use insta::assert_snapshot;
use understudy_provider::ServerUrl;

use crate::support::{Canned, NOBODY, Reply, Server, TOKEN, html, json, raw, redirect, status};

/// A portal whose `/apis` gives this answer.
async fn apis(reply: Reply) -> Server {
    Canned::new().on("GET /v1/apis", reply).on("GET /v1/api-products", json("[]")).start().await
}

#[tokio::test]
async fn a_token_that_is_not_let_in_is_told() {
    let server = apis(status(401, r#"{"message":"Jwt issuer is not configured"}"#)).await;
    assert_snapshot!(server.failure().await, @r#"Refused: the portal refused the access token: http://127.0.0.1:PORT/v1/apis answered 401 Unauthorized, "Jwt issuer is not configured". Check that the portal's external auth policy trusts the issuer that the token comes from, and its audience"#);
    // Another token might have been let in, but it is the same.
    assert_eq!(server.lines(), ["POST /token", "GET /v1/apis", "POST /token"]);
}

#[tokio::test]
async fn a_token_that_may_not_see_the_portal_is_told() {
    assert_snapshot!(apis(status(403, "")).await.failure().await, @"Refused: the portal refused the access token: http://127.0.0.1:PORT/v1/apis answered 403 Forbidden, an empty body. The token is known, but may not see this: look at the portal's PortalGroups and external auth policy");
}

#[tokio::test]
async fn a_portal_with_an_error_is_told() {
    let server = apis(status(503, "no healthy upstream")).await;
    assert_snapshot!(server.failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis answered 503 Service Unavailable, "no healthy upstream". Look at the logs of the portal and of the gateway before it"#);
    assert_eq!(server.lines(), ["POST /token", "GET /v1/apis"]);
}

#[tokio::test]
async fn too_many_requests_are_told() {
    assert_snapshot!(apis(status(429, "local_rate_limited")).await.failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis answered 429 Too Many Requests, "local_rate_limited". Wait a minute and try again, or let fewer requests run at once"#);
}

#[tokio::test]
async fn a_web_page_in_place_of_the_list_is_told() {
    assert_snapshot!(apis(html(200)).await.failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis answered no JSON (expected value at line 1 column 1) but "<!DOCTYPE html> <html><head><title>Sign in</title></head></html>". That is a web page: is the portal's URL that of its REST server?"#);
}

#[tokio::test]
async fn an_empty_answer_is_told() {
    assert_snapshot!(apis(json("")).await.failure().await, @"Invalid: http://127.0.0.1:PORT/v1/apis answered no JSON (EOF while parsing a value at line 1 column 0) but an empty body. Look at the logs of the portal and of the gateway before it");
    assert_snapshot!(apis(status(204, "")).await.failure().await, @"Invalid: http://127.0.0.1:PORT/v1/apis answered 204 No Content, an empty body. Is this the portal's REST server, and has the portal changed in the meantime?");
}

#[tokio::test]
async fn half_a_list_is_told() {
    assert_snapshot!(apis(json(r#"[{"apiProductId": "a""#)).await.failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis answered no JSON (EOF while parsing an object at line 1 column 21) but "[{"apiProductId": "a"". Look at the logs of the portal and of the gateway before it"#);
}

#[tokio::test]
async fn a_redirect_to_a_login_page_is_not_followed() {
    let server = apis(redirect("https://idp.example/authorize?client_id=x")).await;
    assert_snapshot!(server.failure().await, @"Refused: http://127.0.0.1:PORT/v1/apis answered 302 Found, a redirect to idp.example, which is not followed. If that is a login page, the portal's external auth takes no bearer tokens; if it is another address of the portal, use that as the portal's URL");
    assert_eq!(server.lines(), ["POST /token", "GET /v1/apis"]);
}

#[tokio::test]
async fn a_server_that_is_no_portal_is_told() {
    let server = Canned::new().start().await;
    assert_snapshot!(server.failure().await, @r#"Invalid: no portal at http://127.0.0.1:PORT/v1: /apis gave 404 Not Found, "nothing here"; /api-products gave 404 Not Found, "nothing here". Check the portal's URL: its path usually ends in /v1"#);
}

#[tokio::test]
async fn a_portal_without_its_resource_is_told() {
    let not_configured = status(404, r#"{"message":"portal config not found for host: ***"}"#);
    let server = Canned::new().on("GET /v1/apis", not_configured).start().await;
    assert_snapshot!(server.failure().await, @r#"Invalid: no portal at http://127.0.0.1:PORT/v1: /apis gave 404 Not Found, "portal config not found for host: ***"; /api-products gave 404 Not Found, "nothing here". The server is there, but no Portal resource names this host yet"#);
}

#[tokio::test]
async fn trouble_with_the_second_list_is_told() {
    let server = Canned::new().on("GET /v1/api-products", status(500, "boom")).start().await;
    assert_snapshot!(server.failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/api-products answered 500 Internal Server Error, "boom". Look at the logs of the portal and of the gateway before it"#);
}

#[tokio::test]
async fn a_portal_that_is_down_is_told() {
    let server = Canned::new().start().await;
    let mut config = server.config();
    config.portal = ServerUrl::as_is(&format!("{NOBODY}/v1")).unwrap();
    let failure = server.failure_with(config).await;
    assert_snapshot!(failure, @"Unreachable: the portal cannot be reached at http://127.0.0.1:1/v1/apis: Connection refused. Is it running, and is the port right?");
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_told() {
    let server = Canned::new().start().await;
    let mut config = server.config();
    // RFC 6761 section 6.4: no name under `invalid` ever has an address.
    config.portal = ServerUrl::as_is("http://portal.invalid/v1").unwrap();
    let failure = server.failure_with(config).await;
    let (before, rest) = failure.split_once("apis: ").unwrap();
    assert_eq!(before, "Unreachable: the portal cannot be reached at http://portal.invalid/v1/");
    assert!(rest.ends_with(". Is the host name right, and is it running?"), "{rest}");
}

#[tokio::test]
async fn a_portal_that_does_not_answer_in_time_is_told() {
    let server = apis(Reply::Silence).await;
    let mut config = server.config();
    config.request_timeout = Duration::from_millis(50);
    assert_snapshot!(server.failure_with(config).await, @"Unreachable: the portal cannot be reached at http://127.0.0.1:PORT/v1/apis: no whole answer within 50ms. Is it running, and does a firewall or proxy let this through?");
}

#[tokio::test]
async fn what_is_not_http_is_told() {
    let server = Canned::new().start().await;
    let base = raw(b"SSH-2.0-OpenSSH_9.9\r\n").await;
    let mut config = server.config();
    config.portal = ServerUrl::as_is(&base).unwrap();
    assert_snapshot!(server.failure_with(config).await.replace(&base, "http://127.0.0.1:SSH"), @"Unreachable: the portal cannot be reached at http://127.0.0.1:SSH/apis: invalid HTTP version parsed. Is it running, and is that its http port?");
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_is_told() {
    let server = Canned::new().start().await;
    let base = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{\"apiId\":").await;
    let mut config = server.config();
    config.portal = ServerUrl::as_is(&base).unwrap();
    assert_snapshot!(server.failure_with(config).await.replace(&base, "http://127.0.0.1:BROKEN"), @"Unreachable: the portal cannot be reached at http://127.0.0.1:BROKEN/apis: end of file before message length reached. Is it running, and is that its http port?");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer_is_told() {
    let server = Canned::new().start().await;
    let base = raw(b"").await;
    let mut config = server.config();
    config.portal = ServerUrl::as_is(&base).unwrap();
    assert_snapshot!(server.failure_with(config).await.replace(&base, "http://127.0.0.1:BROKEN"), @"Unreachable: the portal cannot be reached at http://127.0.0.1:BROKEN/apis: connection closed before message completed. Is it running, and is that its http port?");
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_told() {
    let server = apis(json(&format!("[{}]", " ".repeat(2000)))).await;
    let mut config = server.config();
    config.body_limit = 1000;
    assert_snapshot!(server.failure_with(config).await, @"Invalid: http://127.0.0.1:PORT/v1/apis answered more than 1000 bytes, which is the limit");
}

#[tokio::test]
async fn an_answer_beyond_the_limit_without_a_length_is_told() {
    let server = Canned::new().start().await;
    let base = raw(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[                                        ]").await;
    let mut config = server.config();
    config.portal = ServerUrl::as_is(&base).unwrap();
    config.token_endpoint = understudy_provider::TokenEndpoint::at(&format!("{base}/token")).unwrap();
    config.body_limit = 10;
    assert_snapshot!(server.failure_with(config).await.replace(&base, "http://127.0.0.1:LONG"), @"Invalid: http://127.0.0.1:LONG/token gave no token: it answered more than 10 bytes");
}

#[tokio::test]
async fn one_failing_schema_fails_a_fetch() {
    let list = r#"[{"apiProductId": "a", "apiVersions": [{"apiId": "a-v1"}, {"apiId": "a-v2"}]}]"#;
    let good = || Canned::new().mesh(list).on("GET /v1/apis/a-v1/schema", json("{}"));
    let server = good().on("GET /v1/apis/a-v2/schema", status(500, r#"{"error":"boom"}"#)).start().await;
    assert_snapshot!(server.fetch_failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis/a-v2/schema answered 500 Internal Server Error, "{"error":"boom"}". Look at the logs of the portal and of the gateway before it"#);
    let server =
        good().on("GET /v1/apis/a-v2/schema", status(404, r#"{"message":"API schema not found"}"#)).start().await;
    assert_snapshot!(server.fetch_failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis/a-v2/schema answered 404 Not Found, "API schema not found". Is this the portal's REST server, and has the portal changed in the meantime?"#);
    let server = good().on("GET /v1/apis/a-v2/schema", json("openapi: 3.0.3\n")).start().await;
    assert_snapshot!(server.fetch_failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis/a-v2/schema answered no JSON (expected value at line 1 column 1) but "openapi: 3.0.3". Look at the logs of the portal and of the gateway before it"#);
    let server = good().on("GET /v1/apis/a-v2/schema", json("[]")).start().await;
    assert_snapshot!(server.fetch_failure().await, @"Invalid: API `a-v2` in the answer of http://127.0.0.1:PORT/v1/apis/a-v2/schema cannot be understood: its schema is an array, not an OpenAPI document");
}

#[tokio::test]
async fn one_failing_product_fails_a_fetch() {
    let good = || {
        let versions = json(r#"[{"id": "a-v1", "name": "v1", "apiSpec": {}}]"#);
        Canned::new().gateway(r#"[{"id": "a"}, {"id": "b"}]"#).on("GET /v1/api-products/a/versions", versions)
    };
    assert_snapshot!(good().start().await.fetch_failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/api-products/b/versions answered 404 Not Found, "nothing here". Is this the portal's REST server, and has the portal changed in the meantime?"#);
    let server = good().on("GET /v1/api-products/b/versions", json(r#"{"message":"gone"}"#)).start().await;
    assert_snapshot!(server.fetch_failure().await, @"Invalid: the list in the answer of http://127.0.0.1:PORT/v1/api-products/b/versions cannot be understood: it is no JSON array");
}

#[tokio::test]
async fn items_that_cannot_be_understood_are_named() {
    let mut failures = String::new();
    for list in [
        "[null]",
        "[[]]",
        r#"[{"name": "neither"}]"#,
        r#"[{"apiId": 7, "apiProductId": "a"}]"#,
        r#"[{"apiId": "", "apiProductId": "a"}]"#,
        r#"[{"apiId": "..", "apiProductId": "a"}]"#,
        r#"[{"apiId": "a-v1", "apiProductId": "a", "apiVersion": 1}]"#,
        r#"[{"apiId": "a-v1", "apiProductId": "a", "description": ["x"]}]"#,
        r#"[{"apiId": "a-v1", "apiProductId": "a", "description": "\ud800"}]"#,
        r#"[{"apiId": "a-v1", "apiId": "a-v2", "apiProductId": "a"}]"#,
        r#"[{"apiId": "a-v1", "apiProductId": "a", "openapiSpec": {}}, {"apiProductId": "b", "apiVersions": []}]"#,
        r#"[{"apiProductId": "a", "apiVersions": []}, {"apiProductId": "b"}]"#,
        r#"[{"apiProductId": "a", "apiVersions": {}}]"#,
        r#"[{"apiProductId": "a", "apiVersions": [{}]}]"#,
        r#"[{"apiProductId": "a", "apiVersions": [true]}]"#,
        r#"[{"id": "a", "description": 1}]"#,
        r#"[{"id": "a"}, {"id": null}]"#,
    ] {
        let failure = apis(json(list)).await.failure().await;
        failures.push_str(failure.strip_prefix("Invalid: ").unwrap());
        failures.push('\n');
    }
    assert_snapshot!(failures, @"
    item [0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: it is null, not an object
    item [0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: it is an array, not an object
    item [0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: it has no apiId
    item [0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: its apiId is a number, not a string
    item [0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: its apiId is empty, which cannot be asked for
    item [0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: its apiId is `..`, which cannot be asked for
    API `a-v1` in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: its apiVersion is a number, not a string
    API `a-v1` in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: its description is an array, not a string
    API `a-v1` in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: its description is a string with half a surrogate pair, not a string
    item [0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: duplicate field `apiId` at line 1 column 25
    item [1] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: it has apiVersions, though the first item has none
    product `b` in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: it has no apiVersions, though the first item has
    product `a` in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: its apiVersions is an object, not an array
    product `a`, apiVersions[0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: it has no apiId
    product `a`, apiVersions[0] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: it is a boolean, not an object
    product `a` in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: its description is a number, not a string
    item [1] in the answer of http://127.0.0.1:PORT/v1/apis cannot be understood: it has no id
    ");
}

#[tokio::test]
async fn versions_that_cannot_be_understood_are_named() {
    let mut failures = String::new();
    for versions in [r#"[{}]"#, r#"["v1"]"#, r#"[{"id": "a-v1", "name": {}}]"#] {
        let server = Canned::new()
            .gateway(r#"[{"id": "a"}]"#)
            .on("GET /v1/api-products/a/versions", json(versions))
            .start()
            .await;
        failures.push_str(server.fetch_failure().await.strip_prefix("Invalid: ").unwrap());
        failures.push('\n');
    }
    assert_snapshot!(failures, @"
    product `a`, version [0] in the answer of http://127.0.0.1:PORT/v1/api-products/a/versions cannot be understood: it has no id
    item [0] in the answer of http://127.0.0.1:PORT/v1/api-products/a/versions cannot be understood: it is a string, not an object
    API `a-v1` in the answer of http://127.0.0.1:PORT/v1/api-products/a/versions cannot be understood: its name is an object, not a string
    ");
}

#[tokio::test]
async fn an_echoed_token_is_not_quoted() {
    let server = apis(status(401, &format!(r#"{{"message":"bad token {TOKEN}"}}"#))).await;
    assert_snapshot!(server.failure().await, @r#"Refused: the portal refused the access token: http://127.0.0.1:PORT/v1/apis answered 401 Unauthorized, "bad token …". Check that the portal's external auth policy trusts the issuer that the token comes from, and its audience"#);
    let server = apis(status(500, &format!("Authorization: Bearer {TOKEN}"))).await;
    assert_snapshot!(server.failure().await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis answered 500 Internal Server Error, "Authorization: Bearer …". Look at the logs of the portal and of the gateway before it"#);
}
