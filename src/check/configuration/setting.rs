//! One value of a configuration, what it is for, and what is wrong with its text.

use super::super::catalogue::Check;
use super::super::finding::Status;

/// What a value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// The portal's address. Some readers add the `/v1` where it is missing.
    Portal {
        adds_v1: bool,
    },
    TokenEndpoint,
    Issuer,
    ClientId,
    ClientSecret,
    Scope,
    File,
}

impl Setting {
    pub(super) fn is_url(self) -> bool {
        matches!(self, Self::Portal { .. } | Self::TokenEndpoint | Self::Issuer)
    }
}

/// A value as it was written.
#[derive(Clone, Copy)]
pub(super) struct Value<'v> {
    pub(super) setting: Setting,
    /// The variable or the key.
    pub(super) key: &'v str,
    /// What messages call it: `CLIENT_ID`, or "`clientId` (app-config.yaml:4:20)".
    pub(super) name: &'v str,
    pub(super) text: &'v str,
    /// Whether who reads it takes blanks around it away.
    pub(super) is_trimmed: bool,
}

/// Something that is wrong with a value. What fails is mended, so that the rest can be looked at; what may be meant so is
/// only warned of, and stays as it is.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    pub(super) check: &'static Check,
    pub(super) status: Status,
    pub(super) message: String,
    pub(super) remedy: String,
}

impl Slip {
    pub(super) fn fail(check: &'static Check, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, status: Status::Fail, message: message.into(), remedy: remedy.into() }
    }

    pub(super) fn warn(check: &'static Check, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, status: Status::Warn, message: message.into(), remedy: remedy.into() }
    }
}
