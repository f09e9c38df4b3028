//! When a new token is asked for: ahead of the old one's end, after a 401, and never in a loop.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use understudy_provider::{
    AccessToken, ClientCredentials, Config, HttpClient, PortalClient, Provider, TokenFuture, TokenSource,
};

use crate::support::{Canned, HandClock, Reply, Server, json, status, token_answer};

const ASKED: &str = "POST /token";

fn tokens(config: &Config, clock: &Arc<HandClock>) -> Arc<ClientCredentials> {
    Arc::new(ClientCredentials::new(config, HttpClient::new(config).unwrap(), Arc::clone(clock) as _))
}

fn provider(config: Config, clock: &Arc<HandClock>) -> Provider {
    Provider::with_clock(config, Arc::clone(clock) as _).unwrap()
}

fn unauthorized() -> Reply {
    status(401, r#"{"message":"Jwt is expired"}"#)
}

/// A token endpoint that gives `t1`, then `t2`, and so on to `t9`.
fn counting() -> Canned {
    let first = Canned::new().on(ASKED, json(&token_answer("t1")));
    (2..=9).fold(first, |canned, at| canned.then(ASKED, json(&token_answer(&format!("t{at}")))))
}

/// The tokens that the portal was asked with.
fn shown(server: &Server) -> Vec<String> {
    let asked = server.asked().into_iter().filter_map(|asked| asked.authorization);
    asked.map(|bearer| bearer.trim_start_matches("Bearer ").to_owned()).collect()
}

#[tokio::test]
async fn a_new_token_is_asked_for_ahead_while_the_old_one_is_used() {
    let permits = Arc::new(Semaphore::new(1));
    let held = |token| Reply::Held(Arc::clone(&permits), token_answer(token));
    let server = Canned::new().on(ASKED, held("t1")).then(ASKED, held("t2")).start().await;
    let clock = HandClock::new();
    let tokens = tokens(&server.config(), &clock);
    let first = tokens.token().await.unwrap().expires_at();
    clock.advance(270);
    assert_eq!(tokens.token().await.unwrap().expires_at(), first);
    server.until(ASKED, 2).await;
    assert_eq!(tokens.token().await.unwrap().expires_at(), first);
    permits.add_permits(1);
    while tokens.token().await.unwrap().expires_at() == first {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.count(ASKED), 2);
}

#[tokio::test]
async fn a_refresh_that_fails_leaves_the_old_token_until_its_very_end() {
    let server = Canned::new().on(ASKED, json(&token_answer("t1"))).then(ASKED, status(503, "")).start().await;
    let clock = HandClock::new();
    let tokens = tokens(&server.config(), &clock);
    let first = tokens.token().await.unwrap().expires_at();
    for seconds in [270, 27, 2] {
        clock.advance(seconds);
        assert_eq!(tokens.token().await.unwrap().expires_at(), first);
    }
    clock.advance(1);
    tokens.token().await.unwrap_err();
}

#[tokio::test]
async fn who_goes_away_leaves_the_request_to_the_others() {
    let permits = Arc::new(Semaphore::new(0));
    let server = Canned::new().on(ASKED, Reply::Held(Arc::clone(&permits), token_answer("t1"))).start().await;
    let tokens = tokens(&server.config(), &HandClock::new());
    let impatient = tokio::spawn({
        let tokens = Arc::clone(&tokens);
        async move { tokens.token().await }
    });
    server.until(ASKED, 1).await;
    impatient.abort();
    assert!(impatient.await.unwrap_err().is_cancelled());
    permits.add_permits(1);
    tokens.token().await.unwrap();
    assert_eq!(server.count(ASKED), 1);
}

#[tokio::test]
async fn a_token_that_is_turned_away_is_replaced_once_and_the_request_repeated() {
    let server =
        counting().mesh("[]").on("GET /v1/apis", unauthorized()).then("GET /v1/apis", json("[]")).start().await;
    server.sync().await.unwrap();
    assert_eq!(server.lines(), [ASKED, "GET /v1/apis", ASKED, "GET /v1/apis"]);
    assert_eq!(shown(&server), ["t1", "t2"]);
}

#[tokio::test]
async fn requests_that_are_turned_away_together_cause_one_refresh() {
    let ids: Vec<String> = (1..=8).map(|at| format!("api-{at}")).collect();
    let versions: Vec<String> = ids.iter().map(|id| format!(r#"{{"apiId":"{id}"}}"#)).collect();
    let mut canned = counting().mesh(&format!(r#"[{{"apiProductId":"a","apiVersions":[{}]}}]"#, versions.join(",")));
    for id in &ids {
        let schema = format!("GET /v1/apis/{id}/schema");
        canned = canned.on(&schema, unauthorized()).then(&schema, json("{}"));
    }
    let server = canned.start().await;
    server.sync().await.unwrap();
    assert_eq!(server.count(ASKED), 2);
    assert_eq!(shown(&server)[9..], ["t2"; 8]);
}

#[tokio::test]
async fn a_portal_that_turns_all_tokens_away_causes_no_loop() {
    let server = counting().on("GET /v1/apis", unauthorized()).start().await;
    let clock = HandClock::new();
    let mut config = server.config();
    config.retries.first_wait = Duration::from_secs(10);
    config.retries.longest_wait = Duration::ZERO;
    let provider = provider(config, &clock);
    provider.sync().await.unwrap_err();
    assert_eq!(shown(&server), ["t1", "t2"]);
    // The second one was got for the first one, and is not replaced at once.
    for _ in 0..20 {
        provider.sync().await.unwrap_err();
    }
    assert_eq!(server.count(ASKED), 2);
    clock.advance(10);
    provider.sync().await.unwrap_err();
    assert_eq!(server.count(ASKED), 3);
}

#[tokio::test]
async fn a_source_that_has_no_other_token_has_its_request_made_once() {
    #[derive(Debug)]
    struct Given(AccessToken);
    impl TokenSource for Given {
        fn token(&self) -> TokenFuture<'_> {
            Box::pin(async { Ok(self.0.clone()) })
        }
    }
    let server = Canned::new().on("GET /v1/apis", unauthorized()).start().await;
    let config = server.config();
    let given = Arc::new(Given(AccessToken::new("given", None).unwrap()));
    let portal = PortalClient::new(&config, HttpClient::new(&config).unwrap(), given);
    Provider::over(portal).sync().await.unwrap_err();
    assert_eq!(server.lines(), ["GET /v1/apis"]);
}

#[tokio::test]
async fn after_a_failure_the_last_error_is_the_answer_until_its_time_has_passed() {
    let server = Canned::new().on(ASKED, status(503, "busy")).start().await;
    let clock = HandClock::new();
    let mut config = server.config();
    config.retries.first_wait = Duration::from_secs(10);
    config.retries.longest_wait = Duration::ZERO;
    let tokens = tokens(&config, &clock);
    let first = tokens.token().await.unwrap_err().to_string();
    assert_eq!(tokens.token().await.unwrap_err().to_string(), first);
    assert_eq!(server.count(ASKED), 1);
    clock.advance(10);
    tokens.token().await.unwrap_err();
    assert_eq!(server.count(ASKED), 2);
    // It doubles, and jitter takes half of it at most.
    clock.advance(9);
    tokens.token().await.unwrap_err();
    assert_eq!(server.count(ASKED), 2);
}

#[tokio::test]
async fn an_identity_provider_that_asks_for_patience_gets_it() {
    let told = [
        vec![("retry-after", "60".to_owned())],
        // Its clock is years behind ours.
        vec![
            ("date", "Wed, 01 Jan 2020 00:00:00 GMT".to_owned()),
            ("retry-after", "Wed, 01 Jan 2020 00:01:00 GMT".to_owned()),
        ],
    ];
    for headers in told {
        let server = Canned::new().on(ASKED, Reply::Answer { status: 429, headers, body: String::new() }).start().await;
        let clock = HandClock::new();
        let tokens = tokens(&server.config(), &clock);
        tokens.token().await.unwrap_err();
        clock.advance(50);
        tokens.token().await.unwrap_err();
        assert_eq!(server.count(ASKED), 1);
        clock.advance(10);
        tokens.token().await.unwrap_err();
        assert_eq!(server.count(ASKED), 2);
    }
}

#[tokio::test]
async fn patience_that_is_asked_for_has_an_end() {
    let headers = vec![("retry-after", "99999999999".to_owned())];
    let server = Canned::new().on(ASKED, Reply::Answer { status: 429, headers, body: String::new() }).start().await;
    let clock = HandClock::new();
    let tokens = tokens(&server.config(), &clock);
    tokens.token().await.unwrap_err();
    clock.advance(600);
    tokens.token().await.unwrap_err();
    assert_eq!(server.count(ASKED), 2);
}

#[tokio::test]
async fn what_a_token_says_of_its_own_end_does_not_matter() {
    // {"alg":"none"}.{"exp":1}
    let server = Canned::new().mesh("[]").on(ASKED, json(&token_answer("eyJhbGciOiJub25lIn0.eyJleHAiOjF9.x"))).start();
    let server = server.await;
    let provider = provider(server.config(), &HandClock::new());
    provider.sync().await.unwrap();
    provider.sync().await.unwrap();
    assert_eq!(server.count(ASKED), 1);
}
