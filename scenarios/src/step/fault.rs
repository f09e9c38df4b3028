//! What goes wrong: a fault, on which requests, and how often.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Lapse, Server};
use crate::RateUnit;

/// Something that goes wrong: what, on which requests, how often, and for how long.
///
/// A request must fit `server`, `method`, `path` and `caller`. Of those that fit, `when` picks the ones that are hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// What `lift` calls it; by default what it does, such as `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which mock; both by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
    /// The request's method; any by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The request's path, where `*` stands for one segment and a `**` at the end for all that follow; any by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The client id of whoever asks, told by its secret or its token; by default anybody but the portal itself, which
    /// asks its issuers for keys as `gateway`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// What goes wrong.
    pub does: FaultKind,
    /// Which of the requests that fit; by default all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub when: When,
    /// How long the fault lasts, in real time, so that a test that died leaves none behind; by default until it is
    /// lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_to_live: Option<Lapse>,
}

impl Fault {
    /// A fault that hits every request but the portal's own.
    #[must_use]
    pub fn new(does: FaultKind) -> Self {
        Self {
            name: None,
            server: None,
            method: None,
            path: None,
            caller: None,
            does,
            when: When::default(),
            time_to_live: None,
        }
    }

    /// What `lift` calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.does.word())
    }

    /// Hits only requests to this server.
    #[must_use]
    pub fn server(mut self, server: Server) -> Self {
        self.server = Some(server);
        self
    }

    /// Hits only requests with this path, where `*` stands for one segment and a `**` at the end for all that follow.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Hits only these of the requests that fit.
    #[must_use]
    pub fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }
}

/// Which of the requests that fit are hit. What is left out does not matter; what is there must hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct When {
    /// Only this one, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Only the first so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Every so-manieth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Each with this probability, from 0 (none) to 1 (all).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<Probability>,
    /// What the probability is drawn with; by default the run's seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Only from so long after the fault began, by the stage's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Lapse>,
    /// Only until so long after the fault began, by the stage's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Lapse>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// Another answer: `status: 503`, or with a body: `status: {code: 401, error: expired-token}`.
    Status(StatusFault),
    /// The answer comes later.
    Latency(Delay),
    /// The body comes in small pieces.
    SlowBody(SlowBody),
    /// The body ends early, though its length was promised.
    Truncate(Truncation),
    /// The body is said to be something else: `content-type: text/plain`.
    ContentType(String),
    /// The body is packed, or is only said to be: `content-encoding: gzip`.
    ContentEncoding(EncodingFault),
    /// A page of HTML in place of the answer, as a login page or a proxy sends it, with status 200.
    Html,
    /// The body is JSON with a mistake in the middle.
    MalformedJson,
    /// The body is empty.
    EmptyBody,
    /// A list begins with `null`.
    NullInList,
    /// A redirect to itself without end, or elsewhere.
    Redirect(RedirectFault),
    /// The connection is reset (a TCP RST) in place of an answer.
    Reset,
    /// Connections are refused, and the ones that are open are closed. The port stays taken.
    Refuse,
    /// The connection is closed in place of an answer.
    Close,
    /// The server shows a certificate with which no TLS handshake should succeed; connections that are open are closed when
    /// it comes into force. Its `when` counts handshakes. A run plays it over TLS; a stage that is up needs `--tls`.
    Tls(TlsFault),
    /// A list holds other items than it should.
    Items(ItemFault),
    /// Too many requests: more than so many in a unit of the stage's time are answered with 429 and `Retry-After`.
    RateLimit(Quota),
    /// A JSON object in the answer grows to about so many bytes.
    Pad(Padding),
}

impl FaultKind {
    /// The word that the fault is written with, such as `status`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::Latency(_) => "latency",
            Self::SlowBody(_) => "slow-body",
            Self::Truncate(_) => "truncate",
            Self::ContentType(_) => "content-type",
            Self::ContentEncoding(_) => "content-encoding",
            Self::Html => "html",
            Self::MalformedJson => "malformed-json",
            Self::EmptyBody => "empty-body",
            Self::NullInList => "null-in-list",
            Self::Redirect(_) => "redirect",
            Self::Reset => "reset",
            Self::Refuse => "refuse",
            Self::Close => "close",
            Self::Tls(_) => "tls",
            Self::Items(_) => "items",
            Self::RateLimit(_) => "rate-limit",
            Self::Pad(_) => "pad",
        }
    }

    /// Whether it comes before any request, so that it knows of no method, path or caller.
    #[must_use]
    pub fn is_before_requests(&self) -> bool {
        matches!(self, Self::Refuse | Self::Tls(_))
    }
}

/// Another answer than the server's own. In a file it may be the code alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusFault {
    /// The HTTP status, from 200 to 599.
    pub code: u16,
    /// The body: by default the server's own words for the status, else the status's name.
    pub body: Option<BodyText>,
    /// A vendor's error by name, with its own status-independent body and headers.
    pub error: Option<VendorError>,
    /// Headers beside, such as `Retry-After`.
    pub headers: BTreeMap<String, String>,
}

impl StatusFault {
    /// The status and nothing else.
    #[must_use]
    pub fn new(code: u16) -> Self {
        Self { code, body: None, error: None, headers: BTreeMap::new() }
    }
}

/// A body as it is sent. Its content type is JSON where it is JSON, else plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct BodyText(pub String);

