//! The stage as a library: what somebody's own test leans on.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use understudy::provider::{Discovery, EntityKind, HttpClient};
use understudy::scenarios::{ApiId, Clock, OutsideIssuer, World};
use understudy::{Exchange, Scenario, Stage};

async fn quickstart() -> Stage {
    Stage::start(Scenario::find("quickstart").unwrap()).await.unwrap()
}

async fn api_titles(stage: &Stage) -> Vec<String> {
    let mutation = stage.provider().unwrap().sync().await.unwrap().mutation;
    let apis = mutation.entities().filter(|entity| entity.kind() == EntityKind::Api);
    apis.map(|entity| entity.metadata.title.clone().unwrap_or_default()).collect()
}

#[tokio::test]
async fn two_stages_stand_side_by_side() {
    let (one, other) = (quickstart().await, quickstart().await);
    assert_ne!(one.portal_url(), other.portal_url());
    assert_eq!(api_titles(&one).await, api_titles(&other).await);
}

#[tokio::test]
async fn a_change_of_the_world_is_seen_by_the_next_sync() {
    let stage = quickstart().await;
    assert_eq!(api_titles(&stage).await, ["petstore-v1", "tracks-v1"]);
    stage.world().edit(|world| {
        let mut world = World::clone(world);
        world.portal.products[0].versions[0].id = ApiId::from("petstore-v2");
        world.portal.products.truncate(1);
        world
    });
    assert_eq!(api_titles(&stage).await, ["petstore-v2"]);
}

