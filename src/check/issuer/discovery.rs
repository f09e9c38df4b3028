//! The discovery document: whether it is there, and whether it means the same issuer as the configuration.

use http::header::{CONTENT_TYPE, LOCATION};
use http::{Method, Response, StatusCode};
use serde_json::{Map, Value};
use understudy_provider::{ShownUrl, quote};
use url::Url;

use super::{DISCOVERY, IDENTIFIER, Issuer, TOKEN_ENDPOINT, discovery_url, known};
use crate::check::examination::{Beside, Examination, asked};
use crate::check::facts::Vendor;
use crate::check::finding::Status;

/// Fetches the document, and tells what is wrong with it.
pub(super) async fn examine(exam: &mut Examination, issuer: &Issuer) -> Option<Map<String, Value>> {
    let Some(url) = issuer.discovery_url() else {
        exam.fail(&DISCOVERY, "the issuer is no URL to which a path could be added", "Write it without `?` and `#`.");
        return None;
    };
    let answer = match exam.get(&url, None).await {
        Ok(answer) => answer,
        Err(error) => {
            let remedy = "Is it running, and is that its address? `understudy check --only network` tells how far the way leads.";
            exam.no_answer(&DISCOVERY, &error, remedy);
            return None;
        }
    };
    let fail = |exam: &mut Examination, message: String, remedy: String| {
        let asked = Some(asked(&Method::GET, &url));
        let beside = Beside { asked, remedy: Some(remedy), ..Beside::default() };
        exam.found(&DISCOVERY, Status::Fail, message, beside);
    };
    if answer.status() != StatusCode::OK {
        let (message, remedy) = refused(exam, issuer, &url, &answer).await;
        fail(exam, message, remedy);
        return None;
    }
    let document: Map<String, Value> = match serde_json::from_slice(answer.body()) {
        Ok(Value::Object(document)) => document,
        _ => {
            let page = is_page(&answer);
            let what = if page { "a web page" } else { "no JSON object" };
            let message = format!("{url} answered {what}, {}", quote::body(answer.body(), ""));
            let remedy = if page {
                format!("That is a console's or a login page's address. {}", where_is(exam, issuer))
            } else {
                where_is(exam, issuer)
            };
            fail(exam, message, remedy);
            return None;
        }
    };
    let lacks: Vec<&str> = ["issuer", "jwks_uri", "token_endpoint"]
        .into_iter()
        .filter(|member| document.get(*member).is_none_or(|value| value.as_str().is_none_or(str::is_empty)))
        .collect();
    if !lacks.is_empty() {
        let message = format!("{url} answered a document without {}", lacks.join(", "));
        fail(exam, message, where_is(exam, issuer));
        // What it does have can be looked at all the same.
        if lacks.len() == 3 {
            return None;
        }
    }
    let vendor = vendor(&document);
    exam.facts.vendor = Some(vendor);
    if lacks.is_empty() {
        exam.pass(&DISCOVERY, format!("{url} is there; the identity provider is {}", vendor.name()));
    }
    exam.facts.issuer = document.get("issuer").and_then(Value::as_str).map(str::to_owned);
    exam.facts.discovery = Some(document.clone());
    Some(document)
}

fn vendor(document: &Map<String, Value>) -> Vendor {
    let endpoint = document.get("token_endpoint").and_then(Value::as_str).and_then(|url| Url::parse(url).ok());
    endpoint.map_or(Vendor::Other, |url| Vendor::of_token_endpoint(&url))
}

fn is_page(answer: &Response<Vec<u8>>) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || answer.body().trim_ascii_start().starts_with(b"<")
}

/// What an answer other than 200 means, and what to do.
async fn refused(exam: &mut Examination, issuer: &Issuer, url: &Url, answer: &Response<Vec<u8>>) -> (String, String) {
    let status = answer.status();
    if status.is_redirection() {
        let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let target = location.and_then(|location| url.join(location).ok());
        let shown = target.as_ref().map_or_else(|| "nowhere".to_owned(), |target| ShownUrl::of(target).to_string());
        let message = format!("{url} answered {status}, a redirect to {shown}, which nobody follows with a secret");
        let is_same_but_https = target.as_ref().is_some_and(|target| {
            target.scheme() == "https" && url.scheme() == "http" && target.host_str() == url.host_str()
        });
        let remedy = if is_same_but_https {
            format!("Write https in {}.", configured(exam, issuer))
        } else {
            format!(
                "Write the address that it leads to in {}, if that is the issuer and no login page.",
                configured(exam, issuer)
            )
        };
        return (message, remedy);
    }
    let message = format!("{url} answered {status}, {}", quote::body(answer.body(), ""));
    if status == StatusCode::NOT_FOUND {
        // A Keycloak has its realms in one of two places.
        if let Some(other) = known::other_keycloak(&issuer.text)
            && let Some(other_url) = discovery_url(&other)
            && let Ok(answer) = exam.get(&other_url, None).await
            && answer.status() == StatusCode::OK
        {
            return (message, format!("The realm is at {other}: write that in {}.", configured(exam, issuer)));
        }
        if String::from_utf8_lossy(answer.body()).contains("Realm does not exist") {
            let remedy = "Keycloak has no realm of that name: it is the part after /realms/, and minds case. The list is at the \
                          top left of the admin console.";
            return (message, remedy.to_owned());
        }
    }
    if status.is_server_error() {
        return (message, "Look at the log of the identity provider and of what is before it.".to_owned());
    }
    (message, where_is(exam, issuer))
}