/// The error bodies of the vendors, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VendorError {
    /// Okta's `E0000047`: too many requests.
    OktaRateLimit,
    /// Okta's `E0000009`: an internal error.
    OktaInternal,
    /// Okta's `invalid_client`.
    OktaInvalidClient,
    /// Keycloak's `unauthorized_client`.
    KeycloakUnauthorizedClient,
    /// Keycloak's `unknown_error`: an internal error.
    KeycloakInternal,
    /// The portal's `{"message": …}`.
    Portal,
    /// Envoy's plain text when nothing is behind it: `no healthy upstream`.
    EnvoyNoUpstream,
    /// Envoy's plain text when what is behind it hangs up.
    EnvoyReset,
}

/// A delay before the answer, in real time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delay {
    /// Always so long, or the median of a log-normal spread.
    pub by: Lapse,
    /// How it is spread; by default not at all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub spread: DelaySpread,
    /// With `uniform`, the longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Lapse>,
    /// With `log-normal`, the standard deviation of the logarithm in hundredths; 50 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma_percent: Option<u32>,
}

/// How delays are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DelaySpread {
    /// Always the same.
    #[default]
    Fixed,
    /// Each from `by` to `to` alike.
    Uniform,
    /// Most near `by`, few much longer.
    LogNormal,
}

/// A body in small pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SlowBody {
    /// How many bytes a piece.
    pub bytes: u32,
    /// How long between two, in real time.
    pub every: Lapse,
}

/// A body that ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Truncation {
    /// How many bytes are sent.
    pub after: u64,
}

/// Where a redirect leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RedirectFault {
    /// The `Location`: an absolute URL or a path; by default the request's own path again, without end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The status; 302 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
}

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EncodingFault {
    /// By gzip, for whoever says in `Accept-Encoding` that they can unpack that.
    Gzip,
    /// Not at all, though `Content-Encoding` says gzip.
    GzipInName,
}

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TlsFault {
    /// It has expired.
    Expired,
    /// It is for another host.
    WrongHost,
    /// Nobody trusts whoever signed it.
    UnknownCa,
}

/// What is wrong with the items of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemFault {
    /// They are those that the list had before the world last changed.
    Stale,
    /// Each stands twice.
    Duplicate,
    /// Only the first so many are there.
    First(u32),
    /// None is there.
    None,
}

/// So many requests in a unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quota {
    /// The requests that are let through in one unit.
    pub requests: u32,
    /// The unit.
    pub per: RateUnit,
}

/// A body that grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Padding {
    /// About how many bytes it has then: a member `x-padding` takes what is missing.
    pub bytes: u64,
}

/// A probability from 0 to 1, to a millionth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probability(u32);

impl Probability {
    const ONE: u32 = 1_000_000;

    /// The nearest millionth.
    ///
    /// # Errors
    /// When `value` is not from 0 to 1.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        if !(0.0..=1.0).contains(&value) {
            return Err(OutOfRange);
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1,000,000")]
        let millionths = (value * f64::from(Self::ONE)).round() as u32;
        Ok(Self(millionths))
    }

    /// Whether something so probable happens with this draw, which is any number, drawn evenly.
    #[must_use]
    pub fn happens(self, draw: u64) -> bool {
        draw % u64::from(Self::ONE) < u64::from(self.0)
    }
}

impl std::fmt::Display for Probability {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", f64::from(self.0) / f64::from(Self::ONE))
    }
}

/// A probability that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a probability is a number from 0 to 1")]
pub struct OutOfRange;

impl JsonSchema for Probability {
    fn schema_name() -> Cow<'static, str> {
        "Probability".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A probability, from 0 (never) to 1 (always).",
            "type": "number", "minimum": 0, "maximum": 1,
        })
    }
}

impl Serialize for Probability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / f64::from(Self::ONE))
    }
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// The members of a status fault that is written as a mapping.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StatusMembers {
    /// The HTTP status, from 200 to 599.
    code: u16,
    /// The body; by default the server's own words for the status, else the status's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<BodyText>,
    /// A vendor's error by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<VendorError>,
    /// Headers beside, such as `Retry-After`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
}

impl JsonSchema for StatusFault {
    fn schema_name() -> Cow<'static, str> {
        "StatusFault".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let members = generator.subschema_for::<StatusMembers>();
        json_schema!({
            "description": "Another answer than the server's own: its code, or a mapping with more.",
            "anyOf": [{ "type": "integer", "minimum": 200, "maximum": 599 }, members],
        })
    }
}

impl Serialize for StatusFault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == Self::new(self.code) {
            return serializer.serialize_u16(self.code);
        }
        let Self { code, body, error, headers } = self.clone();
        StatusMembers { code, body, error, headers }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StatusFault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = StatusFault;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an HTTP status, or a mapping with a `code`")
            }

            fn visit_u64<E: serde::de::Error>(self, code: u64) -> Result<Self::Value, E> {
                let code = u16::try_from(code).map_err(|_| E::custom("an HTTP status is from 200 to 599"))?;
                Ok(StatusFault::new(code))
            }

            fn visit_i64<E: serde::de::Error>(self, code: i64) -> Result<Self::Value, E> {
                let code = u16::try_from(code).map_err(|_| E::custom("an HTTP status is from 200 to 599"))?;
                Ok(StatusFault::new(code))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let members = StatusMembers::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                let StatusMembers { code, body, error, headers } = members;
                Ok(StatusFault { code, body, error, headers })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// Whether a value need not be written, since leaving it out says the same.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
