//! What the access token says, and whether a portal can trust it. No part of it is ever told but what names servers and the
//! client: claims may be about people.

mod checks;
mod group;
mod jwt;
mod signature;

use std::time::Duration;

use secrecy::ExposeSecret as _;
use understudy_provider::{Config, Family, quote};

use super::client::{Granted, TOKEN};
use super::examination::Examination;
use super::facts::Vendor;
use super::wording::remedy;
use checks::{ALGORITHM, AUDIENCE, CLOCK, EXPIRY, GROUP, ISSUER, LIFETIME, SIGNATURE};
pub(super) use checks::{CHECKS, JWT};
pub(super) use group::{claim, yaml};
use jwt::NotJwt;
pub(super) use jwt::{Jwt, Time, since_1970, span};
use signature::Signed;

/// How many milliseconds a JavaScript timer can wait: what is longer fires at once.
pub(super) const LONGEST_TIMER: Duration = Duration::from_millis(i32::MAX as u64);
/// How long before a token's end the plugin gets the next one, by the clock of its own machine.
const PLUGIN_AHEAD: f64 = 5.0;
/// How far clocks may be apart without a word, in seconds: an answer's Date has whole ones, and an answer takes time.
const APART: f64 = 30.0;

pub(super) async fn examine(exam: &mut Examination) {
    let Some(config) = exam.config.clone() else { return };
    let (Some(token), Some(granted)) = (exam.facts.token.clone(), exam.facts.granted.clone()) else {
        return exam.missing(&JWT, &TOKEN);
    };
    let jwt = match Jwt::read(token.expose_secret()) {
        Ok(jwt) => jwt,
        Err(problem) => return not_a_jwt(exam, problem),
    };
    let claims: Vec<String> = jwt.names().map(quote::name).collect();
    exam.pass(&JWT, format!("the token is a JWT with the claims {}", claims.join(", ")));
    signed(exam, &jwt, token.expose_secret());
    issuer(exam, &jwt);
    audience(exam, &jwt, &config);
    expiry(exam, &jwt, &granted);
    lifetime(exam, &jwt, &config, &granted);
    clock(exam, &jwt, &granted);
    portal_group(exam, &jwt, &config);
    exam.facts.jwt = Some(jwt);
}

fn not_a_jwt(exam: &mut Examination, problem: NotJwt) {
    let what = match problem {
        NotJwt::Opaque => "the token is opaque, no JWT".to_owned(),
        NotJwt::Encrypted => {
            "the token is an encrypted JWT, which neither the portal nor the plugin can read".to_owned()
        }
        NotJwt::Part(part) => format!("the token is no JWT: the part for its {part} is no JSON object in base64url"),
        NotJwt::TooLong => "the token is longer than 64 KiB, and no header can hold it".to_owned(),
    };
    let remedy = remedy(&JWT, exam.facts.vendor);
    exam.fail(&JWT, format!("{what}: the portal turns it away, and the plugin never schedules a sync with it"), remedy);
}

fn signed(exam: &mut Examination, jwt: &Jwt, token: &str) {
    let remedy = remedy(&ALGORITHM, exam.facts.vendor);
    let told = jwt.algorithm().map_or_else(|| "not there".to_owned(), quote::name);
    let Some(algorithm) = jwt.algorithm().and_then(signature::algorithm) else {
        let message = format!("the header's `alg` is {told}, which no published key can check");
        return exam.fail(&ALGORITHM, message, remedy);
    };
    match jwt.key_id() {
        Some(kid) => exam.pass(&ALGORITHM, format!("it is signed with {told}, by the key {}", quote::name(kid))),
        None => exam.warn(
            &ALGORITHM,
            format!("it is signed with {told}, but names no key by `kid`: a gateway has to try them all, or none"),
            remedy,
        ),
    }
    let Some(keys) = &exam.facts.signing_keys else {
        return exam.skip(&SIGNATURE, "the issuer's keys are not known, see the checks of the issuer");
    };
    let count = keys.len();
    match signature::check(token, algorithm, jwt.key_id(), keys) {
        Signed::By(at) => exam.pass(
            &SIGNATURE,
            format!("it holds by the key number {} of the {count} that the issuer publishes", at + 1),
        ),
        Signed::UnknownKey => exam.fail(
            &SIGNATURE,
            format!("the token's key is not among those that the issuer publishes, {count} in all"),
            SIGNATURE.remedies.join(" "),
        ),
        Signed::ByNobody => {
            exam.fail(&SIGNATURE, "the signature does not hold by the key that the token names", SIGNATURE.remedies[0]);
        }
    }
}

