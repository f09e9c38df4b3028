//! Faults that can be played: what goes together, and what each kind must hold to.

use url::{Host, Url};

use super::{Outcome, StepError, check_method, check_path, not_empty};
use crate::load::trail::{Trail, trail};
use crate::load::wording::quoted;
use crate::{Delay, DelaySpread, Fault, FaultKind, Lapse, RedirectFault, SlowBody, StatusFault, When};

/// The most that a body is made to grow to, in bytes.
const MOST_PADDING: u64 = 1024 * 1024 * 1024;

/// The headers that tell where an answer ends, or what becomes of its connection.
const FRAMING: [&str; 4] = ["content-length", "transfer-encoding", "connection", "upgrade"];

pub(super) fn check(fault: &Fault) -> Outcome {
    if let Some(name) = &fault.name {
        not_empty(name, || trail!["fault", "name"], "the fault's name")?;
        if name == "all" {
            let message = "a fault can't be called `all`: `lift: all` lifts every fault";
            return Err(StepError::at(trail!["fault", "name"], message));
        }
    }
    if let Some(method) = &fault.method {
        check_method(method, || trail!["fault", "method"])?;
    }
    if let Some(path) = &fault.path {
        check_path(path, || trail!["fault", "path"])?;
    }
    if let Some(caller) = &fault.caller {
        not_empty(caller, || trail!["fault", "caller"], "the caller's client id")?;
    }
    if fault.does.is_before_requests() {
        check_before_requests(fault)?;
    }
    check_kind(&fault.does)?;
    check_when(&fault.when)?;
    match fault.time_to_live {
        Some(lapse) => longer_than_nothing(lapse, || trail!["fault", "timeToLive"]),
        None => Ok(()),
    }
}

/// What comes before any request knows nothing of requests. Handshakes, which end at a certificate, can be counted.
fn check_before_requests(fault: &Fault) -> Outcome {
    let When { nth, first, every, probability, seed, from: _, until: _ } = &fault.when;
    let of_requests = [
        (fault.method.is_some(), trail!["fault", "method"]),
        (fault.path.is_some(), trail!["fault", "path"]),
        (fault.caller.is_some(), trail!["fault", "caller"]),
    ];
    let counts = [
        (nth.is_some(), trail!["fault", "when", "nth"]),
        (first.is_some(), trail!["fault", "when", "first"]),
        (every.is_some(), trail!["fault", "when", "every"]),
        (probability.is_some(), trail!["fault", "when", "probability"]),
        (seed.is_some(), trail!["fault", "when", "seed"]),
    ];
    let is_counted = matches!(fault.does, FaultKind::Tls(_));
    let refused = of_requests.into_iter().chain(counts.into_iter().filter(|_| !is_counted));
    match refused.into_iter().find(|(is_there, _)| *is_there) {
        Some((_, at)) => {
            let (word, key) = (fault.does.word(), at.last_key().unwrap_or_default());
            let message = format!("`{word}` comes before any request, so it can't go by `{key}`");
            let help = if is_counted {
                "it goes by `server`, `when` and `timeToLive`"
            } else {
                "it goes by `server`, `when.from`, `when.until` and `timeToLive`"
            };
            Err(StepError::at_key(at, message).help(help))
        }
        None => Ok(()),
    }
}

fn check_when(when: &When) -> Outcome {
    let at = |key: &str| trail!["fault", "when", key];
    for (key, count) in [("nth", when.nth), ("first", when.first), ("every", when.every)] {
        if count == Some(0) {
            return Err(StepError::at(at(key), format!("`{key}` counts from 1, found 0")));
        }
    }
    if when.seed.is_some() && when.probability.is_none() {
        let message = "a `seed` draws for a `probability`, and there is none";
        return Err(StepError::at_key(at("seed"), message));
    }
    if let (Some(nth), Some(first)) = (when.nth, when.first)
        && nth > first
    {
        let message = format!("the request number {nth} is never one of the first {first}: this would hit none");
        return Err(StepError::at(at("nth"), message));
    }
    if let (Some(nth), Some(every)) = (when.nth, when.every)
        && nth % every != 0
    {
        let message = format!("the request number {nth} is not hit by `every: {every}`: this would hit none");
        return Err(StepError::at(at("nth"), message));
    }
    if let (Some(first), Some(every)) = (when.first, when.every)
        && first < every
    {
        let message = format!("none of the first {first} is hit by `every: {every}`: this would hit none");
        return Err(StepError::at(at("first"), message));
    }
    if let Some(from) = when.from {
        not_negative(from, || at("from"))?;
    }
    if let Some(until) = when.until {
        let from = when.from.unwrap_or(Lapse::from(jiff::SignedDuration::ZERO));
        if until <= from {
            let message = format!("`until` comes after `from`, found `{until}` after `{from}`");
            return Err(StepError::at(at("until"), message));
        }
    }
    Ok(())
}

