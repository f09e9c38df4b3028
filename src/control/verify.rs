//! A verdict on the requests that came.

use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use understudy_scenarios::RequestWish;
use utoipa::ToSchema;

use super::answer::Answer;
use super::body::Read;
use super::refusal::Refusal;
use crate::stage::{CAPACITY, Controls, Mark, is_of};

/// What is to be verified.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Check {
    /// Kinds of requests, each with a bound: `atMost`, `atLeast` or `notBefore`.
    #[schema(schema_with = super::openapi::request_wishes)]
    requests: Vec<RequestWish>,
    /// Among those with a higher number than this, a `mark`; all that are kept, without it.
    #[serde(default)]
    #[schema(default = 0)]
    since: u64,
    /// The time from which `notBefore` counts, the `now` of an earlier answer.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
}

/// Whether all holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Verdict {
    /// Whether it does.
    passed: bool,
    /// What does not, a sentence each; requests are named by their place in the list, from 1.
    findings: Vec<String>,
}

/// Verifies the requests that came.
#[utoipa::path(
    post, path = "/verify", operation_id = "verify", tag = "journal", request_body = Check,
    responses((status = 200, description = "The verdict, whichever it is.", body = Verdict)),
)]
pub(super) async fn verify(
    State(controls): State<Controls>,
    Read(check): Read<Check>,
) -> Result<Answer<Verdict>, Refusal> {
    check.can_fail()?;
    let passed = controls.journal().since(Mark(check.since));
    let mut findings = Vec::new();
    if passed.len() == CAPACITY && passed[0].number > check.since + 1 {
        findings.push(format!("the journal keeps the last {CAPACITY} requests, and more have come since then"));
    }
    for (position, wish) in check.requests.iter().enumerate() {
        let number = position + 1;
        let mut kind = passed.iter().filter(|exchange| is_of(wish, exchange)).peekable();
        if let (Some(first), Some(early), Some(from)) = (kind.peek(), wish.not_before, check.from) {
            let after = first.at.duration_since(from);
            if after < early.0 {
                findings.push(format!("the first of kind {number} came {after:#} after then, {early} is the soonest"));
            }
        }
        let count = kind.count();
        if let Some(most) = wish.at_most.filter(|most| count > *most as usize) {
            findings.push(format!("{count} of kind {number} came, {most} is the most"));
        }
        if let Some(least) = wish.at_least.filter(|least| count < *least as usize) {
            findings.push(format!("{count} of kind {number} came, {least} is the least"));
        }
    }
    Ok(Answer(Verdict { passed: findings.is_empty(), findings }))
}

impl Check {
    /// Refuses a check that would pass whatever came.
    fn can_fail(&self) -> Result<(), Refusal> {
        let is_bound = |wish: &RequestWish| {
            wish.at_most.is_some() || wish.at_least.is_some_and(|least| least > 0) || wish.not_before.is_some()
        };
        if self.requests.is_empty() || !self.requests.iter().all(is_bound) {
            let message = "this would pass whatever came: give each of `requests` an `atMost`, an `atLeast` above 0 or \
                           a `notBefore`";
            return Err(Refusal::unprocessable(message));
        }
        if self.from.is_none() && self.requests.iter().any(|wish| wish.not_before.is_some()) {
            let message = "`notBefore` counts from a time: give it as `from`, such as the `now` of an earlier answer";
            return Err(Refusal::unprocessable(message));
        }
        Ok(())
    }
}