/// What the address that is to be corrected is called.
fn configured(exam: &Examination, issuer: &Issuer) -> String {
    if issuer.is_named { exam.names.issuer.clone() } else { exam.names.token_endpoint.clone() }
}

/// Where the right issuer is found.
fn where_is(exam: &Examination, issuer: &Issuer) -> String {
    let name = configured(exam, issuer);
    match exam.facts.vendor {
        Some(vendor) if vendor.is_okta() => {
            format!(
                "Correct {name}: the issuer is at Okta, Security > API > Authorization Servers > the server > Issuer URI."
            )
        }
        Some(Vendor::Keycloak) => format!("Correct {name}: the issuer is https://HOST/realms/REALM at Keycloak."),
        _ => format!(
            "Correct {name}: the issuer is https://HOST/oauth2/default at Okta (Security > API > Authorization Servers > the \
             server > Issuer URI), and https://HOST/realms/REALM at Keycloak."
        ),
    }
}

/// Whether the document's `issuer` is the one that was asked.
pub(super) fn identifier(exam: &mut Examination, issuer: &Issuer, document: &Map<String, Value>) {
    let Some(found) = document.get("issuer").and_then(Value::as_str) else { return };
    if found == issuer.text {
        exam.pass(&IDENTIFIER, format!("the issuer calls itself {found}"));
        return;
    }
    let found = shown(found);
    let asked = shown(&issuer.text);
    let differs = if found.trim_end_matches('/') == asked.trim_end_matches('/') {
        ", which differs by a slash at the end"
    } else if found.eq_ignore_ascii_case(&asked) {
        ", which differs by capital letters"
    } else {
        ""
    };
    let message = format!("the issuer at {asked} calls itself {found}{differs}: that is the `iss` of its tokens");
    let where_set = match exam.facts.vendor {
        Some(vendor) if vendor.is_okta() => {
            " Okta decides it at Security > API > Authorization Servers > the server > Settings > Issuer."
        }
        Some(Vendor::Keycloak) => {
            " Keycloak decides it by `hostname` (KC_HOSTNAME), or by the host that it is asked by."
        }
        _ => "",
    };
    if issuer.is_named {
        let remedy = format!("If that is the one you mean, write {found} in {}.{where_set}", exam.names.issuer);
        exam.fail(&IDENTIFIER, message, remedy);
    } else {
        let remedy = format!(
            "The portal's external auth must trust exactly that one; ask it by the name that it has itself where that can \
             be reached.{where_set}"
        );
        exam.warn(&IDENTIFIER, message, remedy);
    }
}

/// Whether the configured token endpoint is the document's, or which one that is.
pub(super) fn token_endpoint(exam: &mut Examination, issuer: &Issuer, document: &Map<String, Value>) {
    let Some(text) = document.get("token_endpoint").and_then(Value::as_str) else { return };
    let found = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => url,
        _ => {
            let message = format!("the document's token_endpoint, {}, is no URL that could be asked", shown(text));
            exam.fail(
                &TOKEN_ENDPOINT,
                message,
                "Look at what is before the identity provider and makes its addresses.",
            );
            return;
        }
    };
    let name = exam.names.token_endpoint.clone();
    let is = ShownUrl::of(&found);
    match exam.facts.token_endpoint.clone() {
        None if issuer.text.starts_with("https:") && found.scheme() != "https" => {
            let message = format!("the document's token_endpoint, {is}, is http, though the issuer is https: no secret is sent there");
            let remedy = match exam.facts.vendor {
                Some(Vendor::Keycloak) => {
                    "Tell Keycloak that a proxy before it speaks https: `proxy-headers` (KC_PROXY_HEADERS=xforwarded), and have \
                     the proxy send X-Forwarded-Proto."
                }
                _ => "Tell the identity provider that a proxy before it speaks https.",
            };
            exam.fail(&TOKEN_ENDPOINT, message, remedy);
        }
        None => {
            exam.pass(&TOKEN_ENDPOINT, format!("tokens are asked for at {is}"));
            exam.facts.token_endpoint = Some(found);
        }
        Some(configured) if configured == found => {
            exam.pass(&TOKEN_ENDPOINT, format!("{name} is the issuer's own, {is}"));
        }
        Some(configured) if configured.path() == found.path() => exam.warn(
            &TOKEN_ENDPOINT,
            format!("{name} is {}, and the issuer calls it {is}: another name for the same, probably", ShownUrl::of(&configured)),
            "Take the issuer's own where that can be reached: some identity providers put the name that they are asked by into \
             `iss`.",
        ),
        Some(configured) => exam.fail(
            &TOKEN_ENDPOINT,
            format!("{name} is {}, and the issuer's is {is}", ShownUrl::of(&configured)),
            format!("Write {is} in {name}, or name the issuer alone."),
        ),
    }
}

/// An address from elsewhere, without what may be secret, and short.
fn shown(text: &str) -> String {
    match Url::parse(text) {
        // As it is written, where nothing in it has to be hidden: a slash more or less is the point.
        Ok(url)
            if url.username().is_empty() && url.query().is_none() && url.fragment().is_none() && text.len() < 300 =>
        {
            text.to_owned()
        }
        Ok(url) => ShownUrl::of(&url).to_string(),
        Err(_) => quote::body(text.as_bytes(), ""),
    }
}
