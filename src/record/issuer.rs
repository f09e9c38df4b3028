//! The identity provider that a portal's tokens come from: what its discovery document, its keys and a token tell of it.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};
use understudy_provider::{AccessToken, Config, HttpClient, TokenEndpoint};
use understudy_scenarios::file::{FaceFile, IssuerFile};
use url::Url;

/// What was seen of an identity provider.
#[derive(Debug)]
pub(super) struct Issuer {
    pub(super) file: IssuerFile,
    /// Its URLs, as far as they are known.
    pub(super) urls: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// The scopes that every server with a face has: those of OpenID Connect, and of a fresh realm.
const OKTA_SCOPES: &[&str] =
    &["openid", "profile", "email", "address", "phone", "offline_access", "device_sso", "interclient_access"];
const KEYCLOAK_SCOPES: &[&str] = &[
    "openid",
    "service_account",
    "email",
    "address",
    "basic",
    "offline_access",
    "profile",
    "organization",
    "roles",
    "phone",
    "microprofile-jwt",
    "acr",
    "web-origins",
];

/// The claims that a face's tokens for a service account have.
const OKTA_CLAIMS: &[&str] = &["ver", "jti", "iss", "aud", "iat", "exp", "cid", "scp", "sub"];
const KEYCLOAK_CLAIMS: &[&str] = &[
    "exp",
    "iat",
    "jti",
    "iss",
    "aud",
    "sub",
    "typ",
    "azp",
    "acr",
    "allowed-origins",
    "realm_access",
    "resource_access",
    "scope",
    "clientHost",
    "email_verified",
    "preferred_username",
    "clientAddress",
    "client_id",
];
/// The claims by which a portal may tell a service account, or how long a token is good: one that is not there is missed.
const TELLING: &[&str] = &["aud", "sub", "cid", "client_id", "azp", "exp"];

impl Issuer {
    /// Looks at the identity provider, as far as anybody may.
    pub(super) async fn look(config: &Config, http: &HttpClient, token: &AccessToken) -> Self {
        let claims = claims(token.secret().expose_secret());
        let mut notes = Vec::new();
        let discovery = discovery(config, http, claims.as_ref(), &mut notes).await;
        let endpoint = match &config.token_endpoint {
            TokenEndpoint::At(url) => Some(url.clone()),
            TokenEndpoint::Issuer(_) => discovery.as_ref().and_then(|found| url(found.get("token_endpoint"))),
        };
        let issuer = discovery.as_ref().and_then(|found| found.get("issuer")).and_then(Value::as_str);
        let issuer = issuer.or_else(|| claims.as_ref()?.get("iss")?.as_str()).map(str::to_owned);
        let mut file = face(endpoint.as_ref(), issuer.as_deref(), claims.as_ref(), &mut notes);
        match &claims {
            Some(claims) => token_facts(&mut file, claims, issuer.as_deref(), &mut notes),
            None => notes.push(
                "the access token is no JWT, by which the mock portal knows callers: the tokens of the recording are JWTs"
                    .to_owned(),
            ),
        }
        scopes(&mut file, discovery.as_ref(), claims.as_ref(), config.scope.as_deref(), &mut notes);
        if let Some(jwks) = discovery.as_ref().and_then(|found| url(found.get("jwks_uri"))) {
            keys(http, jwks, token, &mut notes).await;
        }
        let urls = endpoint.map(String::from).into_iter().chain(issuer).collect();
        Self { file, urls, notes }
    }
}

/// The claims of a token, which nobody but the portal has to believe.
fn claims(token: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?).ok()
}

fn url(value: Option<&Value>) -> Option<Url> {
    value.and_then(Value::as_str).and_then(|url| Url::parse(url).ok()).filter(|url| url.scheme().starts_with("http"))
}

