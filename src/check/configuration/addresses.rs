//! The slips that are made in URLs: a path that is not the right one, a host that is not the right one, http.

use understudy_provider::ShownUrl;
use url::{Host, Url};

use super::setting::{Setting, Slip, Value};
use super::{HTTPS, OKTA_HOST, PORTAL_PATH, TOKEN_PATH};

/// What looks for one slip: the URL as it was probably meant, and what is wrong with it.
type Mend = fn(&Value<'_>, &Url) -> Option<(Url, Slip)>;

/// The URL as it was probably meant, and what is wrong with it as it is. What is no URL is somebody else's to tell.
pub(super) fn mend(value: &Value<'_>, text: &str) -> (String, Vec<Slip>) {
    let (mut text, mut slips) = (text.to_owned(), Vec::new());
    let mends: &[Mend] = match value.setting {
        Setting::Portal { .. } => &[portal_path, https],
        Setting::TokenEndpoint => &[okta_admin, token_slash, token_path, token_old_path, okta_org, https],
        Setting::Issuer => &[okta_admin, issuer_path, token_old_path, okta_org, https],
        _ => return (text, slips),
    };
    for mend in mends {
        let Ok(url) = Url::parse(&text) else { break };
        if !matches!(url.scheme(), "http" | "https") {
            break;
        }
        if let Some((mended, slip)) = mend(value, &url) {
            if mended != url {
                text = mended.into();
                // An issuer without a path has no slash, and is compared character by character.
                if value.setting == Setting::Issuer {
                    text.truncate(text.trim_end_matches('/').len());
                }
            }
            slips.push(slip);
        }
    }
    (text, slips)
}

fn with_path(url: &Url, path: &str) -> Url {
    let mut url = url.clone();
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    url
}

fn portal_path(value: &Value<'_>, url: &Url) -> Option<(Url, Slip)> {
    let path = url.path().trim_end_matches('/');
    let name = value.name;
    if let Some(base) = ["/apis", "/api-products"].iter().find_map(|list| path.strip_suffix(list)) {
        let message = format!("{name} is the address of one of the portal's lists, and not of its REST server");
        let remedy = format!("Leave the end out: {}.", ShownUrl::of(&with_path(url, base)));
        return Some((with_path(url, base), Slip::fail(&PORTAL_PATH, message, remedy)));
    }
    if let Some(at) = path.find("/v1/v1") {
        let once = with_path(url, &format!("{}{}", &path[..at], &path[at + "/v1".len()..]));
        let message = format!("{name} has /v1 twice: one of them was added to what had it already");
        let remedy = format!("It is probably {}.", ShownUrl::of(&once));
        return Some((once, Slip::fail(&PORTAL_PATH, message, remedy)));
    }
    let adds_v1 = matches!(value.setting, Setting::Portal { adds_v1: true });
    if !path.ends_with("/v1") && !adds_v1 {
        let message = format!("{name} does not end in /v1, where portals have their REST API; nothing adds it");
        let remedy = format!("It is probably {}.", ShownUrl::of(&with_path(url, &format!("{path}/v1"))));
        return Some((url.clone(), Slip::warn(&PORTAL_PATH, message, remedy)));
    }
    if url.path().ends_with("//") {
        let message = format!("{name} ends in more than one slash, of which only one is taken away");
        return Some((with_path(url, path), Slip::fail(&PORTAL_PATH, message, "Leave the slashes at its end out.")));
    }
    None
}

const OKTA_DOMAINS: [&str; 5] = ["okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "trexcloud.com"];

/// The first label of a host of Okta's own domains.
fn okta_label(url: &Url) -> Option<(&str, &str)> {
    let (label, domain) = url.host_str()?.split_once('.')?;
    OKTA_DOMAINS.contains(&domain).then_some((label, domain))
}

fn okta_admin(value: &Value<'_>, url: &Url) -> Option<(Url, Slip)> {
    let (label, domain) = okta_label(url)?;
    let org = label.strip_suffix("-admin").filter(|org| !org.is_empty())?;
    let mut mended = url.clone();
    mended.set_host(Some(&format!("{org}.{domain}"))).ok()?;
    let message = format!("{} names the host of Okta's admin console, {label}.{domain}", value.name);
    let remedy = format!("The org's own host is {org}.{domain}: leave the `-admin` out.");
    Some((mended, Slip::fail(&OKTA_HOST, message, remedy)))
}

/// Okta's own authorization server, whose access tokens are for Okta's APIs alone.
fn okta_org(value: &Value<'_>, url: &Url) -> Option<(Url, Slip)> {
    let path = url.path().trim_end_matches('/');
    let is_org = match value.setting {
        Setting::Issuer => path.is_empty() && okta_label(url).is_some(),
        _ => path == "/oauth2/v1/token",
    };
    is_org.then(|| {
        let message = format!(
            "{} is that of Okta's org authorization server, whose access tokens are meant for Okta's own APIs: nobody else \
             can check their signatures, and an app gets none of them by its client secret alone",
            value.name
        );
        let remedy = "Take a custom authorization server: Okta, Security > API > Authorization Servers; the one called \
                      `default` is at /oauth2/default, with its token endpoint at /oauth2/default/v1/token.";
        (url.clone(), Slip::warn(&TOKEN_PATH, message, remedy))
    })
}

fn token_slash(value: &Value<'_>, url: &Url) -> Option<(Url, Slip)> {
    let path = url.path().trim_end_matches('/');
    (url.path().len() > 1 && path.len() < url.path().len()).then(|| {
        let message = format!("{} ends in a slash, and the path of a token endpoint does not", value.name);
        (with_path(url, path), Slip::fail(&TOKEN_PATH, message, "Leave the slash at its end out."))
    })
}

/// What stands where the token endpoint should, by its path, and the path that it should be.
fn known_path(path: &str) -> Option<(&'static str, String)> {
    const DISCOVERY: &str = "/.well-known/openid-configuration";
    if let Some(issuer) =
        path.strip_suffix(DISCOVERY).or_else(|| path.strip_suffix("/.well-known/oauth-authorization-server"))
    {
        return Some(("the address of a discovery document", token_path_of(issuer)?));
    }
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match segments.as_slice() {
        ["oauth2", server] if *server != "v1" => Some(("the issuer", format!("/oauth2/{server}/v1/token"))),
        ["oauth2", server, "v1"] => Some(("the issuer's base path", format!("/oauth2/{server}/v1/token"))),
        ["oauth2", .., "v1", other] if *other != "token" => {
            let base = path.strip_suffix(other)?;
            Some(("another endpoint of the issuer", format!("{base}token")))
        }
        [.., "realms", _] => Some(("the issuer", format!("{path}/protocol/openid-connect/token"))),
        [.., "realms", _, "protocol", "openid-connect"] => Some(("the issuer's base path", format!("{path}/token"))),
        [.., "realms", _, "protocol", "openid-connect", other] if *other != "token" => {
            let base = path.strip_suffix(other)?;
            Some(("another endpoint of the issuer", format!("{base}token")))
        }
        _ => None,
    }
}

fn token_path_of(issuer: &str) -> Option<String> {
    if issuer.is_empty() {
        return Some("/oauth2/v1/token".to_owned());
    }
    known_path(issuer).map(|(_, path)| path)
}

fn token_path(value: &Value<'_>, url: &Url) -> Option<(Url, Slip)> {
    let (what, path) = known_path(url.path())?;
    let mended = with_path(url, &path);
    let message = format!("{} is {what}, and not the token endpoint", value.name);
    let remedy = format!("It is probably {}.", ShownUrl::of(&mended));
    Some((mended, Slip::fail(&TOKEN_PATH, message, remedy)))
}

fn issuer_path(value: &Value<'_>, url: &Url) -> Option<(Url, Slip)> {
    let path = url.path().trim_end_matches('/');
    let issuer = [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/protocol/openid-connect/token",
        "/protocol/openid-connect",
    ]
    .iter()
    .find_map(|end| path.strip_suffix(end))
    .or_else(|| path.strip_suffix("/v1/token").filter(|issuer| issuer.starts_with("/oauth2/")))
    .or_else(|| (path == "/oauth2/v1/token").then_some(""))?;
    let mended = with_path(url, issuer);
    let shown = ShownUrl::of(&mended).to_string();
    let shown = shown.trim_end_matches('/').to_owned();
    let message = format!("{} is the address of one of the issuer's endpoints, and not the issuer", value.name);
    Some((mended, Slip::fail(&TOKEN_PATH, message, format!("It is probably {shown}."))))
}

/// `/auth/realms/…`: Keycloak before version 17, and later ones that are told to.
fn token_old_path(value: &Value<'_>, url: &Url) -> Option<(Url, Slip)> {
    url.path().starts_with("/auth/realms/").then(|| {
        let message = format!(
            "{} has /auth before /realms, as Keycloak had before version 17 and has only with `http-relative-path=/auth` since",
            value.name
        );
        let without = with_path(url, &url.path()["/auth".len()..]);
        let remedy = format!("If Keycloak is a later one, it is {}.", ShownUrl::of(&without));
        (url.clone(), Slip::warn(&TOKEN_PATH, message, remedy))
    })
}

fn https(value: &Value<'_>, url: &Url) -> Option<(Url, Slip)> {
    if url.scheme() != "http" || is_loopback(url) {
        return None;
    }
    let mut mended = url.clone();
    let what = match value.setting {
        Setting::Portal { .. } => "the access token travels in plain text",
        _ => "the client secret travels in plain text",
    };
    let message = format!("{} is http, to another machine: {what}", value.name);
    if okta_label(url).is_some() {
        mended.set_scheme("https").ok()?;
        return Some((mended, Slip::fail(&HTTPS, format!("{message}, and Okta takes none of it"), "Write https.")));
    }
    let remedy = "Write https, unless it is an address within the cluster, where nobody listens who should not.";
    Some((mended, Slip::warn(&HTTPS, message, remedy)))
}

/// Whether a URL leads to this machine (RFC 6761 section 6.3: `localhost` and all below it do).
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
