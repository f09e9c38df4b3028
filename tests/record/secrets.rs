//! No secret and nobody's name in a recording.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::ExposeSecret as _;
use understudy::provider::{ClientCredentials, HttpClient, SystemClock, TokenSource as _};
use understudy::record::{Redaction, Replaced};

use crate::{Live, SECRET, assert_proven, written};

/// Whether a text holds a secret in one of the ways that a server may repeat it.
fn holds(text: &str, secret: &str) -> bool {
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::Value::from(secret).to_string();
    let forms = [
        secret.to_owned(),
        form,
        json[1..json.len() - 1].to_owned(),
        STANDARD.encode(secret).trim_end_matches('=').to_owned(),
        URL_SAFE_NO_PAD.encode(secret),
    ];
    forms.iter().any(|form| text.contains(form))
}

#[tokio::test]
async fn no_secret_is_in_the_files() {
    let live = Live::quickstart().await;
    let config = live.config();
    let tokens = ClientCredentials::new(&config, HttpClient::new(&config).unwrap(), std::sync::Arc::new(SystemClock));
    let token = tokens.token().await.unwrap();
    let text = written(&live.record().await);
    assert!(!holds(&text, SECRET), "{text}");
    assert!(text.contains("secret: backstage-dev-secret"), "{text}");
    for part in token.secret().expose_secret().split('.') {
        assert!(!holds(&text, part));
    }
    assert!(!text.contains("eyJ"));
}

/// The mocks' own secret is the real one here, so that another stands in for it.
#[tokio::test]
async fn the_bundled_secret_does_not_stand_in_for_itself() {
    let stage = understudy::Stage::start(understudy::Scenario::find("quickstart").unwrap()).await.unwrap();
    let config = stage.provider_config(&stage.issuer().unwrap()).unwrap();
    let recording = understudy::record::record(&config, &Redaction::default()).await.unwrap();
    assert!(!written(&recording).contains("backstage-dev-secret"));
    assert_proven(&recording).await;
}

/// A portal that shows secrets: the client's own in three forms, a token, a key, a password.
async fn careless() -> Live {
    let basic = STANDARD.encode(format!("portal-sync:{SECRET}"));
    let form: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let jwt =
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#), URL_SAFE_NO_PAD.encode(r#"{"sub":"x"}"#));
    Live::showing(&format!(
        r#"
  products:
    - id: pets
      versions:
        - {{name: v1, description: "with {SECRET}", spec: {{openapi: 3.0.3, a: "Basic {basic}", b: "client_secret={form}", c: "{jwt}"}}}}
        - {{name: v2, specForm: yaml-text, spec: {{openapi: 3.0.3, a: "https://u:p@portal.example", k: "-----BEGIN PRIVATE KEY-----\nMHcC\n-----END PRIVATE KEY-----\n"}}}}
"#
    ))
    .await
}

#[tokio::test]
async fn secrets_that_the_portal_shows_are_replaced_and_told_with_their_places() {
    let live = careless().await;
    let recording = live.record().await;
    let text = written(&recording);
    assert!(
        !holds(&text, SECRET) && !text.contains("eyJ") && !text.contains("MHcC") && !text.contains("u:p@"),
        "{text}"
    );
    let told: Vec<String> =
        recording.tally().secrets().iter().map(|(what, place)| format!("{what:?} {place}")).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    Secret("the client secret") /apis at /0/apiVersions/0/description
    Secret("the client secret") /apis/pets-v1/schema at /a
    Shape(Credentials) /apis/pets-v1/schema at /a
    Secret("the client secret") /apis/pets-v1/schema at /b
    Shape(Jwt) /apis/pets-v1/schema at /c
    Shape(UrlPassword) /apis/pets-v2/schema
    Shape(PrivateKey) /apis/pets-v2/schema
    "#);
    assert_proven(&recording).await;
}

#[tokio::test]
async fn people_and_what_is_asked_for_are_replaced_everywhere() {
    let live = Live::showing(
        r#"
  products:
    - id: acme-pets
      versions:
        - {name: v1, contact: Jane Doe, description: "Ask jane@acme.io.", customMetadata: {owner: jane@acme.io},
           spec: {openapi: 3.0.3, info: {title: Acme, contact: {name: Jane Doe, email: jane@acme.io}}, servers: [{url: "https://api.acme.io"}]}}
"#,
    )
    .await;
    let wanted = Redaction::default().replacing("acme.io", "example.org").unwrap().replacing("acme", "shop").unwrap();
    let recording = live.try_record(&wanted).await.unwrap();
    let text = written(&recording);
    assert!(!text.contains("jane") && !text.contains("Jane") && !text.contains("acme"), "{text}");
    assert!(
        text.contains("https://api.example.org") && text.contains("id: shop-pets") && text.contains("title\":\"Acme"),
        "{text}"
    );
    assert_eq!(recording.tally().counts()[&Replaced::Name], 2);
    assert_proven(&recording).await;
    let kept = written(&live.try_record(&Redaction::default().keeping_people()).await.unwrap());
    assert!(kept.contains("contact: Jane Doe") && kept.contains("jane@acme.io"), "{kept}");
}

#[tokio::test]
async fn a_secret_that_a_replacement_brings_in_is_refused_with_its_place() {
    let live = Live::quickstart().await;
    let wanted = Redaction::default().replacing("Tracks", SECRET).unwrap();
    let error = live.try_record(&wanted).await.unwrap_err().to_string();
    assert!(error.starts_with("a secret would stand in the recording, so that nothing was written:\n  s"), "{error}");
    assert!(error.contains(": the client secret"), "{error}");
    assert!(!error.contains(SECRET));
}
