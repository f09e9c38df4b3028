//! The certificates that a server showed: whether each view trusts them, whose they are, and until when they are good.

use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::server::ParsedCertificate;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use super::roots::{Distrust, Roots};
use super::server::Server;
use super::tls::Shown;
use super::views::Views;
use super::{TLS_CHAIN, TLS_END_DATE, TLS_HOST};
use crate::check::examination::{Beside, Examination};
use crate::check::finding::{Status, View};

/// How long before its end a certificate is warned of: renewals that work come earlier.
const SOON: i64 = 14 * DAY;
const DAY: i64 = 86_400;
/// How many of a certificate's names are told.
const NAMES: usize = 5;

pub(super) fn examine(exam: &mut Examination, server: &Server, shown: &Shown, roots: &Roots, views: &mut Views) {
    let parsed: Vec<X509Certificate<'_>> =
        shown.certificates.iter().filter_map(|der| Some(X509Certificate::from_der(der).ok()?.1)).collect();
    let address = server.address();
    if parsed.len() < shown.certificates.len() || parsed.is_empty() {
        let message = format!("{address} shows a certificate that can't be read");
        exam.fail(&TLS_CHAIN, message, "Have the server show a certificate of X.509, version 3.");
        return;
    }
    let now = exam.now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
    chain(exam, server, shown, &parsed, roots, now, views);
    host(exam, server, shown, &parsed[0]);
    end_date(exam, server, &parsed, now);
}

fn chain(
    exam: &mut Examination,
    server: &Server,
    shown: &Shown,
    parsed: &[X509Certificate<'_>],
    roots: &Roots,
    now: i64,
    views: &mut Views,
) {
    // That the server's own certificate has ended is told by itself, and says nothing of who signed it.
    let own = parsed[0].validity();
    let at = now.clamp(own.not_before.timestamp(), own.not_after.timestamp().max(own.not_before.timestamp()));
    let at = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at).unwrap_or_default()));
    let mut verify = |view| {
        let result = roots.verify(view, &shown.certificates, &shown.name, server.is_loopback(), at);
        views.trusted(server, view, result.is_ok());
        result
    };
    let (machine, node) = (verify(View::Machine), verify(View::Backstage));
    let address = server.address();
    let signer = parsed.last().map(|last| last.issuer().to_string()).unwrap_or_default();
    if machine.is_ok() && node.is_ok() {
        let message =
            format!("the certificate of {address} is trusted by this machine and by Backstage's Node, by {signer}");
        exam.pass(&TLS_CHAIN, message);
        return;
    }
    if let (Err(distrust), Err(other)) = (&machine, &node)
        && distrust == other
    {
        let remedy = remedy(None, distrust, parsed, &exam.names.ca_file);
        exam.fail(&TLS_CHAIN, told(&address, " by this machine, nor by Backstage's Node", distrust, parsed), remedy);
        return;
    }
    let both = machine.is_err() && node.is_err();
    for (view, result) in [(View::Machine, machine), (View::Backstage, node)] {
        let (status, message, remedy) = match &result {
            Ok(()) => (Status::Pass, format!("the certificate of {address} is trusted, by {signer}"), None),
            Err(distrust) => {
                // Where only Node does not trust it, the difference is what fails.
                let status = if view == View::Machine || both { Status::Fail } else { Status::Warn };
                let remedy = remedy(Some(view), distrust, parsed, &exam.names.ca_file);
                (status, told(&address, "", distrust, parsed), Some(remedy))
            }
        };
        exam.found(&TLS_CHAIN, status, message, Beside { view: Some(view), remedy, ..Beside::default() });
    }
}

fn is_self_signed(certificate: &X509Certificate<'_>) -> bool {
    certificate.subject().as_raw() == certificate.issuer().as_raw()
}

