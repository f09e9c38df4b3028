//! How fast the mocks answer, as ratios against references measured in the same run, round by round:
//!
//! - `GET /v1/apis` with a valid bearer token, against bare axum that serves the same bytes;
//! - the same, against the portal's own router without a stage around it: what the journal and a fault layer in which no fault
//!   is in force cost;
//! - client-credentials tokens, against RSA-2048 signing alone on the same cores.
//!
//! `cargo bench -p understudy-benches --bench throughput [-- SECONDS]`: the length of a round, 0.4 s by default. A ratio of two rounds
//! side by side holds when the machine's speed drifts; the median of many is what to quote. Which of the two comes first changes
//! from round to round, so that neither always finds the machine as the other has left it.

mod load;

use std::error::Error;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use understudy::scenarios::{Clock, Endpoints, Ids};
use understudy::{Scenario, Stage};

use load::{Load, get_with_token, post_form};

const ROUNDS: usize = 31;
const CONNECTIONS: usize = 32;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let seconds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(0.4);
    let round = Duration::from_secs_f64(seconds);
    let cores = std::thread::available_parallelism()?.get();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(cores).enable_all().build()?;

    let stage = runtime.block_on(Stage::start(Scenario::find("quickstart")?))?;
    let address = |url: &str| -> Result<SocketAddr, Box<dyn Error>> {
        let port = url::Url::parse(url)?.port().ok_or("a stage's URL has a port")?;
        Ok(SocketAddr::from(([127, 0, 0, 1], port)))
    };
    let (portal, issuer) = (address(stage.portal_url())?, stage.issuer()?);
    let idp = address(&issuer.token_endpoint)?;
    let client = stage.service_account()?;
    let secret = client.secret.as_ref().map_or("", |secret| secret.expose());
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", client.id);
    let token_request = post_form(idp, url::Url::parse(&issuer.token_endpoint)?.path(), &form);

    let answer = load::once(idp, &token_request)?;
    let answer: serde_json::Value = serde_json::from_slice(&answer)?;
    let token = answer["access_token"].as_str().ok_or("the token endpoint gave no token")?;
    let list_request = get_with_token(portal, "/v1/apis", token);
    let body = load::once(portal, &list_request)?;

    let bytes = bytes::Bytes::from(body.clone());
    let same = move || std::future::ready(([(CONTENT_TYPE, "application/json")], bytes.clone()));
    let bare = runtime.block_on(bare_axum(Router::new().route("/v1/apis", get(same))))?;
    println!("{cores} cores, {CONNECTIONS} connections, {ROUNDS} rounds of {seconds} s");
    println!("GET /v1/apis, {} bytes, against bare axum with the same bytes", body.len());
    let bare_request = get_with_token(bare, "/v1/apis", token);
    let ours = || Load::new(portal, &list_request, CONNECTIONS).run(round);
    compare("requests/s", ours, || Load::new(bare, &bare_request, CONNECTIONS).run(round))?;

    println!("the same, against the portal's router without a stage");
    let endpoints = Endpoints::new(&origin(stage.portal_url())?, &origin(&issuer.token_endpoint)?);
    let router = understudy_portal::router(stage.world().clone(), Clock::system(), Ids::seeded(0), endpoints);
    let alone = runtime.block_on(bare_axum(router))?;
    let alone_request = get_with_token(alone, "/v1/apis", token);
    compare("requests/s", ours, || Load::new(alone, &alone_request, CONNECTIONS).run(round))?;

    let key = development_key()?;
    let alone = signatures(&key, 1, round);
    println!("client-credentials tokens, against RSA-2048 signing alone ({alone:.0} signatures/s on one core)");
    let ours = || Load::new(idp, &token_request, CONNECTIONS).run(round);
    compare("tokens/s", ours, || Ok(signatures(&key, cores, round)))
}

/// Runs the rounds and prints ours, the reference's, and the ratio.
fn compare(
    unit: &str,
    ours: impl Fn() -> Result<f64, Box<dyn Error>>,
    theirs: impl Fn() -> Result<f64, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let round = |number: usize| -> Result<(f64, f64), Box<dyn Error>> {
        if number.is_multiple_of(2) {
            let ours = ours()?;
            return Ok((ours, theirs()?));
        }
        let theirs = theirs()?;
        Ok((ours()?, theirs))
    };
    round(0)?; // To warm up.
    let rounds = (0..ROUNDS).map(round).collect::<Result<Vec<_>, _>>()?;
    let spread = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        (values[0], values[values.len() / 2], values[values.len() - 1])
    };
    let (ours_min, ours, ours_max) = spread(rounds.iter().map(|round| round.0).collect());
    let (theirs_min, theirs, theirs_max) = spread(rounds.iter().map(|round| round.1).collect());
    let (ratio_min, ratio, ratio_max) = spread(rounds.iter().map(|round| round.0 / round.1).collect());
    println!("  ours       {ours:>9.0} {unit} (min {ours_min:.0}, max {ours_max:.0})");
    println!("  reference  {theirs:>9.0} {unit} (min {theirs_min:.0}, max {theirs_max:.0})");
    println!("  ratio      {ratio:>9.2} (min {ratio_min:.2}, max {ratio_max:.2})");
    Ok(())
}

/// Serves a router as axum does.
async fn bare_axum(router: Router) -> std::io::Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// The scheme, host and port of a URL.
fn origin(url: &str) -> Result<url::Url, url::ParseError> {
    url::Url::parse(url)?.join("/")
}

fn development_key() -> Result<RsaKeyPair, Box<dyn Error>> {
    let pem = include_str!("../../mock-idp/keys/okta-development-signing-key.pem");
    let (_, der) = pem_rfc7468::decode_vec(pem.as_bytes()).map_err(|error| error.to_string())?;
    Ok(RsaKeyPair::from_pkcs8(&der)?)
}

/// How many signatures a second `threads` threads make of something as long as a token.
fn signatures(key: &RsaKeyPair, threads: usize, round: Duration) -> f64 {
    let (stop, made) = (AtomicBool::new(false), AtomicU64::new(0));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let message = [b'x'; 400];
                let mut signature = vec![0; key.public_modulus_len()];
                while !stop.load(Ordering::Relaxed) {
                    let signed = key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature);
                    signed.expect("the development key signs");
                    made.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(round);
        stop.store(true, Ordering::Relaxed);
    });
    made.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64()
}
