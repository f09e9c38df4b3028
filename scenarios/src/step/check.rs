//! What a step must hold to by itself, wherever it is played: found by the loader, and by a stage before it plays one.

mod expect;
mod fault;

use jiff::SignedDuration;

use super::{Step, TokenChange};
use crate::load::trail::{Trail, trail};
use crate::load::vocabulary::without_content;
use crate::load::wording::{did_you_mean, listed, quoted};

/// Why a step can't be played anywhere: what is wrong, and where in the step it says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{at}`: {message}{}", self.hint())]
pub struct StepError {
    at: Trail,
    /// Whether it is the key that must not be there.
    is_key: bool,
    message: String,
    help: Option<String>,
}

impl StepError {
    /// About what stands at `at`.
    fn at(at: Trail, message: impl Into<String>) -> Self {
        Self { at, is_key: false, message: message.into(), help: None }
    }

    /// About a key that must not be there.
    fn at_key(at: Trail, message: impl Into<String>) -> Self {
        Self { is_key: true, ..Self::at(at, message) }
    }

    /// Adds what to do about it, or what may stand there.
    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Where the step says so, such as `fault.when.nth`.
    #[must_use]
    pub fn place(&self) -> String {
        self.at.to_string()
    }

    /// The message for whoever must not be shown what the step holds: what it quotes is left out (`…`) unless it is a word
    /// of the scenario file itself.
    #[must_use]
    pub fn without_content(&self) -> String {
        without_content(&self.to_string())
    }

    /// Its parts: the place, whether it is about the key there, the message, and what to do about it.
    pub(crate) fn parts(&self) -> (&Trail, bool, &str, Option<&str>) {
        (&self.at, self.is_key, &self.message, self.help.as_deref())
    }

    fn hint(&self) -> String {
        self.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default()
    }
}

type Outcome = Result<(), StepError>;

/// The claims of Okta's and Keycloak's access tokens, as far as they are issued here.
const CLAIMS: [&str; 21] = [
    "exp",
    "iat",
    "iss",
    "aud",
    "sub",
    "jti",
    "ver",
    "cid",
    "scp",
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

impl Step {
    /// Whether the step can be played at all. What it names may still not be there.
    ///
    /// # Errors
    /// When it says nothing, or what can't be.
    pub fn check(&self) -> Result<(), StepError> {
        match self {
            Self::Change(change) if change.is_empty() => {
                Err(StepError::at(trail!["change"], "this changes nothing")
                    .help("such as `removeProducts: [petstore]`"))
            }
            Self::Fault(fault) => fault::check(fault),
            Self::Lift(name) => not_empty(name, || trail!["lift"], "the fault's name"),
            Self::Tokens(change) => check_tokens(change),
            Self::Expect(expect) => expect::check(expect),
            Self::Sync | Self::Change(_) | Self::Clock(_) | Self::Keys(_) | Self::Restart(_) => Ok(()),
        }
    }
}

fn check_tokens(change: &TokenChange) -> Outcome {
    match change {
        TokenChange::Drop(claims) => claims.iter().enumerate().try_for_each(|(position, claim)| {
            unknown_claim(claim).map_or(Ok(()), |(message, help)| {
                Err(StepError::at(trail!["tokens", "drop", position], message).help(help))
            })
        }),
        TokenChange::Lifetime(lapse) if !is_lifetime(lapse.0) => Err(StepError::at(
            trail!["tokens", "lifetime"],
            format!("a token's lifetime is in whole seconds, from `1s` to a hundred years, found `{lapse}`"),
        )),
        TokenChange::Expire | TokenChange::Revoke | TokenChange::Opaque(_) | TokenChange::Lifetime(_) => Ok(()),
    }
}

/// Whether a token can be good for so long.
pub(crate) fn is_lifetime(lifetime: SignedDuration) -> bool {
    /// Far beyond any token, and still a time that every program can add to today's.
    const LONGEST: SignedDuration = SignedDuration::from_hours(100 * 366 * 24);
    lifetime.subsec_nanos() == 0 && lifetime >= SignedDuration::from_secs(1) && lifetime <= LONGEST
}

/// What is said of a claim that no token has: the message, and what to do about it.
pub(crate) fn unknown_claim(claim: &str) -> Option<(String, String)> {
    (!CLAIMS.contains(&claim)).then(|| {
        let message = format!("no access token has the claim {}{}", quoted(claim), did_you_mean(claim, CLAIMS));
        (message, format!("the claims: {}", listed(CLAIMS)))
    })
}

fn not_empty(text: &str, at: impl FnOnce() -> Trail, what: &str) -> Outcome {
    if text.trim().is_empty() { Err(StepError::at(at(), format!("{what} is empty"))) } else { Ok(()) }
}

/// RFC 9110, section 9.1: methods are case-sensitive, and all that are known are in capitals.
fn check_method(method: &str, at: impl FnOnce() -> Trail) -> Outcome {
    if !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(StepError::at(at(), format!("a method is one word in capitals, such as `GET`, found {}", quoted(method))))
}

/// A path with wildcards.
fn check_path(path: &str, at: impl FnOnce() -> Trail) -> Outcome {
    let mistake = |message: String| Err(StepError::at(at(), message).help("such as `/v1/apis/*/schema`, or `/v1/**`"));
    if path != "**" && !path.starts_with('/') {
        return mistake(format!("a path begins with `/`, or is `**` for any, found {}", quoted(path)));
    }
    if path.contains(['?', '#']) {
        return mistake(format!(
            "a path ends before the `?`: requests are told apart without it, found {}",
            quoted(path)
        ));
    }
    let mut segments = path.split('/').rev();
    segments.next();
    if segments.any(|segment| segment == "**") {
        return mistake(format!("`**` stands for all that follows, so it can only be the end, found {}", quoted(path)));
    }
    if let Some(part) = path.split('/').find(|part| part.contains('*') && !matches!(*part, "*" | "**")) {
        return mistake(format!("`*` stands for a whole part of the path, found {}", quoted(part)));
    }
    Ok(())
}
