//! The usage plans of Gloo Mesh Gateway: how callers prove themselves and how much they may call. Its list of APIs has
//! only their names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{PortalClient, PortalError, json, ok_body};
use crate::quote::ShownUrl;

/// The usage plans that a portal has, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsagePlans(BTreeMap<String, UsagePlan>);

/// A usage plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsagePlan {
    /// The ways to prove oneself, in the portal's words: `apiKeyAuth`.
    pub auth_types: Vec<String>,
    /// How much may be called; no limit without one.
    pub limit: Option<Limit>,
}

/// A number of requests in a unit of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The requests in one unit.
    pub requests: u64,
    /// The unit in the portal's words: `MINUTE`.
    pub unit: String,
}

impl UsagePlans {
    /// The plan of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&UsagePlan> {
        self.0.get(name)
    }
}

impl FromIterator<(String, UsagePlan)> for UsagePlans {
    fn from_iter<T: IntoIterator<Item = (String, UsagePlan)>>(plans: T) -> Self {
        Self(plans.into_iter().collect())
    }
}

/// `UsagePlan` of the published contract, all of whose members may be left out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    name: String,
    #[serde(default)]
    auth_policies: Option<Vec<AuthPolicy>>,
    rate_limit_policy: Option<RateLimitPolicy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthPolicy {
    auth_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RateLimitPolicy {
    unit: Option<String>,
    requests_per_unit: Option<u64>,
}

impl From<Answered> for (String, UsagePlan) {
    fn from(answered: Answered) -> Self {
        let policies = answered.auth_policies.unwrap_or_default();
        let limit = answered
            .rate_limit_policy
            .and_then(|policy| Some(Limit { requests: policy.requests_per_unit?, unit: policy.unit? }));
        let auth_types = policies.into_iter().filter_map(|policy| policy.auth_type).collect();
        (answered.name, UsagePlan { auth_types, limit })
    }
}

impl PortalClient {
    /// Reads the usage plans of Gloo Mesh Gateway: `GET /usage-plans`.
    ///
    /// # Errors
    /// When the portal does not answer with a list of plans that have names.
    pub async fn usage_plans(&self) -> Result<UsagePlans, PortalError> {
        let url = self.server.under("/usage-plans");
        let (answer, token) = self.requests.get(&url, None).await?;
        let body = ok_body(&url, answer, &token)?;
        let value = json(&url, &body, &token)?;
        let plans: Vec<Answered> = serde_json::from_str(value.get()).map_err(|_| PortalError::Item {
            url: ShownUrl::of(&url),
            item: "the list".to_owned(),
            problem: "it is no JSON array of usage plans, each with a name".to_owned(),
        })?;
        Ok(plans.into_iter().map(Into::into).collect())
    }
}
