//! Whether the portal lets the token in, and nobody without one; which family it is of, and whether it shows anything.

mod answer;
mod ask;
mod checks;
mod remedy;

use secrecy::SecretString;
use understudy_provider::{Config, Family, quote};

use super::client::TOKEN;
use super::examination::Examination;
use super::token::{self, since_1970, span};
use answer::Came;
pub(super) use answer::Shape;
use ask::Asked;
use checks::{ANSWERS, ASKS, CLOCK, CONFIGURED, FAMILY, FORGED, LETS_IN, PATH};
pub(super) use checks::{CHECKS, SHOWS};

/// How far the portal's clock may be behind a token's `iat` without a word, in seconds.
const APART: f64 = 5.0;

pub(super) async fn examine(exam: &mut Examination) {
    let Some(config) = exam.config.clone() else { return };
    let mut shows = None;
    match exam.facts.token.clone() {
        Some(token) => shows = with_token(exam, &config, &token).await,
        None => exam.missing(&ANSWERS, &TOKEN),
    }
    let family = exam.facts.shape.map_or(Family::GlooMesh, family_of);
    let base = config.portal.as_str();
    let without = match exam.wants(&ASKS) || exam.wants(&FORGED) {
        true => without_token(exam, base, family).await,
        false => None,
    };
    if shows.is_some() && exam.facts.jwt.is_some() && exam.wants(&FORGED) {
        forged(exam, base, family, shows, without).await;
    }
}

/// The family whose list has this shape.
pub(super) fn family_of(shape: Shape) -> Family {
    match shape {
        Shape::Products { .. } => Family::GlooGateway,
        Shape::Empty | Shape::Grouped { .. } | Shape::Flat { .. } | Shape::Foreign => Family::GlooMesh,
    }
}

/// Asks as a sync does; answers whether anything is shown, where there is a list.
async fn with_token(exam: &mut Examination, config: &Config, token: &SecretString) -> Option<bool> {
    let base = config.portal.as_str();
    let mesh = match ask::list(exam, base, Family::GlooMesh, Some(token)).await {
        Ok(asked) => asked,
        Err(error) => {
            exam.no_answer(&ANSWERS, &error, "See the checks of the network for where on the way it fails.");
            return None;
        }
    };
    let is_elsewhere = matches!(mesh.came, Came::NotFound { .. } | Came::NoList { .. } | Came::List(Shape::Foreign));
    let gateway = match is_elsewhere {
        true => ask::list(exam, base, Family::GlooGateway, Some(token)).await.ok(),
        false => None,
    };
    let date = mesh.date;
    // Where neither has the list, what is not 404 tells more.
    let asked = match gateway {
        Some(gateway) if !matches!(gateway.came, Came::NotFound { .. }) => gateway,
        _ => mesh,
    };
    let shows = tell(exam, config, token, &asked).await;
    if exam.facts.jwt.is_some() && exam.wants(&CLOCK) {
        tell_clock(exam, date);
    }
    shows
}