/// The discovery document (OpenID Connect Discovery 1.0, section 4) of the issuer that is configured, or else of the one that
/// the token endpoint's path or the token tells of. It counts if it names the token endpoint that is configured.
async fn discovery(
    config: &Config,
    http: &HttpClient,
    claims: Option<&Map<String, Value>>,
    notes: &mut Vec<String>,
) -> Option<Map<String, Value>> {
    let mut candidates = Vec::new();
    match &config.token_endpoint {
        TokenEndpoint::Issuer(issuer) => candidates.push(issuer.clone()),
        TokenEndpoint::At(endpoint) => {
            let endpoint = endpoint.as_str();
            for ending in ["/protocol/openid-connect/token", "/oauth2/v1/token", "/v1/token"] {
                candidates.extend(endpoint.strip_suffix(ending).map(str::to_owned));
            }
            candidates.extend(claims.and_then(|claims| claims.get("iss")?.as_str().map(str::to_owned)));
        }
    }
    for issuer in &candidates {
        let at = format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer));
        let Some(at) = Url::parse(&at).ok().filter(|url| url.scheme().starts_with("http")) else { continue };
        let Ok(answer) = http.get(at, None).await else { continue };
        let document = serde_json::from_slice::<Map<String, Value>>(answer.body()).ok();
        let Some(document) = document.filter(|_| answer.status() == StatusCode::OK) else { continue };
        let named = url(document.get("token_endpoint"));
        match &config.token_endpoint {
            TokenEndpoint::At(configured) if named.as_ref().is_none_or(|named| named.path() != configured.path()) => {}
            _ => return Some(document),
        }
    }
    notes.push(
        "the identity provider's discovery document could not be read; its ways are told from its token".to_owned(),
    );
    None
}

