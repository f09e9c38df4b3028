//! Which faults can be played at all.

use http::{HeaderName, HeaderValue, Method, header};
use jiff::SignedDuration;
use understudy_scenarios::{Delay, DelaySpread, Fault, FaultKind, Lapse, RedirectFault, StatusFault, When};
use url::{Host, Url};

/// Why a fault can't be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultError {
    /// The fault comes before any request.
    #[error("`{does}` comes before any request, so it can't have `{member}`: tell it a server and a time alone")]
    BeforeRequests {
        /// What it was to do.
        does: &'static str,
        /// What it can't have.
        member: &'static str,
    },
    /// The stage has no certificate to spoil.
    #[error("this stage serves no TLS, so there is no certificate for `tls` to spoil")]
    NoTls,
    /// No such certificate can be made.
    #[error("no such certificate can be made for this stage: {0}")]
    Certificate(String),
    /// The name means something else.
    #[error("a fault can't be called `{0}`: `lift` would not tell it from the others")]
    Name(String),
    /// The status can't be one.
    #[error("{0} is no status to answer with: those are from 200 to 599")]
    Status(u16),
    /// The status is no redirect.
    #[error("{0} is no redirect: those are from 300 to 399")]
    RedirectStatus(u16),
    /// The redirect leads away from this machine.
    #[error(
        "a redirect to `{0}` would lead away from this machine; use a path, an http or https URL of localhost, or a name \
         that ends in .test or .invalid"
    )]
    Away(String),
    /// The header can't be sent.
    #[error("the header `{0}` can't be sent: its name or its value has characters that no header may have")]
    Header(String),
    /// The header is not the fault's to set.
    #[error("the header `{0}` tells where the answer ends, which the stage itself sees to")]
    Framing(String),
    /// The method can't be one.
    #[error("`{0}` is no HTTP method")]
    Method(String),
    /// The path can't be one.
    #[error("`{0}` is no path that a request can have: begin it with `/`, and leave out the query")]
    Path(String),
    /// A number or a length makes no sense.
    #[error("`{member}` {problem}")]
    Member {
        /// Whose value it is.
        member: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl FaultError {
    /// The same without what the fault holds, for whoever must not be shown it again.
    #[must_use]
    pub fn without_content(&self) -> String {
        match self {
            Self::Name(_) => Self::Name("…".to_owned()).to_string(),
            Self::Away(_) => Self::Away("…".to_owned()).to_string(),
            Self::Header(_) => Self::Header("…".to_owned()).to_string(),
            Self::Framing(_) => Self::Framing("…".to_owned()).to_string(),
            Self::Method(_) => Self::Method("…".to_owned()).to_string(),
            Self::Path(_) => Self::Path("…".to_owned()).to_string(),
            Self::BeforeRequests { .. }
            | Self::NoTls
            | Self::Certificate(_)
            | Self::Status(_)
            | Self::RedirectStatus(_)
            | Self::Member { .. } => self.to_string(),
        }
    }
}

/// Answers why a fault can't be played, if it can't. A redirect may lead to `hosts`.
pub(super) fn check(fault: &Fault, hosts: &[String]) -> Result<(), FaultError> {
    if fault.name() == "all" || fault.name().is_empty() {
        return Err(FaultError::Name(fault.name().to_owned()));
    }
    if let Some(method) = &fault.method
        && Method::from_bytes(method.as_bytes()).is_err()
    {
        return Err(FaultError::Method(method.clone()));
    }
    if let Some(path) = &fault.path
        && ((!path.starts_with('/') && path != "**") || path.contains(['?', '#']))
    {
        return Err(FaultError::Path(path.clone()));
    }
    positive("timeToLive", fault.time_to_live)?;
    check_when(&fault.when)?;
    if fault.does.is_before_requests() {
        check_before_requests(fault)?;
    }
    check_kind(&fault.does, hosts)
}

fn check_when(when: &When) -> Result<(), FaultError> {
    let member = |member, problem| Err(FaultError::Member { member, problem });
    match *when {
        When { nth: Some(0), .. } => member("nth", "is counted from 1"),
        When { every: Some(0), .. } => member("every", "is at least 1"),
        When { from: Some(from), .. } if from.0.is_negative() => member("from", "can't be before the fault begins"),
        When { until: Some(until), .. } if !until.0.is_positive() => member("until", "must be after the fault begins"),
        When { from: Some(from), until: Some(until), .. } if from >= until => member("until", "must be after `from`"),
        _ => Ok(()),
    }
}

fn check_before_requests(fault: &Fault) -> Result<(), FaultError> {
    let When { nth, first, every, probability, .. } = fault.when;
    // Handshakes can be counted; who is refused by the system never comes here.
    let counts = matches!(fault.does, FaultKind::Tls(_));
    let members = [
        ("method", fault.method.is_some()),
        ("path", fault.path.is_some()),
        ("caller", fault.caller.is_some()),
        ("nth", nth.is_some() && !counts),
        ("first", first.is_some() && !counts),
        ("every", every.is_some() && !counts),
        ("probability", probability.is_some() && !counts),
    ];
    match members.into_iter().find(|(_, is_there)| *is_there) {
        Some((member, _)) => Err(FaultError::BeforeRequests { does: fault.does.word(), member }),
        None => Ok(()),
    }
}

fn check_kind(does: &FaultKind, hosts: &[String]) -> Result<(), FaultError> {
    match does {
        FaultKind::Status(status) => check_status(status),
        FaultKind::Latency(delay) => check_delay(delay),
        FaultKind::SlowBody(slow) if slow.bytes == 0 => {
            Err(FaultError::Member { member: "bytes", problem: "is at least 1" })
        }
        FaultKind::SlowBody(slow) => not_negative("every", slow.every),
        FaultKind::ContentType(text) => match HeaderValue::from_str(text) {
            Ok(_) => Ok(()),
            Err(_) => Err(FaultError::Header("content-type".to_owned())),
        },
        FaultKind::Redirect(redirect) => check_redirect(redirect, hosts),
        _ => Ok(()),
    }
}

fn check_status(status: &StatusFault) -> Result<(), FaultError> {
    if !(200..=599).contains(&status.code) {
        return Err(FaultError::Status(status.code));
    }
    if status.body.is_some() && status.error.is_some() {
        return Err(FaultError::Member { member: "error", problem: "brings a body of its own, so leave out `body`" });
    }
    for (name, value) in &status.headers {
        let (Ok(parsed), Ok(_)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) else {
            return Err(FaultError::Header(name.clone()));
        };
        if [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE].contains(&parsed) {
            return Err(FaultError::Framing(name.clone()));
        }
    }
    Ok(())
}

fn check_delay(delay: &Delay) -> Result<(), FaultError> {
    let member = |member, problem| Err(FaultError::Member { member, problem });
    not_negative("by", delay.by)?;
    match (delay.spread, delay.to, delay.sigma_percent) {
        (DelaySpread::Uniform, None, _) => member("to", "is missing: a uniform spread has an end"),
        (DelaySpread::Uniform, Some(to), _) if to < delay.by => member("to", "can't be shorter than `by`"),
        (DelaySpread::Fixed | DelaySpread::LogNormal, Some(_), _) => member("to", "is for `spread: uniform` alone"),
        (DelaySpread::Fixed | DelaySpread::Uniform, _, Some(_)) => {
            member("sigmaPercent", "is for `spread: log-normal` alone")
        }
        _ => Ok(()),
    }
}

fn check_redirect(redirect: &RedirectFault, hosts: &[String]) -> Result<(), FaultError> {
    if let Some(code) = redirect.code.filter(|code| !(300..=399).contains(code)) {
        return Err(FaultError::RedirectStatus(code));
    }
    let Some(to) = &redirect.to else { return Ok(()) };
    if HeaderValue::from_str(to).is_err() {
        return Err(FaultError::Header("location".to_owned()));
    }
    let is_path = to.starts_with('/') && !to.starts_with("//");
    if is_path || Url::parse(to).is_ok_and(|url| stays_here(&url, hosts)) {
        Ok(())
    } else {
        Err(FaultError::Away(to.clone()))
    }
}

/// Whether whoever follows a URL stays on this machine, or ends nowhere (RFC 6761: `.test` and `.invalid`).
fn stays_here(url: &Url, hosts: &[String]) -> bool {
    matches!(url.scheme(), "http" | "https")
        && match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => {
                name == "localhost"
                    || [".localhost", ".test", ".invalid"].iter().any(|end| name.ends_with(end))
                    || hosts.iter().any(|host| host == name)
            }
            None => false,
        }
}