/// Tells station by station how far the token came, and answers whether anything is shown.
async fn tell(exam: &mut Examination, config: &Config, token: &SecretString, asked: &Asked) -> Option<bool> {
    let Asked { url, came, .. } = asked;
    let portal = exam.names.portal.clone();
    match came {
        Came::RateLimited { said } => {
            exam.fail(&ANSWERS, format!("{url} answers 429 Too Many Requests, {said}"), remedy::rate_limited());
            return None;
        }
        Came::Server { status, said } => {
            exam.fail(&ANSWERS, format!("{url} answers {status}, {said}"), remedy::server(*status));
            return None;
        }
        Came::Page { said } => {
            let message = format!("{url} answers a web page, {said}");
            exam.fail(&ANSWERS, message, remedy::page(&portal));
            return None;
        }
        Came::Other { status, said } => {
            exam.fail(&ANSWERS, format!("{url} answers {status} with {said}, which is no JSON"), remedy::page(&portal));
            return None;
        }
        Came::Redirect { status, to } if !to.as_ref().is_some_and(answer::is_login) => {
            let to = to
                .as_ref()
                .map_or_else(|| "nowhere".to_owned(), |to| quote::name(to.origin().ascii_serialization().as_str()));
            let message = format!("{url} answers {status}, a redirect to {to}, which a token does not follow");
            exam.fail(&ANSWERS, message, remedy::elsewhere(&portal));
            return None;
        }
        _ => exam.pass(&ANSWERS, format!("{url} answers")),
    }
    match came {
        Came::Unauthorized { said } => {
            let remedy = remedy::unauthorized(exam);
            exam.fail(&LETS_IN, format!("{url} answers 401 Unauthorized to the token, {said}"), remedy);
            return None;
        }
        Came::Forbidden { said } => {
            exam.fail(&LETS_IN, format!("{url} answers 403 Forbidden to the token, {said}"), remedy::forbidden());
            return None;
        }
        Came::Redirect { status, to } => {
            let host = to
                .as_ref()
                .and_then(url::Url::host_str)
                .map_or_else(String::new, |host| format!(" at {}", quote::name(host)));
            let message = format!(
                "{url} answers {status}, a redirect to a login page{host}: an authorization-code policy stands alone before \
                 the API, and takes no tokens"
            );
            let remedy = remedy::login(exam);
            exam.fail(&LETS_IN, message, remedy);
            return None;
        }
        _ => exam.pass(&LETS_IN, "the portal lets the token in"),
    }
    if let Came::NotFound { said } = came {
        let base = config.portal.as_str();
        let other = other_path(exam, base, token).await;
        let found = other.as_ref().map(|other| format!(", and {other} has the list")).unwrap_or_default();
        let message = format!("neither {base}/apis nor {base}/api-products is there: 404 Not Found, {said}{found}");
        exam.fail(&PATH, message, remedy::path(base, other.as_deref(), &portal));
        return None;
    }
    exam.pass(&PATH, "there is a list under the portal's path");
    if let Came::NotConfigured { status, said } = came {
        let host = url::Url::parse(config.portal.as_str())
            .ok()
            .and_then(|url| url.host_str().map(quote::name))
            .unwrap_or_default();
        let message = format!("{url} answers {status}, {said}: no Portal resource names the host {host}");
        exam.fail(&CONFIGURED, message, CONFIGURED.remedies.join(" "));
        return None;
    }
    exam.pass(&CONFIGURED, "a Portal resource names the host");
    let shape = match came {
        Came::List(Shape::Foreign) => {
            let message = format!("{url} answers a list whose items are no API products");
            exam.fail(&FAMILY, message, remedy::page(&portal));
            return None;
        }
        Came::List(shape) => *shape,
        came => {
            let said = match came {
                Came::NoList { status, said } => format!("{status}, {said}"),
                _ => "something else".to_owned(),
            };
            exam.fail(&FAMILY, format!("{url} answers JSON that is no list: {said}"), remedy::page(&portal));
            return None;
        }
    };
    exam.facts.shape = Some(shape);
    let (what, count) = match shape {
        Shape::Grouped { products } => ("Gloo Mesh Gateway, its list grouped by product (2.5 and later)", products),
        Shape::Flat { versions } => ("Gloo Mesh Gateway, its list flat (2.4)", versions),
        Shape::Products { products } => ("Gloo Gateway (1.18 and later)", products),
        Shape::Empty | Shape::Foreign => ("one whose list is empty, so that its family can't be told", 0),
    };
    exam.pass(&FAMILY, format!("the portal is {what}"));
    if count == 0 {
        let remedy = remedy::nothing_shown(exam, config, url.as_str());
        exam.fail(
            &SHOWS,
            format!("{url} answers an empty list: no PortalGroup matches the token, or the Portal selects no API"),
            remedy,
        );
    } else {
        let what = if matches!(shape, Shape::Flat { .. }) { "API version" } else { "API product" };
        exam.pass(&SHOWS, format!("the portal shows {}", super::wording::counted(count, what)));
    }
    Some(count > 0)
}

/// Where the list is, if it is there with `/v1` added, or without it.
async fn other_path(exam: &mut Examination, base: &str, token: &SecretString) -> Option<String> {
    let other = match base.strip_suffix("/v1") {
        Some(without) => without.to_owned(),
        None => format!("{base}/v1"),
    };
    for family in [Family::GlooMesh, Family::GlooGateway] {
        let asked = ask::list(exam, &other, family, Some(token)).await.ok()?;
        match asked.came {
            Came::List(shape) if shape != Shape::Foreign => return Some(other),
            Came::NotFound { .. } => {}
            _ => return None,
        }
    }
    None
}

