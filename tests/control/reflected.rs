//! Nothing that is sent comes back.

use http::Method;

use crate::stand::Stand;

const MARKER: &str = "xssMARKERssx";

#[tokio::test]
async fn nothing_of_a_path_query_or_header_comes_back() {
    let stand = Stand::new().await;
    let token = stand.token();
    for target in [
        format!("/{MARKER}"),
        format!("/faults/{MARKER}"),
        format!("/journal?{MARKER}={MARKER}"),
        format!("/journal?server={MARKER}"),
        format!("/journal?since={MARKER}"),
        format!("/journal?path=/{MARKER}&method={MARKER}"),
        format!("/journal/count?path=/{MARKER}"),
        format!("/%{MARKER}"),
        format!("/health?{MARKER}"),
    ] {
        for method in ["GET", "POST", "DELETE", "PUT", "OPTIONS", MARKER] {
            let answer = stand
                .raw(&format!(
                    "{method} {target} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
                 accept: {MARKER}\r\ncontent-type: {MARKER}\r\n{MARKER}: {MARKER}\r\nlast-event-id: {MARKER}\r\n\
                 connection: close\r\n\r\n"
                ))
                .await;
            assert!(!answer.contains(MARKER), "{method} {target}: {answer}");
        }
    }
    for header in
        ["host: MARKER", "host: localhost\r\norigin: http://MARKER", "host: localhost\r\nauthorization: Bearer MARKER"]
    {
        let header = header.replace("MARKER", MARKER);
        let answer = stand.raw(&format!("GET /world HTTP/1.1\r\n{header}\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 4") && !answer.contains(MARKER), "{header}: {answer}");
    }
}

#[tokio::test]
async fn nothing_of_a_body_comes_back() {
    let stand = Stand::new().await;
    // Each as YAML; in each place where a text can stand, with quotes that would end those of a message.
    let bodies = [
        "MARKER",
        "MARKER: 1",
        "\"` MARKER `\": 1",
        "'\", MARKER \"': 1",
        "{does: MARKER}",
        "{does: {MARKER: 1}}",
        "{does: {status: MARKER}}",
        "{does: {status: {code: 500, MARKER: 1}}}",
        "{does: {latency: {by: MARKER}}}",
        "{does: close, name: MARKER, path: MARKER}",
        "{advance: MARKER}",
        "{set: MARKER}",
        "{rotate: MARKER}",
        "{rotate: \"` MARKER `\"}",
        "{drop: [MARKER]}",
        "{lift: MARKER}",
        "{fault: {does: MARKER}}",
        "{kind: {server: portal, path: MARKER}, timeout: 1ms}",
        "{kind: {server: MARKER}}",
        "{kind: {server: portal}, timeout: MARKER}",
        "{requests: [{server: portal, path: MARKER, method: MARKER, atLeast: 1}]}",
        "{requests: [{server: portal, notBefore: MARKER}]}",
        "{from: MARKER, requests: []}",
        "{removeProducts: [MARKER]}",
        "{removeProducts: [\"a` MARKER `b\"]}",
        "{editVersions: [{id: petstore-v1, usagePlans: [MARKER]}]}",
        "{addProducts: [{id: petstore, name: MARKER, versions: [{name: MARKER}]}]}",
        "{addVersions: [{product: petstore, version: {name: MARKER, spec: ./MARKER}}]}",
        "{portal: {products: [{id: MARKER, versions: [{name: MARKER}, {name: MARKER}]}]}}",
        "{portal: {products: [{id: a, createdAt: MARKER}]}}",
        "{portal: {products: [{id: MARKER}]}}",
        "{portal: {family: MARKER}, name: MARKER}",
        "{identity: {issuers: [{face: okta, name: MARKER}, {face: okta, name: MARKER}]}}",
        "!MARKER a",
        "*MARKER",
        "[MARKER",
        "\"MARKER",
        "a: &MARKER {b: *MARKER}",
        "{MARKER: 1, MARKER: 2}",
    ];
    let routes = [
        (Method::PUT, "/world"),
        (Method::POST, "/world/changes"),
        (Method::POST, "/faults"),
        (Method::POST, "/clock"),
        (Method::POST, "/keys"),
        (Method::POST, "/tokens"),
        (Method::POST, "/restarts"),
        (Method::POST, "/steps"),
        (Method::POST, "/journal/wait"),
        (Method::POST, "/verify"),
    ];
    for (method, path) in routes {
        for body in bodies {
            let body = body.replace("MARKER", MARKER);
            for form in ["application/yaml", "application/json"] {
                let request = stand.request(method.clone(), path).header("content-type", form).body(body.clone());
                let response = request.send().await.unwrap();
                let head = format!("{:?}", response.headers());
                let text = response.text().await.unwrap();
                assert!(!text.contains(MARKER) && !head.contains(MARKER), "{path} {body}: {text}");
            }
        }
        // What JSON writes with escapes, and what nests without end.
        for body in [r#"{"does": {"status": "\u0078ssMARKERssx"}}"#.to_owned(), "[".repeat(10_000)] {
            let request = stand.request(method.clone(), path).header("content-type", "application/json").body(body);
            let response = request.send().await.unwrap();
            assert!(response.status().is_client_error());
            assert!(!response.text().await.unwrap().contains(MARKER), "{path}");
        }
    }
}
