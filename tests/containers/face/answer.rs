//! An answer as text, a line a fact, without what must differ between two servers: addresses, times, ids, keys.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::json::Json;

/// What came.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// What a connection's ends do by themselves.
const OF_THE_CONNECTION: [&str; 4] = ["connection", "date", "keep-alive", "transfer-encoding"];
/// Members whose value is of a key: only its length is told.
const OF_A_KEY: [&str; 8] = ["kid", "n", "x5t", "x5t#S256", "x5c", "public_key", "at_hash", "session_state"];

/// The answer of the server at `base`.
pub(super) fn told(answer: &Answer, base: &str) -> String {
    let mut text = format!("status: {}\n", answer.status.as_u16());
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !OF_THE_CONNECTION.contains(&name.as_str()))
        .map(|(name, value)| match name.as_str() {
            // Addresses are not of one length, and the body is compared by itself.
            "content-length" if value != "0" => "content-length: {length}".to_owned(),
            name => format!("{name}: {}", redacted(&String::from_utf8_lossy(value.as_bytes()), base)),
        })
        .collect();
    headers.sort();
    for header in headers {
        let _ = writeln!(text, "header {header}");
    }
    tell_body(&answer.body, base, &mut text);
    text
}

fn tell_body(body: &str, base: &str, text: &mut String) {
    if body.is_empty() {
        text.push_str("body: none\n");
    } else if let Ok(mut json) = serde_json::from_str::<Json>(body) {
        settle_keys(&mut json);
        tell_json("body", &json, base, text);
    } else {
        let _ = writeln!(text, "body: {}", redacted(body, base).escape_debug());
    }
}

fn tell_json(path: &str, json: &Json, base: &str, text: &mut String) {
    let mut times = (None, None);
    let mut scopes = Vec::new();
    json.walk(path, &mut |path, value| {
        let member = path.rsplit('.').next().unwrap_or_default();
        let member = member.split('[').next().unwrap_or_default();
        let shown = match (member, value) {
            ("scopes_supported", Value::String(scope)) => {
                scopes.push(scope.clone());
                return;
            }
            ("exp", Value::Number(time)) => {
                times.0 = time.as_i64();
                "{time}".to_owned()
            }
            ("iat", Value::Number(time)) => {
                times.1 = time.as_i64();
                "{time}".to_owned()
            }
            // Keycloak takes off what has passed since it made the token.
            ("expires_in", Value::Number(seconds)) => {
                format!("{{up to {} s}}", seconds.as_u64().unwrap_or_default().next_multiple_of(5))
            }
            ("clientHost" | "clientAddress", Value::String(_)) => "{address}".to_owned(),
            ("scope", Value::String(of)) => in_order(of.split(' ').map(str::to_owned).collect()),
            (key, Value::String(of)) if OF_A_KEY.contains(&key) => format!("{{{} characters}}", of.len()),
            (_, Value::String(of)) if is_jwt(of) => {
                let _ = writeln!(text, "{path}: {{a JWT}}");
                tell_jwt(path, of, base, text);
                return;
            }
            (_, value) => redacted(&value.to_string(), base),
        };
        let _ = writeln!(text, "{path}: {shown}");
    });
    if !scopes.is_empty() {
        let _ = writeln!(text, "{path}.scopes_supported: {}", in_order(scopes));
    }
    if let (Some(until), Some(from)) = times {
        let _ = writeln!(text, "{path} is good for {} s", until - from);
    }
}

/// Puts in order the claims that share one bucket of the hash table that Keycloak keeps them in: they come as they were put in,
/// which is another order in another realm.
fn settle(claims: &mut Json) {
    let Json::Object(members) = claims else { return };
    let shares = |(name, _): &(String, Json)| matches!(name.as_str(), "address" | "clientHost" | "email_verified");
    if let (Some(first), Some(last)) = (members.iter().position(shares), members.iter().rposition(shares)) {
        members[first..=last].sort_by(|one, other| one.0.cmp(&other.0));
    }
}

/// Puts a JWK set's keys in order of their use: Keycloak has them in an order that comes from random ids, too.
fn settle_keys(body: &mut Json) {
    let Json::Object(members) = body else { return };
    for (name, member) in members {
        if let ("keys", Json::List(keys)) = (name.as_str(), member) {
            keys.sort_by_cached_key(|key| match key {
                Json::Object(key) => format!("{:?}", key.iter().find(|(name, _)| name == "use")),
                _ => String::new(),
            });
        }
    }
}

/// Scopes by name: each realm of Keycloak's has them in an order of its own, which comes from random ids.
fn in_order(mut scopes: Vec<String>) -> String {
    scopes.sort();
    format!("{{in any order: {}}}", scopes.join(" "))
}

fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() == 3
}

/// The header as it is written, the claims, and how long the signature is.
fn tell_jwt(path: &str, token: &str, base: &str, text: &mut String) {
    let parts: Vec<&str> = token.split('.').collect();
    let decoded = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let header = decoded(parts[0]);
    let key_id =
        serde_json::from_str::<Value>(&header).ok().and_then(|header| Some(header["kid"].as_str()?.to_owned()));
    let header = key_id.map_or(header.clone(), |key_id| header.replace(&key_id, "{a key's}"));
    let _ = writeln!(text, "{path} header: {header}");
    match serde_json::from_str::<Json>(&decoded(parts[1])) {
        Ok(mut claims) => {
            settle(&mut claims);
            tell_json(&format!("{path} claims"), &claims, base, text);
        }
        Err(error) => {
            let _ = writeln!(text, "{path} claims: no JSON ({error})");
        }
    }
    let _ = writeln!(text, "{path} signature: {} characters", parts[2].len());
}

/// Without the server's address and without UUIDs.
fn redacted(text: &str, base: &str) -> String {
    let text = text.replace(base, "{base}");
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(character) = rest.chars().next() {
        if rest.get(..36).is_some_and(is_uuid) {
            shown.push_str("{uuid}");
            rest = &rest[36..];
        } else {
            shown.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    shown
}

fn is_uuid(text: &str) -> bool {
    text.bytes().enumerate().all(|(place, byte)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}
