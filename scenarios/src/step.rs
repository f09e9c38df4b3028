//! What happens in a scenario after its world is up: steps, and what must hold afterwards.
//!
//! These are the words of the `steps` in a scenario file, and of the control API: one step is one item of the list, as
//! `sync` by itself or as a mapping with one key, such as `fault: {…}`.

mod change;
mod check;
mod duration;
mod expect;
mod fault;
mod words;

pub use change::{Change, Growth, NewVersion, ProductEdit, VersionEdit};
pub use check::StepError;
pub(crate) use check::{is_lifetime, unknown_claim};
pub use duration::Lapse;
pub use expect::{CatalogWish, EntityWish, ErrorWish, Expect, RequestWish};
pub use fault::{
    BodyText, Delay, DelaySpread, EncodingFault, Fault, FaultKind, ItemFault, OutOfRange, Padding, Probability, Quota,
    RedirectFault, SlowBody, StatusFault, TlsFault, Truncation, VendorError, When,
};

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that happens, or that must hold by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The subject syncs once.
    Sync,
    /// The portal's owner changes what it shows.
    Change(Box<Change>),
    /// Something goes wrong from now on.
    Fault(Box<Fault>),
    /// What went wrong does so no more: the name of a fault, or `all`.
    Lift(String),
    /// The stage's clock is moved.
    Clock(ClockMove),
    /// An issuer changes its signing keys.
    Keys(KeyChange),
    /// What becomes of access tokens.
    Tokens(TokenChange),
    /// A server or the subject is started anew.
    Restart(Restart),
    /// What must hold now.
    Expect(Box<Expect>),
}

impl Step {
    /// The word that the step is written with, such as `sync`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Change(_) => "change",
            Self::Fault(_) => "fault",
            Self::Lift(_) => "lift",
            Self::Clock(_) => "clock",
            Self::Keys(_) => "keys",
            Self::Tokens(_) => "tokens",
            Self::Restart(_) => "restart",
            Self::Expect(_) => "expect",
        }
    }
}

/// Which of the two mocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Server {
    /// The portal.
    Portal,
    /// The OpenID provider.
    Idp,
}

impl Server {
    /// The word that lines and options use: `portal` or `idp`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Idp => "idp",
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How the stage's clock is moved. Both mocks go by it, and so does a subject that runs in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClockMove {
    /// So far forward, or back with a minus: `1h`, `-5m`. A subject in another process would have to wait so long, so
    /// there a scenario with this step is skipped.
    Advance(Lapse),
    /// To this time. A subject in another process can't follow, so there a scenario with this step is skipped.
    Set(#[schemars(with = "String", extend("format" = "date-time"))] Timestamp),
    /// Stands still from now on, until it is moved or runs again.
    Freeze,
    /// Goes on with real time, from the time that it has.
    Run,
    /// One mock's clock goes before the other's, or behind it with a minus. The subject's own stays with neither.
    Skew(Skew),
}

/// One mock's clock against the stage's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Skew {
    /// Whose clock.
    pub server: Server,
    /// How far it is before the stage's: `2h`, or `-2h` behind it; `0s` sets it right.
    pub by: Lapse,
}

/// What an issuer does to its signing keys; each takes the issuer's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyChange {
    /// Signs with another key from now on, and publishes the ones before beside it.
    Rotate(String),
    /// Publishes only the key that it signs with: tokens signed with others are good no longer.
    Retire(String),
}

/// What becomes of access tokens, of all issuers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenChange {
    /// All that were issued until now are turned away as expired, whatever their `exp` says.
    Expire,
    /// All that were issued until now are turned away as revoked.
    Revoke,
    /// Whether those issued from now on are opaque: no JWT, so that a portal that checks JWTs turns them away.
    Opaque(bool),
    /// Those issued from now on lack these claims, such as `exp`. An empty list: they lack none.
    Drop(Vec<String>),
    /// How long those issued from now on are good for.
    Lifetime(Lapse),
}

/// What is started anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// The portal: connections and caches go, the world stays.
    Portal,
    /// The OpenID provider: connections go; keys, clients and the world stay.
    Idp,
    /// The subject.
    Subject,
}