fn issuer(exam: &mut Examination, jwt: &Jwt) {
    let remedy = remedy(&ISSUER, exam.facts.vendor);
    let Some(told) = jwt.text("iss") else {
        return exam.fail(&ISSUER, "the token has no `iss`, so that nobody can tell whose it is", remedy);
    };
    let told = told.to_owned();
    match exam.facts.issuer.clone() {
        Some(issuer) if issuer == told => exam.pass(&ISSUER, format!("`iss` is {}", quote::name(&told))),
        Some(issuer) if issuer.trim_end_matches('/') == told.trim_end_matches('/') => exam.fail(
            &ISSUER,
            format!(
                "`iss` is {}, which differs by a slash from the issuer {}",
                quote::name(&told),
                quote::name(&issuer)
            ),
            "Name the issuer everywhere as the token has it, slash or not: it is compared character by character.",
        ),
        Some(issuer) => exam.fail(
            &ISSUER,
            format!("`iss` is {}, not the issuer {}", quote::name(&told), quote::name(&issuer)),
            remedy,
        ),
        None => {
            let message = format!("`iss` is {}; there is no discovery document to compare it with", quote::name(&told));
            exam.skip(&ISSUER, message);
        }
    }
}

fn audience(exam: &mut Examination, jwt: &Jwt, config: &Config) {
    let audiences = jwt.texts("aud");
    let told: Vec<String> = audiences.iter().map(|audience| quote::name(audience)).collect();
    let told = told.join(", ");
    let remedy = remedy(&AUDIENCE, exam.facts.vendor);
    match &config.audience {
        Some(asked) if !audiences.contains(&asked.as_str()) => exam.fail(
            &AUDIENCE,
            format!("`aud` is {}, without {}, which is asked for", if told.is_empty() { "not there" } else { &told }, quote::name(asked)),
            remedy,
        ),
        _ if exam.facts.vendor == Some(Vendor::OktaOrg) => exam.warn(
            &AUDIENCE,
            format!("`aud` is {told}, the Okta org itself: its tokens are for Okta, and Okta promises nobody else that they can be checked"),
            AUDIENCE.remedies[0],
        ),
        _ if audiences.is_empty() => exam.warn(
            &AUDIENCE,
            "the token has no `aud`: a portal whose policy asks for an audience turns it away",
            remedy,
        ),
        _ => exam.pass(&AUDIENCE, format!("`aud` is {told}")),
    }
}

fn expiry(exam: &mut Examination, jwt: &Jwt, granted: &Granted) {
    let now = since_1970(granted.came_at);
    let (clocks, put) = (EXPIRY.remedies[0], EXPIRY.remedies[1]);
    match jwt.time("exp") {
        Time::Absent => exam.warn(&EXPIRY, "the token has no `exp`: it is good for ever, whoever has it", put),
        Time::NotANumber => exam.fail(&EXPIRY, "the token's `exp` is no number, so that a portal turns it away", put),
        Time::At(end) if end <= now => exam.fail(
            &EXPIRY,
            format!("the token ended {} ago by this machine's clock, though it has only just come", span(now - end)),
            clocks,
        ),
        Time::At(end) => exam.pass(&EXPIRY, format!("the token ends in {}", span(end - now))),
    }
}