fn check_kind(kind: &FaultKind) -> Outcome {
    let at = || trail!["fault", "does", kind.word()];
    match kind {
        FaultKind::Status(status) => check_status(status, &at()),
        FaultKind::Latency(delay) => check_delay(delay, &at()),
        FaultKind::SlowBody(SlowBody { bytes, every }) => {
            if *bytes == 0 {
                return Err(StepError::at(at().then("bytes"), "a piece has a byte at least"));
            }
            not_negative(*every, || at().then("every"))
        }
        FaultKind::ContentType(content_type) => check_header_value(content_type, at, "the content type"),
        FaultKind::Redirect(redirect) => check_redirect(redirect, &at()),
        FaultKind::Pad(padding) if padding.bytes > MOST_PADDING => {
            Err(StepError::at(at().then("bytes"), "a body grows to 1 GiB (1073741824 bytes) at most"))
        }
        FaultKind::Truncate(_)
        | FaultKind::ContentEncoding(_)
        | FaultKind::Html
        | FaultKind::MalformedJson
        | FaultKind::EmptyBody
        | FaultKind::NullInList
        | FaultKind::Reset
        | FaultKind::Refuse
        | FaultKind::Close
        | FaultKind::Tls(_)
        | FaultKind::Items(_)
        | FaultKind::RateLimit(_)
        | FaultKind::Pad(_) => Ok(()),
    }
}

fn check_status(status: &StatusFault, at: &Trail) -> Outcome {
    // A status by itself stands where the mapping would.
    let code_at = if *status == StatusFault::new(status.code) { at.clone() } else { at.then("code") };
    if !(200..=599).contains(&status.code) {
        return Err(StepError::at(code_at, format!("an HTTP status is from 200 to 599, found {}", status.code)));
    }
    if status.body.is_some() && status.error.is_some() {
        let message = "an `error` has a body of its own: leave one of the two out";
        return Err(StepError::at_key(at.then("body"), message));
    }
    for (name, value) in &status.headers {
        let at = || at.then("headers").then(&**name);
        // RFC 9110, section 5.6.2.
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(is_token) {
            return Err(StepError::at_key(at(), format!("{} is no header's name", quoted(name))));
        }
        if FRAMING.iter().any(|framing| framing.eq_ignore_ascii_case(name)) {
            let message = format!("{} tells where the answer ends, which the stage itself sees to", quoted(name));
            return Err(StepError::at_key(at(), message));
        }
        check_header_value(value, at, "a header's value")?;
    }
    Ok(())
}

/// RFC 9110, section 5.5, without the bytes beyond ASCII.
fn check_header_value(value: &str, at: impl FnOnce() -> Trail, what: &str) -> Outcome {
    if !value.trim().is_empty() && value.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        return Ok(());
    }
    Err(StepError::at(at(), format!("{what} is a line of ASCII text, found {}", quoted(value))))
}

fn check_delay(delay: &Delay, at: &Trail) -> Outcome {
    not_negative(delay.by, || at.then("by"))?;
    match (delay.spread, delay.to) {
        (DelaySpread::Uniform, None) => {
            return Err(StepError::at(
                at.then("spread"),
                "`spread: uniform` goes from `by` to `to`, and there is no `to`",
            ));
        }
        (DelaySpread::Uniform, Some(to)) if to < delay.by => {
            let message = format!("`to` is the longest delay and `by` the shortest, found `{to}` after `{}`", delay.by);
            return Err(StepError::at(at.then("to"), message));
        }
        (DelaySpread::Fixed | DelaySpread::LogNormal, Some(_)) => {
            return Err(StepError::at_key(at.then("to"), "`to` is for `spread: uniform`"));
        }
        _ => {}
    }
    match delay.sigma_percent {
        Some(_) if delay.spread != DelaySpread::LogNormal => {
            Err(StepError::at_key(at.then("sigmaPercent"), "`sigmaPercent` is for `spread: log-normal`"))
        }
        Some(percent) if percent > 1000 => {
            Err(StepError::at(at.then("sigmaPercent"), format!("`sigmaPercent` is 1000 at most, found {percent}")))
        }
        _ => Ok(()),
    }
}

fn check_redirect(redirect: &RedirectFault, at: &Trail) -> Outcome {
    if let Some(code) = redirect.code.filter(|code| !matches!(code, 301 | 302 | 303 | 307 | 308)) {
        let message = format!("a redirect is 301, 302, 303, 307 or 308, found {code}");
        return Err(StepError::at(at.then("code"), message));
    }
    let Some(to) = &redirect.to else { return Ok(()) };
    let is_line = to.chars().all(|c| c.is_ascii_graphic());
    let is_path = to.starts_with('/') && !to.starts_with("//");
    if is_line && (is_path || Url::parse(to).is_ok_and(|url| stays_here(&url))) {
        return Ok(());
    }
    let message = format!("a redirect leads to a path (`/…`) or a URL of this machine, found {}", quoted(to));
    Err(StepError::at(at.then("to"), message)
        .help("a name that ends in `.test` or `.invalid` is nobody's, and will do too"))
}

/// Whether whoever follows a URL stays on this machine, or ends nowhere (RFC 6761).
fn stays_here(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => {
                name == "localhost" || [".localhost", ".test", ".invalid"].iter().any(|end| name.ends_with(end))
            }
            None => false,
        }
}

fn not_negative(lapse: Lapse, at: impl FnOnce() -> Trail) -> Outcome {
    if lapse.0.is_negative() {
        return Err(StepError::at(at(), format!("this can't go back in time, found `{lapse}`")));
    }
    Ok(())
}

fn longer_than_nothing(lapse: Lapse, at: impl FnOnce() -> Trail) -> Outcome {
    if lapse.0.is_positive() {
        return Ok(());
    }
    Err(StepError::at(at(), format!("this takes some time at least, found `{lapse}`")))
}
