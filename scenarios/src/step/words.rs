//! Steps in a few words, as reports, the terminal and the journal have them.

use std::fmt::{self, Display, Formatter};

use super::{
    CatalogWish, Change, ClockMove, ErrorWish, Expect, Fault, FaultKind, KeyChange, RequestWish, Restart, Server, Step,
    TlsFault, TokenChange, When,
};
use crate::{ApiId, ProductId, RateUnit};

/// `sync`, `fault status 503 on portal /v1/apis, first 2`, `change: remove product tracks`,
/// `expect the catalog to be the same, an error told`.
impl Display for Step {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sync => formatter.write_str("sync"),
            Self::Change(change) => write!(formatter, "change: {change}"),
            Self::Fault(fault) => write!(formatter, "fault {fault}"),
            Self::Lift(name) if name == "all" => formatter.write_str("lift all faults"),
            Self::Lift(name) => write!(formatter, "lift {}", line(name)),
            Self::Clock(change) => write!(formatter, "clock: {change}"),
            Self::Keys(KeyChange::Rotate(issuer)) => write!(formatter, "keys: rotate those of {}", line(issuer)),
            Self::Keys(KeyChange::Retire(issuer)) => write!(formatter, "keys: retire the old ones of {}", line(issuer)),
            Self::Tokens(change) => write!(formatter, "tokens: {change}"),
            Self::Restart(what) => write!(formatter, "restart {what}"),
            Self::Expect(expect) => write!(formatter, "expect {expect}"),
        }
    }
}

impl Display for Change {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let mut tell = |verb: &str, one: &str, many: &str, names: Vec<&str>| {
            if !names.is_empty() {
                let what = if names.len() == 1 { one } else { many };
                parts.push(format!("{verb} {what} {}", few(&names)));
            }
        };
        if self.remove_all {
            tell("remove", "", "", vec!["all products"]);
        }
        tell("remove", "product", "products", self.remove_products.iter().map(ProductId::as_str).collect());
        tell("remove", "API", "APIs", self.remove_versions.iter().map(ApiId::as_str).collect());
        tell("edit", "product", "products", self.edit_products.iter().map(|edit| edit.id.as_str()).collect());
        tell("edit", "API", "APIs", self.edit_versions.iter().map(|edit| edit.id.as_str()).collect());
        tell("add", "product", "products", self.add_products.iter().map(|file| file.id.as_str()).collect());
        let versions: Vec<String> = self
            .add_versions
            .iter()
            .map(|new| match &new.version.id {
                Some(id) => id.to_string(),
                None => format!("{}-{}", new.product, new.version.name),
            })
            .collect();
        tell("add", "API", "APIs", versions.iter().map(String::as_str).collect());
        if let Some(plans) = &self.usage_plans {
            parts.push(match plans.len() {
                0 => "no usage plans".to_owned(),
                _ => format!("usage plans {}", few(&plans.iter().map(|plan| &*plan.name).collect::<Vec<_>>())),
            });
        }
        if let Some(growth) = self.grow {
            parts.push(format!(
                "grow by {} with {} each",
                counted(growth.products.into(), "product"),
                counted(growth.versions_each.into(), "version")
            ));
        }
        formatter.write_str(&if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ").replace("  ", " ") })
    }
}

impl Display for Fault {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.does)?;
        if let Some(name) = &self.name {
            write!(formatter, " (`{}`)", line(name))?;
        }
        let server = self.server.map(Server::as_str);
        let on: Vec<&str> = [server, self.method.as_deref(), self.path.as_deref()].into_iter().flatten().collect();
        if !on.is_empty() {
            write!(formatter, " on {}", line(&on.join(" ")))?;
        }
        if let Some(caller) = &self.caller {
            write!(formatter, " by {}", line(caller))?;
        }
        let when = self.when.to_string();
        if !when.is_empty() {
            write!(formatter, ", {when}")?;
        }
        match self.time_to_live {
            Some(lapse) => write!(formatter, ", for {lapse}"),
            None => Ok(()),
        }
    }
}