fn lifetime(exam: &mut Examination, jwt: &Jwt, config: &Config, granted: &Granted) {
    let Some(end) = jwt.time("exp").seconds() else {
        return exam.skip(&LIFETIME, "the token does not say when it ends, see `token.expiry`");
    };
    let begin = jwt.time("iat").seconds().unwrap_or_else(|| since_1970(granted.came_at));
    let life = end - begin;
    let remedy = remedy(&LIFETIME, exam.facts.vendor);
    let (every, within) = (config.schedule.frequency.as_secs_f64(), config.schedule.timeout.as_secs_f64());
    let told = span(life);
    let message = if life <= PLUGIN_AHEAD {
        Some(format!(
            "the token is good for {told} only, and the plugin gets the next one 5 s before the end: it never stops asking"
        ))
    } else if life < within {
        Some(format!(
            "the token is good for {told}, less than a sync may take (syncTimeout, {}): it may end in the middle of one",
            span(within)
        ))
    } else if life < every {
        Some(format!(
            "the token is good for {told}, less than from one sync to the next (syncFrequency, {}): each sync stands on a \
             refresh, and the plugin does not repeat one that failed",
            span(every)
        ))
    } else if life > LONGEST_TIMER.as_secs_f64() {
        Some(format!(
            "the token is good for {told}, longer than the plugin's timer can hold (24.8 days): it asks without end"
        ))
    } else {
        granted.expires_in.filter(|told| (told - life).abs() > 60.0).map(|expires_in| {
            format!(
                "`expires_in` says {}, and the token's own `exp` {told}: who goes by the one is wrong by the other",
                span(expires_in)
            )
        })
    };
    match message {
        Some(message) => exam.warn(&LIFETIME, message, remedy),
        None => exam.pass(&LIFETIME, format!("the token is good for {told}, and a sync comes every {}", span(every))),
    }
}

fn clock(exam: &mut Examination, jwt: &Jwt, granted: &Granted) {
    let now = since_1970(granted.came_at);
    let remedy = CLOCK.remedies[0];
    let (iat, nbf) = (jwt.time("iat"), jwt.time("nbf"));
    if iat == Time::NotANumber || nbf == Time::NotANumber {
        let which = if iat == Time::NotANumber { "iat" } else { "nbf" };
        let have = "Have the identity provider write times as numbers (RFC 7519 section 2).";
        return exam.fail(&CLOCK, format!("the token's `{which}` is no number, so that a portal turns it away"), have);
    }
    // How far the identity provider is ahead of us; its own clock tells best.
    let by_date = granted.date.map(|date| since_1970(date) - now);
    let by_iat = iat.seconds().map(|issued| issued - now);
    let not_yet = nbf.seconds().map(|from| from - now).filter(|ahead| *ahead > PLUGIN_AHEAD);
    let (ahead, by) = match (by_date, by_iat) {
        (Some(by_date), Some(by_iat)) if by_iat.abs() > by_date.abs() => (by_iat, "`iat`"),
        (Some(by_date), _) => (by_date, "the answer's Date"),
        (None, Some(by_iat)) => (by_iat, "`iat`"),
        (None, None) => return exam.skip(&CLOCK, "neither the token nor the answer says what time it is there"),
    };
    if ahead > PLUGIN_AHEAD {
        exam.warn(
            &CLOCK,
            format!(
                "the identity provider is {} ahead of this machine, by {by}: the plugin, on a machine like this one, would use \
                 a token after its end, and with the 401 that follows it deletes the catalog",
                span(ahead)
            ),
            remedy,
        );
    } else if ahead < -APART {
        exam.warn(
            &CLOCK,
            format!(
                "the identity provider is {} behind this machine, by {by}: tokens end that much sooner here",
                span(ahead)
            ),
            remedy,
        );
    } else if let Some(ahead) = not_yet {
        exam.warn(
            &CLOCK,
            format!("the token is good only in {} (`nbf`), and a portal turns it away until then", span(ahead)),
            remedy,
        );
    } else {
        exam.pass(&CLOCK, format!("the clocks are {} apart at most, by {by}", span(ahead.abs().ceil())));
    }
}

fn portal_group(exam: &mut Examination, jwt: &Jwt, config: &Config) {
    let id = quote::name(&config.client_id);
    match claim(jwt, &config.client_id) {
        Some(name) => exam.pass(
            &GROUP,
            format!(
                "the claim `{name}` is the client id {id}. On a private portal of Gloo Mesh Gateway this PortalGroup would show it all APIs:\n{}",
                yaml(Family::GlooMesh, name, &config.client_id)
            ),
        ),
        None => {
            let remedy = remedy(&GROUP, exam.facts.vendor);
            let tried = group::CLAIMS.map(|name| format!("`{name}`")).join(", ");
            exam.warn(&GROUP, format!("none of {tried} is the client id {id}: a PortalGroup can't match it by one of these"), remedy);
        }
    }
}