#[tokio::test]
async fn a_dropped_stage_closes_its_ports_and_its_connections() {
    // Where a whole network is loopback, an address of its own: no other test can take the port once it is free.
    let own = if cfg!(target_os = "linux") { [127, 0, 0, 77] } else { [127, 0, 0, 1] };
    let scenario = Scenario::find("quickstart").unwrap();
    let stage = Stage::builder(scenario).bind(own.into()).start().await.unwrap();
    let address = stage.addresses()[0];
    let connected = tokio::net::TcpStream::connect(address).await.unwrap();
    drop(stage);
    // The end of the kept connection tells that the stage's tasks are gone.
    connected.readable().await.unwrap();
    assert_eq!(connected.try_read(&mut [0; 1]).unwrap_or(0), 0);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_stage_listens_on_both_loopback_addresses_where_there_are_both() {
    let stage = quickstart().await;
    let has_ipv6 = tokio::net::TcpListener::bind(("::1", 0)).await.is_ok();
    assert_eq!(stage.addresses().iter().filter(|address| address.is_ipv6()).count(), if has_ipv6 { 2 } else { 0 });
    assert_eq!(stage.addresses().iter().filter(|address| address.is_ipv4()).count(), 2);
}

#[tokio::test]
async fn an_expired_token_is_refused_and_the_exchange_says_since_when() {
    let clock = Clock::fixed("2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
    let exchanges: Arc<Mutex<Vec<Exchange>>> = Arc::default();
    let seen = Arc::clone(&exchanges);
    let stage = Stage::builder(Scenario::find("quickstart").unwrap())
        .clock(clock.clone())
        .on_exchange(move |exchange| seen.lock().unwrap().push(exchange.clone()))
        .start()
        .await
        .unwrap();
    let token = token(&stage).await;
    clock.advance(SignedDuration::from_secs(3600 + 12));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/apis", stage.portal_server_url());
    let response = client.get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let exchanges = exchanges.lock().unwrap();
    let refused = exchanges.last().unwrap();
    assert_eq!(refused.note.refusal.as_ref().unwrap().0, "token expired 12 s ago");
    assert_eq!(refused.path, "/v1/apis");
}

#[tokio::test]
async fn a_provider_of_the_stage_goes_by_its_clock() {
    let clock = Clock::fixed("2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
    let tokens = Arc::new(Mutex::new(0));
    let count = Arc::clone(&tokens);
    let stage = Stage::builder(Scenario::find("quickstart").unwrap())
        .clock(clock.clone())
        .on_exchange(move |exchange| *count.lock().unwrap() += usize::from(exchange.path.ends_with("/token")))
        .start()
        .await
        .unwrap();
    let provider = stage.provider().unwrap();
    for asked_for in [1, 1] {
        provider.sync().await.unwrap();
        assert_eq!(*tokens.lock().unwrap(), asked_for);
    }
    clock.advance(SignedDuration::from_hours(2));
    provider.sync().await.unwrap();
    assert_eq!(*tokens.lock().unwrap(), 2);
}

#[tokio::test]
async fn mocks_known_by_a_path_of_somebody_elses_answer_under_it_too() {
    let stage = Stage::builder(Scenario::find("quickstart").unwrap())
        .idp_url("http://localhost/identity".parse().unwrap())
        .portal_url("http://localhost/gloo".parse().unwrap())
        .start()
        .await
        .unwrap();
    assert_eq!(stage.issuer().unwrap().issuer, "http://localhost/identity/oauth2/default");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let idp = stage.addresses().iter().rev().find(|address| address.is_ipv4()).unwrap();
    for prefix in ["", "/identity"] {
        let url = format!("http://{idp}{prefix}/oauth2/default/.well-known/openid-configuration");
        let discovery: serde_json::Value = client.get(url).send().await.unwrap().json().await.unwrap();
        assert_eq!(discovery["issuer"], "http://localhost/identity/oauth2/default");
    }
    let portal = stage.addresses()[0];
    for prefix in ["", "/gloo"] {
        let url = format!("http://{portal}{prefix}/v1/apis");
        assert_eq!(client.get(url).send().await.unwrap().status(), 401);
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = quickstart().await;
    let port = first.addresses()[0].port();
    let second = Stage::builder(Scenario::find("quickstart").unwrap()).portal_port(port).start().await;
    let message = second.unwrap_err().to_string();
    assert!(message.starts_with(&format!("the portal's port {port} is taken")), "{message}");
}

#[tokio::test]
async fn a_token_of_each_issuer_lets_its_bearer_in() {
    let stage = quickstart().await;
    for issuer in stage.issuers() {
        let config = stage.provider_config(&issuer).unwrap();
        let provider = understudy::provider::Provider::new(config).unwrap();
        let outcome = tokio::time::timeout(Duration::from_secs(20), provider.sync()).await.unwrap();
        assert_eq!(outcome.unwrap().mutation.entities().count(), 5, "{}", issuer.name);
    }
}

#[tokio::test]
async fn a_portal_trusts_an_identity_provider_outside_in_place_of_its_own() {
    let world = "identity: {clients: [{id: stranger, secret: known-there-alone}]}\nportal: {products: []}";
    let there = Stage::start(Scenario::from_yaml("there", world).unwrap()).await.unwrap();
    let http = HttpClient::with_limits(Duration::from_secs(5), 1_000_000);
    let found = Discovery::read(&http, &there.issuers()[2].issuer).await.unwrap();
    let issuer = OutsideIssuer {
        issuer: found.issuer,
        token_endpoint: found.token_endpoint.into(),
        jwks_uri: found.jwks_uri.unwrap().into(),
        ca_pem: None,
    };
    let stage = Stage::builder(Scenario::find("quickstart").unwrap())
        .issuer_at(issuer.clone())
        .service_account("stranger", "known-there-alone");
    let stage = stage.start().await.unwrap();

    assert_eq!(api_titles(&stage).await, ["petstore-v1", "tracks-v1"]);
    let asked: Vec<String> = there.journal().exchanges().iter().map(|exchange| exchange.path.clone()).collect();
    let under = |path| format!("/realms/gloo{path}");
    let protocol = "/protocol/openid-connect";
    assert_eq!(
        asked,
        [
            under("/.well-known/openid-configuration"),
            under(&format!("{protocol}/token")),
            under(&format!("{protocol}/certs"))
        ]
    );
    let [named] = stage.issuers().try_into().unwrap();
    assert_eq!((named.kind, named.issuer), ("keycloak", issuer.issuer));

    let own_idp = stage.addresses().last().unwrap();
    let own = token_at(&format!("http://{own_idp}/oauth2/default/v1/token"), "backstage", "backstage-dev-secret").await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let asked = client.get(format!("{}/apis", stage.portal_server_url())).bearer_auth(own);
    assert_eq!(asked.send().await.unwrap().status(), 401, "the mock's own issuers are not trusted any more");
}

async fn token(stage: &Stage) -> String {
    let account = stage.service_account().unwrap();
    let secret = account.secret.as_ref().unwrap().expose();
    token_at(&stage.issuer().unwrap().token_endpoint, &account.id, secret).await
}

async fn token_at(endpoint: &str, id: &str, secret: &str) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .post(endpoint)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("grant_type=client_credentials&client_id={id}&client_secret={secret}"))
        .send()
        .await
        .unwrap();
    answer.json::<serde_json::Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
}