/// What is wrong; `by_whom` says who does not trust it, where that is not the finding's own view.
fn told(address: &str, by_whom: &str, distrust: &Distrust, parsed: &[X509Certificate<'_>]) -> String {
    match distrust {
        Distrust::UnknownAuthority if parsed.len() == 1 && is_self_signed(&parsed[0]) => {
            format!("the certificate of {address} is not trusted{by_whom}: it is signed by itself")
        }
        Distrust::UnknownAuthority => {
            let last = &parsed[parsed.len() - 1];
            let count = match parsed.len() {
                1 => "its own certificate alone".to_owned(),
                count => format!("{count} certificates"),
            };
            format!(
                "the certificate of {address} is not trusted{by_whom}: it shows {count}, and no authority `{}` is known",
                last.issuer()
            )
        }
        Distrust::OtherKey => {
            let signer = parsed[parsed.len() - 1].issuer();
            format!(
                "the certificate of {address} is not trusted{by_whom}: `{signer}` is known, but by another key than the one \
                 that signed it"
            )
        }
        Distrust::NoRoots(problem) => format!("nothing is trusted here: {problem}"),
        Distrust::Other(problem) => format!("the certificate of {address} is not trusted{by_whom}: {problem}"),
    }
}

fn remedy(view: Option<View>, distrust: &Distrust, parsed: &[X509Certificate<'_>], ca_file: &str) -> String {
    let machine = format!("name its certificate's PEM file in {ca_file}, or add it to this machine's roots");
    let node = "set NODE_EXTRA_CA_CERTS to its certificate's PEM file before Node starts, since Node takes none of the system's \
                roots";
    let where_to = match view {
        Some(View::Machine) => machine,
        Some(View::Backstage) => node.to_owned(),
        None => format!("{machine}; and {node}"),
    };
    match distrust {
        Distrust::UnknownAuthority if parsed.len() == 1 && !is_self_signed(&parsed[0]) => format!(
            "If the authority is a private one, {where_to}. If it is a public one, the server leaves out the certificates \
             in between: have it send the whole chain."
        ),
        Distrust::OtherKey => format!("If that authority was made anew, {where_to}."),
        Distrust::UnknownAuthority => format!("If that authority is meant to be trusted, {where_to}."),
        Distrust::NoRoots(_) => {
            "Install the system's root certificates (the package ca-certificates), or name a PEM file in \
                                 SSL_CERT_FILE."
                .to_owned()
        }
        Distrust::Other(_) => "Have a certificate made anew, by an authority that is trusted.".to_owned(),
    }
}

fn host(exam: &mut Examination, server: &Server, shown: &Shown, own: &X509Certificate<'_>) {
    let host = server.host();
    let address = server.address();
    let result = ParsedCertificate::try_from(&shown.certificates[0])
        .and_then(|certificate| verify_server_name(&certificate, &shown.name));
    if result.is_ok() {
        exam.pass(&TLS_HOST, format!("the certificate of {address} is for {host}"));
        return;
    }
    let names = names(own);
    let message = if names.is_empty() {
        format!("the certificate of {address} has no names of the kind that is looked at, subjectAltName")
    } else {
        let more = names.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let some: Vec<String> = names.iter().take(NAMES).map(|name| format!("`{name}`")).collect();
        format!("the certificate of {address} is for {}{more}, and not for {host}", some.join(", "))
    };
    let remedy = format!(
        "Ask {} by a name that the certificate has, or have one made for {host}. A gateway shows another host's certificate \
         where none of its listeners names this one.",
        server.role
    );
    exam.fail(&TLS_HOST, message, remedy);
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Vec::new() };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => Some(std::net::Ipv4Addr::from(<[u8; 4]>::try_from(*bytes).ok()?).to_string()),
            16 => Some(std::net::Ipv6Addr::from(<[u8; 16]>::try_from(*bytes).ok()?).to_string()),
            _ => None,
        },
        _ => None,
    };
    extension.value.general_names.iter().filter_map(name).collect()
}

fn end_date(exam: &mut Examination, server: &Server, parsed: &[X509Certificate<'_>], now: i64) {
    const RENEW: &str = "Renew it. With cert-manager, `kubectl describe certificate` tells why that has not happened.";
    let address = server.address();
    let mut is_well = true;
    for (index, certificate) in parsed.iter().enumerate() {
        let (from, to) = (certificate.validity().not_before.timestamp(), certificate.validity().not_after.timestamp());
        let whose = match index {
            0 => format!("the certificate of {address}"),
            _ => format!("`{}`, which {address} shows in between,", certificate.subject()),
        };
        let (status, message, remedy) = if now > to {
            (Status::Fail, format!("{whose} ended on {}, {} ago", day(to), lapse(now - to)), RENEW)
        } else if now < from {
            let message = format!("{whose} is good only from {}, in {}", day(from), lapse(from - now));
            (Status::Fail, message, "Look at this machine's clock; otherwise wait, or have one made that is good now.")
        } else if to - now < SOON {
            (Status::Warn, format!("{whose} ends on {}, in {}", day(to), lapse(to - now)), RENEW)
        } else {
            continue;
        };
        is_well = false;
        // One in between that is not used on the way to the authority may well have ended.
        let status = if index == 0 { status } else { Status::Warn };
        let beside = Beside { remedy: Some(remedy.to_owned()), ..Beside::default() };
        exam.found(&TLS_END_DATE, status, message, beside);
    }
    if is_well {
        let to = parsed[0].validity().not_after.timestamp();
        exam.pass(&TLS_END_DATE, format!("the certificate of {address} is good until {}", day(to)));
    }
}

fn day(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .map_or_else(|_| "a day beyond all clocks".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
}

fn lapse(seconds: i64) -> String {
    match seconds {
        ..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / DAY),
    }
}
