//! Redirects: followed while they stay with the portal, so that the token goes nowhere else.

use insta::assert_snapshot;

use crate::support::{Canned, Reply, TOKEN, json, redirect};

#[tokio::test]
async fn a_redirect_on_the_same_origin_is_followed_with_the_token() {
    let server = Canned::new()
        .on("GET /v1/apis", redirect("/v2/apis"))
        .on("GET /v2/apis", redirect("BASE/v2/list?all=1"))
        .on("GET /v2/list?all=1", json("[]"))
        .start()
        .await;
    server.sync().await.unwrap();
    assert_eq!(server.lines(), ["POST /token", "GET /v1/apis", "GET /v2/apis", "GET /v2/list?all=1"]);
    let bearer = format!("Bearer {TOKEN}");
    assert!(server.asked()[1..].iter().all(|asked| asked.authorization.as_deref() == Some(&bearer)));
}

#[tokio::test]
async fn another_port_is_another_origin_and_never_sees_the_token() {
    let other = Canned::new().mesh("[]").start().await;
    let server = Canned::new().on("GET /v1/apis", redirect(&format!("{}/v1/apis", other.base))).start().await;
    assert_snapshot!(server.failure().await, @"Refused: http://127.0.0.1:PORT/v1/apis answered 302 Found, a redirect to 127.0.0.1, which is not followed. If that is a login page, the portal's external auth takes no bearer tokens; if it is another address of the portal, use that as the portal's URL");
    assert_eq!(other.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn another_scheme_or_host_is_another_origin() {
    for target in ["https://127.0.0.1/v1/apis", "//localhost/v1/apis", "https://idp.example/login"] {
        let server = Canned::new().on("GET /v1/apis", redirect(target)).start().await;
        assert!(server.failure().await.contains("which is not followed"), "{target}");
        assert_eq!(server.lines(), ["POST /token", "GET /v1/apis"]);
    }
}

#[tokio::test]
async fn redirects_without_end_are_told() {
    let server = Canned::new().on("GET /v1/apis", redirect("/v1/apis")).start().await;
    assert_snapshot!(server.failure().await, @"Refused: http://127.0.0.1:PORT/v1/apis answered 302 Found, a redirect to nowhere, or one of too many in a row on the same host, which is not followed. If that is a login page, the portal's external auth takes no bearer tokens; if it is another address of the portal, use that as the portal's URL");
    assert_eq!(server.count("GET /v1/apis"), 6);
}

#[tokio::test]
async fn credentials_in_a_redirect_do_not_replace_the_token() {
    let there = |base: &str| format!("http://user:word@{}/v2", base.trim_start_matches("http://"));
    let server = Canned::new().on("GET /v2", json("[]")).start().await;
    let location = there(&server.base);
    server.answer_from_now_on("GET /v1/apis", redirect(&location));
    server.sync().await.unwrap();
    assert_eq!(server.asked()[2].authorization.as_deref(), Some(format!("Bearer {TOKEN}").as_str()));
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_told() {
    let reply = Reply::Answer { status: 307, headers: vec![], body: String::new() };
    let server = Canned::new().on("GET /v1/apis", reply).start().await;
    assert!(
        server.failure().await.starts_with("Refused: http://127.0.0.1:PORT/v1/apis answered 307 Temporary Redirect")
    );
}