/// Whose ways it has, from where its token endpoint is, and else from the token.
fn face(
    endpoint: Option<&Url>,
    issuer: Option<&str>,
    claims: Option<&Map<String, Value>>,
    notes: &mut Vec<String>,
) -> IssuerFile {
    let has = |claim: &str| claims.is_some_and(|claims| claims.contains_key(claim));
    let path = endpoint.map(Url::path).unwrap_or_default();
    let last = |path: &str| path.rsplit('/').next().map(decoded).filter(|last| !last.is_empty() && !last.contains('/'));
    let (mut file, base) = if let Some(base) = path.strip_suffix("/protocol/openid-connect/token") {
        let realm = last(base).filter(|_| base.contains("/realms/"));
        (IssuerFile { realm, ..IssuerFile::new(FaceFile::Keycloak) }, base.to_owned())
    } else if let Some(base) = path.strip_suffix("/oauth2/v1/token") {
        (IssuerFile::new(FaceFile::OktaOrg), base.to_owned())
    } else if let Some(base) = path.strip_suffix("/v1/token").filter(|base| base.contains("/oauth2/") || has("cid")) {
        let server = last(base).filter(|_| base.contains("/oauth2/"));
        (IssuerFile { server, ..IssuerFile::new(FaceFile::Okta) }, base.to_owned())
    } else {
        let face = if has("cid") { FaceFile::Okta } else { FaceFile::Keycloak };
        let shown = if face == FaceFile::Okta { "Okta" } else { "Keycloak" };
        notes.push(format!(
            "the identity provider is neither Okta nor Keycloak, as far as can be told; in the recording it has {shown}'s ways"
        ));
        let base = issuer.and_then(|issuer| Url::parse(issuer).ok()).map(|issuer| issuer.path().to_owned());
        (IssuerFile::new(face), base.unwrap_or_default())
    };
    let base = base.trim_end_matches('/');
    let default = match file.face {
        FaceFile::Okta => format!("/oauth2/{}", file.server.as_deref().unwrap_or("default")),
        FaceFile::OktaOrg => String::new(),
        FaceFile::Keycloak => format!("/realms/{}", file.realm.as_deref().unwrap_or("gloo")),
    };
    // RFC 3986, section 3.3: what a scenario may have for a path.
    let is_path =
        base.chars().all(|character| character.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%".contains(character));
    if base != default && is_path {
        file.path = Some(base.to_owned());
    }
    file.server = file.server.filter(|server| server != "default");
    file.realm = file.realm.filter(|realm| realm != "gloo");
    file
}

/// A segment of a path without its percent signs.
fn decoded(segment: &str) -> String {
    // `+` is no space in a path.
    let query = format!("a={}", segment.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map_or_else(|| segment.to_owned(), |(_, value)| value.into_owned())
}

/// Audience, lifetime, and what claims there are.
fn token_facts(file: &mut IssuerFile, claims: &Map<String, Value>, issuer: Option<&str>, notes: &mut Vec<String>) {
    let (own, default, lifetime) = match file.face {
        FaceFile::Okta => (OKTA_CLAIMS, "api://default", 3600),
        FaceFile::OktaOrg => (OKTA_CLAIMS, "", 3600),
        FaceFile::Keycloak => (KEYCLOAK_CLAIMS, "account", 300),
    };
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    if audiences.len() > 1 {
        notes.push("the token is for several audiences; those of the recording are for the first".to_owned());
    }
    let audience = audiences.first().map(|first| if Some(*first) == issuer { "" } else { first });
    file.audience = audience.filter(|audience| *audience != default).map(str::to_owned);
    let seconds = |claim: &str| claims.get(claim).and_then(Value::as_i64);
    let life = seconds("exp").zip(seconds("iat")).and_then(|(exp, iat)| exp.checked_sub(iat));
    file.access_token_lifetime =
        life.filter(|life| (1..=100 * 365 * 86_400).contains(life) && *life != lifetime).map(SignedDuration::from_secs);
    let missing = own.iter().filter(|claim| TELLING.contains(claim) && !claims.contains_key(**claim));
    file.drop_claims = missing.map(|&claim| claim.to_owned()).collect();
    let others: Vec<String> =
        claims.keys().filter(|claim| !own.contains(&claim.as_str())).map(|claim| format!("`{claim}`")).collect();
    if !others.is_empty() {
        notes.push(format!("the token also has claims that those of the recording lack: {}", others.join(", ")));
    }
}

/// The scopes beside those that every such server has, and those that a client gets which asks for none.
fn scopes(
    file: &mut IssuerFile,
    discovery: Option<&Map<String, Value>>,
    claims: Option<&Map<String, Value>>,
    asked: Option<&str>,
    notes: &mut Vec<String>,
) {
    let built_in = if file.face == FaceFile::Keycloak { KEYCLOAK_SCOPES } else { OKTA_SCOPES };
    // RFC 6749, section 3.3.
    let is_own = |scope: &&str| {
        let is_word = scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
        !scope.is_empty() && is_word && !built_in.contains(scope)
    };
    let granted = ["scp", "scope"].iter().find_map(|claim| match claims?.get(*claim)? {
        Value::Array(scopes) => Some(scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>()),
        Value::String(scopes) => Some(scopes.split_whitespace().collect()),
        _ => None,
    });
    let granted: Vec<&str> = granted.unwrap_or_default().into_iter().filter(is_own).collect();
    let supported = discovery.and_then(|found| found.get("scopes_supported")).and_then(Value::as_array);
    let supported = supported.into_iter().flatten().filter_map(Value::as_str).filter(is_own);
    let mut seen = BTreeSet::new();
    let all: Vec<String> =
        supported.chain(granted.iter().copied()).filter(|scope| seen.insert(*scope)).map(str::to_owned).collect();
    if all.is_empty() {
        // An Okta without a scope of its own would let nobody in who asks for none: the face's own stands in.
        return;
    }
    let default: Vec<String> = all.iter().filter(|scope| granted.contains(&scope.as_str())).cloned().collect();
    if asked.is_some_and(|asked| asked.split_whitespace().any(|scope| default.iter().any(|default| default == scope))) {
        notes.push(
            "the scope was asked for by SCOPE, so that nobody can tell which one a client gets that asks for none; in the \
             recording it is the same"
                .to_owned(),
        );
    }
    let is_setup = file.face != FaceFile::Keycloak && all == ["portal"];
    // An opaque token tells no scope, and an Okta gives no token without one: then a client gets all.
    let tells = claims.is_some() && (!default.is_empty() || file.face == FaceFile::Keycloak);
    file.default_scopes = Some(default).filter(|default| tells && *default != all);
    file.scopes = Some(all).filter(|_| !is_setup);
}

/// Looks whether the key that signed the token is published. The keys themselves are nobody's business.
async fn keys(http: &HttpClient, jwks: Url, token: &AccessToken, notes: &mut Vec<String>) {
    let part = token.secret().expose_secret().split('.').next().unwrap_or_default();
    let header =
        URL_SAFE_NO_PAD.decode(part).ok().and_then(|json| serde_json::from_slice::<Map<String, Value>>(&json).ok());
    let Some(header) = header else { return };
    let answer = http.get(jwks, None).await.ok().filter(|answer| answer.status() == StatusCode::OK);
    let set = answer.and_then(|answer| serde_json::from_slice::<Map<String, Value>>(answer.body()).ok());
    let Some(keys) = set.as_ref().and_then(|set| set.get("keys")).and_then(Value::as_array) else {
        notes.push("the identity provider's keys could not be read".to_owned());
        return;
    };
    if !keys.iter().any(|key| key.get("kid") == header.get("kid")) {
        notes.push("the key that signed the token is not among those that the identity provider publishes".to_owned());
    }
    match header.get("alg").and_then(Value::as_str) {
        Some("RS256") | None => {}
        Some(algorithm) => {
            notes.push(format!("the tokens are signed with {algorithm:?}; those of the recording with RS256"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(endpoint: &str, claims: &str) -> (String, Vec<String>) {
        let claims: Map<String, Value> = serde_json::from_str(claims).unwrap();
        let mut notes = Vec::new();
        let issuer = claims.get("iss").and_then(Value::as_str);
        let mut file = face(Url::parse(endpoint).ok().as_ref(), issuer, Some(&claims), &mut notes);
        token_facts(&mut file, &claims, issuer, &mut notes);
        scopes(&mut file, None, Some(&claims), None, &mut notes);
        (serde_json::to_string(&file).unwrap(), notes)
    }

    #[test]
    fn an_okta_is_told_by_its_token_endpoint() {
        let claims = r#"{"ver":1,"jti":"a","iss":"https://acme.okta.com/oauth2/default","aud":"api://default","iat":0,"exp":3600,"cid":"b","scp":["portal"],"sub":"b"}"#;
        let (file, notes) = told("https://acme.okta.com/oauth2/default/v1/token", claims);
        assert_eq!((file.as_str(), notes.len()), (r#"{"face":"okta"}"#, 0));
        let claims = claims
            .replace("api://default", "https://acme.okta.com/oauth2/default")
            .replace("\"portal\"", "\"a\",\"openid\"");
        let (file, _) = told("https://acme.okta.com/oauth2/aus1/v1/token", &claims.replace("3600", "600"));
        assert_eq!(file, r#"{"face":"okta","server":"aus1","scopes":["a"],"audience":"","accessTokenLifetime":"10m"}"#);
        let (file, _) = told("https://acme.okta.com/oauth2/v1/token", &claims);
        assert_eq!(file, r#"{"face":"okta-org","scopes":["a"]}"#);
    }

    #[test]
    fn a_keycloak_is_told_by_its_token_endpoint_wherever_it_sits() {
        let claims = r#"{"iss":"https://a/auth/realms/my%20realm","iat":0,"exp":300,"azp":"b","scope":"email profile","sub":"c","typ":"Bearer","groups":["d"]}"#;
        let (file, notes) = told("https://a/auth/realms/my%20realm/protocol/openid-connect/token", claims);
        assert_eq!(
            file,
            r#"{"face":"keycloak","realm":"my realm","path":"/auth/realms/my%20realm","dropClaims":["aud","client_id"]}"#
        );
        assert_eq!(notes, ["the token also has claims that those of the recording lack: `groups`"]);
    }

    #[test]
    fn another_provider_has_the_nearest_ways_and_that_is_told() {
        let (file, notes) = told(
            "https://acme.auth0.com/oauth/token",
            r#"{"iss":"https://acme.auth0.com/","azp":"a","sub":"a","aud":["x","y"]}"#,
        );
        assert_eq!(file, r#"{"face":"keycloak","path":"","audience":"x","dropClaims":["exp","client_id"]}"#);
        assert!(notes[0].starts_with("the identity provider is neither Okta nor Keycloak"), "{notes:?}");
    }
}