fn tell_clock(exam: &mut Examination, date: Option<std::time::SystemTime>) {
    let times = exam.facts.jwt.as_ref().map(|jwt| {
        let begins = ["iat", "nbf"].into_iter().filter_map(|name| jwt.time(name).seconds());
        (begins.fold(f64::NEG_INFINITY, f64::max), jwt.time("exp").seconds())
    });
    let (Some((begins, ends)), Some(date)) = (times, date.map(since_1970)) else {
        return exam.skip(&CLOCK, "the portal's answer has no Date");
    };
    let is_in = exam.holds(&LETS_IN);
    let message = if begins - date > APART {
        format!("by the portal's clock, the token is issued only in {}", span(begins - date))
    } else if let Some(ended) = ends.map(|ends| date - ends).filter(|ended| *ended >= 0.0) {
        format!("by the portal's clock, the token ended {} ago", span(ended))
    } else {
        return exam.pass(&CLOCK, "by the portal's clock, the token is good");
    };
    let remedy = CLOCK.remedies[0];
    if is_in {
        exam.warn(&CLOCK, format!("{message}; it is let in all the same, as long as somebody is lenient"), remedy);
    } else {
        exam.fail(&CLOCK, format!("{message}, and a portal turns it away"), remedy);
    }
}

/// Asks without a token; answers whether anything is shown, where there is a list.
async fn without_token(exam: &mut Examination, base: &str, family: Family) -> Option<bool> {
    let asked = match ask::list(exam, base, family, None).await {
        Ok(asked) => asked,
        Err(error) => {
            exam.skip(&ASKS, format!("the portal gives no answer: {error}"));
            return None;
        }
    };
    let Asked { url, came, .. } = asked;
    let refused = |how: &str| format!("without a token, {url} answers {how}");
    match came {
        Came::Unauthorized { .. } => exam.pass(&ASKS, refused("401 Unauthorized")),
        Came::Forbidden { .. } => exam.pass(&ASKS, refused("403 Forbidden")),
        Came::Redirect { status, .. } => exam.pass(&ASKS, refused(&format!("{status}, a redirect"))),
        Came::List(Shape::Empty) => {
            exam.pass(&ASKS, refused("an empty list"));
            return Some(false);
        }
        Came::List(_) => {
            let message = format!("without a token, {url} shows APIs: the portal is public");
            exam.warn(&ASKS, message, ASKS.remedies[0]);
            return Some(true);
        }
        _ => exam.skip(&ASKS, format!("without a token, {url} answers neither a list nor a refusal")),
    }
    None
}

/// Asks with the token's signature broken. `shows` and `without` are what is shown with the token, and without one.
async fn forged(exam: &mut Examination, base: &str, family: Family, shows: Option<bool>, without: Option<bool>) {
    if without == Some(true) {
        return exam.skip(&FORGED, "the portal lets in whoever asks, so that it tells nothing");
    }
    let Some(forged) = exam.facts.token.as_ref().and_then(ask::forged) else {
        return exam.skip(&FORGED, "the token has no signature that could be broken");
    };
    exam.keep_secret(&forged);
    let asked = match ask::list(exam, base, family, Some(&forged)).await {
        Ok(asked) => asked,
        Err(error) => return exam.skip(&FORGED, format!("the portal gives no answer: {error}")),
    };
    let url = &asked.url;
    match asked.came {
        Came::Unauthorized { .. } | Came::Forbidden { .. } | Came::Redirect { .. } => {
            exam.pass(&FORGED, "a token whose signature does not hold is refused");
        }
        Came::List(Shape::Empty) if shows == Some(true) => {
            exam.pass(&FORGED, "a token whose signature does not hold is shown nothing");
        }
        Came::List(Shape::Empty) => exam.skip(&FORGED, "the portal shows nothing to anybody, so that it tells nothing"),
        Came::List(_) => {
            let message = format!("{url} lets in a token whose signature does not hold: anybody could make one");
            let remedy = remedy::unauthorized(exam);
            exam.fail(&FORGED, message, remedy);
        }
        _ => exam.warn(
            &FORGED,
            format!("{url} answers neither a list nor a refusal to a token whose signature does not hold"),
            "Look at the logs of the external auth service: it should answer 401.",
        ),
    }
}

/// The claim by which a PortalGroup can match the client, and its value.
pub(super) fn member<'a>(exam: &Examination, config: &'a Config) -> Option<(&'static str, &'a str)> {
    let claim = exam.facts.jwt.as_ref().and_then(|jwt| token::claim(jwt, &config.client_id))?;
    Some((claim, &config.client_id))
}