impl Display for FaultKind {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let word = self.word();
        match self {
            Self::Status(status) => write!(formatter, "{word} {}", status.code),
            Self::Latency(delay) => match delay.to {
                Some(to) => write!(formatter, "{word} {} to {to}", delay.by),
                None => write!(formatter, "{word} {}", delay.by),
            },
            Self::SlowBody(slow) => write!(formatter, "{word} {} bytes every {}", slow.bytes, slow.every),
            Self::Truncate(truncation) => write!(formatter, "{word} after {} bytes", truncation.after),
            Self::ContentType(content_type) => write!(formatter, "{word} {}", line(content_type)),
            Self::ContentEncoding(super::EncodingFault::Gzip) => write!(formatter, "{word} gzip"),
            Self::ContentEncoding(super::EncodingFault::GzipInName) => write!(formatter, "{word} gzip, in name only"),
            Self::Redirect(redirect) => match &redirect.to {
                Some(to) => write!(formatter, "{word} to {}", line(to)),
                None => write!(formatter, "{word} to itself"),
            },
            Self::Tls(TlsFault::Expired) => write!(formatter, "{word} certificate expired"),
            Self::Tls(TlsFault::WrongHost) => write!(formatter, "{word} certificate of another host"),
            Self::Tls(TlsFault::UnknownCa) => write!(formatter, "{word} certificate of an unknown CA"),
            Self::Items(super::ItemFault::Stale) => write!(formatter, "{word} stale"),
            Self::Items(super::ItemFault::Duplicate) => write!(formatter, "{word} twice each"),
            Self::Items(super::ItemFault::First(count)) => write!(formatter, "{word} only the first {count}"),
            Self::Items(super::ItemFault::None) => write!(formatter, "{word} none"),
            Self::RateLimit(quota) => {
                let unit = match quota.per {
                    RateUnit::Second => "second",
                    RateUnit::Minute => "minute",
                    RateUnit::Hour => "hour",
                    RateUnit::Day => "day",
                };
                write!(formatter, "{word} {} a {unit}", quota.requests)
            }
            Self::Pad(padding) => write!(formatter, "{word} to {} bytes", padding.bytes),
            Self::Html
            | Self::MalformedJson
            | Self::EmptyBody
            | Self::NullInList
            | Self::Reset
            | Self::Refuse
            | Self::Close => formatter.write_str(word),
        }
    }
}

/// `first 2, from 5s`; nothing for all.
impl Display for When {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.nth.map(|count| format!("number {count}")));
        parts.extend(self.first.map(|count| format!("first {count}")));
        parts.extend(self.every.map(|count| format!("every {count}")));
        parts.extend(self.probability.map(|probability| format!("probability {probability}")));
        parts.extend(self.from.map(|lapse| format!("from {lapse}")));
        parts.extend(self.until.map(|lapse| format!("until {lapse}")));
        formatter.write_str(&parts.join(", "))
    }
}

impl Display for ClockMove {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Advance(lapse) => write!(formatter, "advance {lapse}"),
            Self::Set(time) => write!(formatter, "set to {time}"),
            Self::Freeze => formatter.write_str("freeze"),
            Self::Run => formatter.write_str("run"),
            Self::Skew(skew) => write!(formatter, "skew {} by {}", skew.server, skew.by),
        }
    }
}

impl Display for TokenChange {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expire => formatter.write_str("expire those issued"),
            Self::Revoke => formatter.write_str("revoke those issued"),
            Self::Opaque(true) => formatter.write_str("opaque from now on"),
            Self::Opaque(false) => formatter.write_str("JWTs from now on"),
            Self::Drop(claims) if claims.is_empty() => formatter.write_str("with all claims from now on"),
            Self::Drop(claims) => {
                let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
                write!(formatter, "without {} from now on", few(&claims))
            }
            Self::Lifetime(lapse) => write!(formatter, "good for {lapse} from now on"),
        }
    }
}

impl Display for Restart {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Portal => "portal",
            Self::Idp => "idp",
            Self::Subject => "subject",
        })
    }
}

impl Display for Expect {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.catalog.map(|wish| match wish {
            CatalogWish::Same => "the catalog to be the same".to_owned(),
            CatalogWish::Exactly => "the catalog to be exactly the portal's".to_owned(),
            CatalogWish::Valid => "the catalog to take all as it came".to_owned(),
        }));
        let ids = |ids: &[ApiId]| few(&ids.iter().map(ApiId::as_str).collect::<Vec<_>>());
        if !self.contains.is_empty() {
            parts.push(format!("{} in the catalog", ids(&self.contains)));
        }
        if !self.lacks.is_empty() {
            parts.push(format!("{} not in the catalog", ids(&self.lacks)));
        }
        for wish in &self.entities {
            let members: Vec<&str> = wish.has.keys().map(String::as_str).collect();
            parts.push(format!("{} with {}", line(wish.api.as_str()), few(&members)));
        }
        parts.extend(self.requests.iter().map(ToString::to_string));
        parts.extend(self.error.map(|wish| match wish {
            ErrorWish::Told => "an error told".to_owned(),
            ErrorWish::None => "no error told".to_owned(),
        }));
        formatter.write_str(&if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") })
    }
}

