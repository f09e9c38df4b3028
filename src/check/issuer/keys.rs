//! The issuer's keys: whether they can be fetched, and whether there is one that tokens are signed with.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use serde_json::{Map, Value};
use understudy_provider::{ShownUrl, quote};
use url::Url;

use super::{Issuer, JWKS, SIGNING_KEY};
use crate::check::examination::{Beside, Examination, asked};
use crate::check::facts::Vendor;
use crate::check::finding::Status;

pub(super) async fn examine(exam: &mut Examination, issuer: &Issuer, document: &Map<String, Value>) {
    let Some(text) = document.get("jwks_uri").and_then(Value::as_str) else { return };
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => url,
        _ => {
            let message =
                format!("the document's jwks_uri is no URL that could be asked: {}", quote::body(text.as_bytes(), ""));
            exam.fail(&JWKS, message, "Look at what is before the identity provider and makes its addresses.");
            return;
        }
    };
    let is = ShownUrl::of(&url);
    let answer = match exam.get(&url, None).await {
        Ok(answer) => answer,
        Err(error) => {
            let remedy =
                "The portal's external auth service fetches the keys at that address too: make it reachable, for both.";
            exam.no_answer(&JWKS, &error, remedy);
            return;
        }
    };
    let set: Option<Value> = serde_json::from_slice(answer.body()).ok();
    let keys = set
        .as_ref()
        .and_then(|set| set.get("keys"))
        .and_then(Value::as_array)
        .filter(|_| answer.status() == StatusCode::OK);
    let Some(keys) = keys else {
        let what = if answer.status() == StatusCode::OK {
            "no set of keys, ".to_owned()
        } else {
            format!("{}, ", answer.status())
        };
        let beside = Beside {
            asked: Some(asked(&Method::GET, &url)),
            remedy: Some(
                "Without its keys nobody can check a token: look at the log of the identity provider and of what is before it."
                    .to_owned(),
            ),
            ..Beside::default()
        };
        exam.found(&JWKS, Status::Fail, format!("{is} answered {what}{}", quote::body(answer.body(), "")), beside);
        return;
    };
    if issuer.text.starts_with("https:") && url.scheme() == "http" {
        exam.warn(
            &JWKS,
            format!("the keys are at {is}, which is http, though the issuer is https: whoever is on the way can put in his own"),
            "Tell the identity provider that a proxy before it speaks https.",
        );
    } else {
        exam.pass(&JWKS, format!("{is} holds {}", counted(keys.len())));
    }
    signing(exam, keys);
}

fn counted(keys: usize) -> String {
    if keys == 1 { "1 key".to_owned() } else { format!("{keys} keys") }
}

fn signing(exam: &mut Examination, keys: &[Value]) {
    let signing: Vec<Value> = keys.iter().filter(|key| is_for_signatures(key)).cloned().collect();
    let vendor = exam.facts.vendor;
    if signing.is_empty() {
        let message = match keys.len() {
            0 => "the set of keys is empty".to_owned(),
            1 => "the one key is not for signatures".to_owned(),
            count => format!("none of the {count} keys is for signatures"),
        };
        let remedy = match vendor {
            Some(Vendor::Keycloak) => {
                "Keycloak: Realm settings > Keys > Add provider, `rsa-generated`, for signatures."
            }
            Some(vendor) if vendor.is_okta() => {
                "Okta: Security > API > Authorization Servers > the server > Settings > Signing Key Rotation."
            }
            _ => "Give the issuer a key for signatures, `\"use\": \"sig\"`.",
        };
        exam.fail(&SIGNING_KEY, message, remedy);
        return;
    }
    let text = |key: &Value, member: &str| key.get(member).and_then(Value::as_str).map(str::to_owned);
    let ids: Vec<String> = signing.iter().filter_map(|key| text(key, "kid")).collect();
    let distinct: HashSet<&String> = ids.iter().collect();
    let weak = signing.iter().filter_map(bits).find(|bits| *bits < 2048);
    if distinct.len() < ids.len() || (signing.len() > 1 && ids.len() < signing.len()) {
        exam.warn(
            &SIGNING_KEY,
            "two keys for signatures have the same `kid`, or none: who checks a token can't tell which one to take",
            "Give each key a `kid` of its own.",
        );
    } else if let Some(bits) = weak {
        exam.warn(
            &SIGNING_KEY,
            format!("an RSA key for signatures has {bits} bits, and many who check tokens take none below 2048"),
            "Replace it by one of 2048 bits or more.",
        );
    } else {
        let algorithms: Vec<String> =
            signing.iter().filter_map(|key| text(key, "alg").or_else(|| text(key, "kty"))).collect();
        exam.pass(&SIGNING_KEY, format!("{} for signatures: {}", counted(signing.len()), algorithms.join(", ")));
    }
    exam.facts.signing_keys = Some(signing);
}

/// RFC 7517 sections 4.2 and 4.3: by its use, by its operations, or by default.
fn is_for_signatures(key: &Value) -> bool {
    let has_kind = matches!(key.get("kty").and_then(Value::as_str), Some("RSA" | "EC" | "OKP"));
    let usage = key.get("use").and_then(Value::as_str);
    let operations = key.get("key_ops").and_then(Value::as_array);
    let may_verify = operations.is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
    has_kind && usage.is_none_or(|usage| usage == "sig") && may_verify
}

/// How many bits the modulus of an RSA key has.
fn bits(key: &Value) -> Option<usize> {
    let modulus = URL_SAFE_NO_PAD.decode(key.get("n")?.as_str()?.trim_end_matches('=')).ok()?;
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let leading = modulus[first].leading_zeros() as usize;
    Some((modulus.len() - first) * 8 - leading)
}