fn positive(member: &'static str, lapse: Option<Lapse>) -> Result<(), FaultError> {
    match lapse {
        Some(Lapse(length)) if length <= SignedDuration::ZERO => {
            Err(FaultError::Member { member, problem: "must be longer than nothing" })
        }
        _ => Ok(()),
    }
}

fn not_negative(member: &'static str, Lapse(length): Lapse) -> Result<(), FaultError> {
    if length.is_negative() { Err(FaultError::Member { member, problem: "can't be negative" }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(yaml: &str) -> String {
        let fault: Fault = serde_saphyr::from_str(yaml).unwrap();
        check(&fault, &[]).unwrap_err().to_string()
    }

    fn is_fine(yaml: &str) -> bool {
        check(&serde_saphyr::from_str(yaml).unwrap(), &["portal.corp.example".to_owned()]).is_ok()
    }

    #[test]
    fn what_comes_before_requests_takes_a_server_and_a_time_alone() {
        let refused = "`refuse` comes before any request, so it can't have `caller`: tell it a server and a time alone";
        assert_eq!(refusal("{does: refuse, caller: backstage}"), refused);
        assert!(refusal("{does: refuse, path: /v1/apis}").contains("`path`"));
        assert!(refusal("{does: refuse, when: {first: 3}}").contains("`first`"));
        assert!(is_fine("{does: refuse, server: portal, when: {from: 1s, until: 2s}, timeToLive: 5s}"));
    }

    #[test]
    fn handshakes_can_be_counted_and_know_nothing_of_requests() {
        assert!(is_fine("{does: {tls: expired}, server: idp, when: {nth: 2, probability: 0.5, seed: 1}}"));
        assert!(refusal("{does: {tls: expired}, path: /v1/apis}").contains("`path`"));
        assert!(refusal("{does: {tls: expired}, caller: gateway}").contains("`caller`"));
    }

    #[test]
    fn what_no_answer_can_be_is_refused() {
        assert_eq!(refusal("{does: {status: 600}}"), "600 is no status to answer with: those are from 200 to 599");
        assert!(refusal("{does: {status: 199}}").starts_with("199 is no status"));
        assert!(refusal("{does: {status: {code: 500, headers: {'a b': c}}}}").starts_with("the header `a b`"));
        assert!(
            refusal("{does: {status: {code: 500, headers: {Content-Length: '3'}}}}").contains("where the answer ends")
        );
        assert!(refusal("{does: {status: {code: 500, body: a, error: portal}}}").starts_with("`error` brings a body"));
        assert!(refusal("{does: {redirect: {code: 200}}}").starts_with("200 is no redirect"));
        assert!(refusal("{does: {slow-body: {bytes: 0, every: 1ms}}}").starts_with("`bytes`"));
        assert!(is_fine("{does: {status: {code: 429, headers: {Retry-After: '3'}}}}"));
    }

    #[test]
    fn what_no_request_can_have_is_refused() {
        assert!(refusal("{does: html, method: 'G E T'}").starts_with("`G E T` is no HTTP method"));
        assert!(refusal("{does: html, path: v1/apis}").starts_with("`v1/apis` is no path"));
        assert!(refusal("{does: html, path: '/v1/apis?a=b'}").contains("leave out the query"));
        assert!(refusal("{does: html, name: all}").starts_with("a fault can't be called `all`"));
        assert!(refusal("{does: html, when: {nth: 0}}").starts_with("`nth` is counted from 1"));
        assert!(refusal("{does: html, when: {from: 2s, until: 1s}}").starts_with("`until` must be after `from`"));
        assert!(refusal("{does: html, timeToLive: 0s}").starts_with("`timeToLive` must be longer"));
        assert!(is_fine("{does: html, path: '**'}"));
    }

    #[test]
    fn a_delay_has_what_its_spread_needs() {
        assert!(refusal("{does: {latency: {by: -1s}}}").starts_with("`by` can't be negative"));
        assert!(refusal("{does: {latency: {by: 1s, spread: uniform}}}").starts_with("`to` is missing"));
        assert!(refusal("{does: {latency: {by: 1s, to: 2s}}}").starts_with("`to` is for"));
        assert!(is_fine("{does: {latency: {by: 1s, to: 2s, spread: uniform}}}"));
        assert!(is_fine("{does: {latency: {by: 1s, sigmaPercent: 80, spread: log-normal}}}"));
    }

    #[test]
    fn what_a_fault_holds_can_be_left_out_of_what_is_said_of_it() {
        let fault: Fault = serde_saphyr::from_str("{does: html, method: '<script>'}").unwrap();
        assert_eq!(check(&fault, &[]).unwrap_err().without_content(), "`…` is no HTTP method");
    }

    #[test]
    fn a_redirect_leads_nobody_away_from_this_machine() {
        for away in ["https://example.com/", "//example.com/", "ftp://localhost/", "http://10.0.0.1/", "elsewhere"] {
            assert!(refusal(&format!("{{does: {{redirect: {{to: '{away}'}}}}}}")).contains("away"), "{away}");
        }
        for here in
            ["/v1/apis", "http://127.0.0.1:1/", "http://[::1]/", "https://portal.corp.example/", "http://a.test/"]
        {
            assert!(is_fine(&format!("{{does: {{redirect: {{to: '{here}'}}}}}}")), "{here}");
        }
    }
}