/// `at most 2 requests to portal GET /v1/apis`.
impl Display for RequestWish {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match (self.at_least, self.at_most) {
            (None, None) => formatter.write_str("requests")?,
            (Some(least), Some(most)) if least == most => {
                write!(formatter, "{}", counted(u64::from(most), "request"))?;
            }
            (Some(least), Some(most)) => write!(formatter, "{least} to {}", counted(u64::from(most), "request"))?,
            (None, Some(0)) => formatter.write_str("no request")?,
            (None, Some(most)) => write!(formatter, "at most {}", counted(u64::from(most), "request"))?,
            (Some(least), None) => write!(formatter, "at least {}", counted(u64::from(least), "request"))?,
        }
        let to = [Some(self.server.as_str()), self.method.as_deref(), self.path.as_deref()];
        write!(formatter, " to {}", line(&to.into_iter().flatten().collect::<Vec<_>>().join(" ")))?;
        match self.not_before {
            Some(lapse) => write!(formatter, " not before {lapse}"),
            None => Ok(()),
        }
    }
}

fn counted(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// The first three names, and how many there are beside.
fn few(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let mut list: Vec<String> = names.iter().take(SHOWN).map(|name| line(name)).collect();
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        list.push(format!("{more} more"));
    }
    match list.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What a file says, on one line and not without end.
fn line(text: &str) -> String {
    crate::load::wording::shortened(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(json: &str) -> String {
        serde_json::from_str::<Step>(json).unwrap().to_string()
    }

    #[test]
    fn a_step_is_told_in_a_few_words() {
        let told: Vec<String> = [
            r#""sync""#,
            r#"{"change": {"removeProducts": ["tracks"]}}"#,
            r#"{"change": {"removeAll": true, "addProducts": [{"id": "a"}, {"id": "b"}], "usagePlans": []}}"#,
            r#"{"change": {"removeVersions": ["a", "b", "c", "d", "e"], "editVersions": [{"id": "f"}]}}"#,
            r#"{"change": {"addVersions": [{"product": "a", "version": {"name": "v2"}}], "grow": {"products": 5000, "versionsEach": 1}}}"#,
            r#"{"fault": {"server": "portal", "path": "/v1/apis", "does": {"status": 503}, "when": {"first": 2}}}"#,
            r#"{"fault": {"name": "slow", "caller": "backstage", "does": {"latency": {"by": "2s"}}, "timeToLive": "1m"}}"#,
            r#"{"fault": {"does": "html", "method": "GET", "when": {"probability": 0.25, "from": "5s", "until": "10s"}}}"#,
            r#"{"fault": {"does": {"items": {"first": 2}}}}"#,
            r#"{"fault": {"does": {"rate-limit": {"requests": 10, "per": "minute"}}}}"#,
            r#"{"lift": "slow"}"#,
            r#"{"lift": "all"}"#,
            r#"{"clock": {"advance": "1h"}}"#,
            r#"{"clock": {"skew": {"server": "idp", "by": "-2h"}}}"#,
            r#"{"keys": {"rotate": "okta"}}"#,
            r#"{"tokens": "revoke"}"#,
            r#"{"tokens": {"drop": ["exp", "iat"]}}"#,
            r#"{"restart": "subject"}"#,
            r#"{"expect": {"catalog": "same", "error": "told"}}"#,
            r#"{"expect": {"contains": ["a", "b"], "lacks": ["c"], "entities": [{"api": "a", "has": {"metadata.title": "A"}}]}}"#,
            r#"{"expect": {"requests": [{"server": "idp", "atMost": 1}, {"server": "portal", "path": "/v1/apis", "atMost": 0}, {"server": "portal", "atLeast": 1, "notBefore": "30s"}]}}"#,
        ]
        .map(words)
        .into();
        insta::assert_snapshot!(told.join("\n"), @r"
        sync
        change: remove product tracks
        change: remove all products, add products a and b, no usage plans
        change: remove APIs a, b, c and 2 more, edit API f
        change: add API a-v2, grow by 5000 products with 1 version each
        fault status 503 on portal /v1/apis, first 2
        fault latency 2s (`slow`) by backstage, for 1m
        fault html on GET, probability 0.25, from 5s, until 10s
        fault items only the first 2
        fault rate-limit 10 a minute
        lift slow
        lift all faults
        clock: advance 1h
        clock: skew idp by -2h
        keys: rotate those of okta
        tokens: revoke those issued
        tokens: without exp and iat from now on
        restart subject
        expect the catalog to be the same, an error told
        expect a and b in the catalog, c not in the catalog, a with metadata.title
        expect at most 1 request to idp, no request to portal /v1/apis, at least 1 request to portal not before 30s
        ");
    }

    #[test]
    fn words_stay_on_one_line() {
        let long = format!("/{}", "x".repeat(500));
        let told = words(&format!(r#"{{"fault": {{"name": "a\nb", "path": "{long}", "does": "html"}}}}"#));
        assert!(!told.contains('\n') && told.len() < 200, "{told}");
    }
}
