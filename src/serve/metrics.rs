//! `/metrics`: figures of the syncs and of what is read, in Prometheus' text format (0.0.4).

use std::fmt::{Display, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use understudy_provider::{EntityKind, NoticeKind, Progress, SyncResult};

use super::Offer;

/// What answers to Backstage were given.
#[derive(Debug, Default)]
pub(super) struct Requests {
    document: AtomicU64,
    not_modified: AtomicU64,
    unavailable: AtomicU64,
}

impl Requests {
    pub(super) fn count(&self, status: StatusCode) {
        let counter = match status {
            StatusCode::OK => &self.document,
            StatusCode::NOT_MODIFIED => &self.not_modified,
            _ => &self.unavailable,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn by_status(&self) -> [(&'static str, u64); 3] {
        [("200", &self.document), ("304", &self.not_modified), ("503", &self.unavailable)]
            .map(|(status, counter)| (status, counter.load(Ordering::Relaxed)))
    }
}

/// `GET /metrics`
pub(super) async fn metrics(State(state): State<super::State>) -> Response {
    let mut text = Exposition::default();
    let progress = state.shown.borrow().progress.clone();
    syncs(&mut text, &progress);
    catalog(&mut text, &progress);
    if state.offer == Offer::Catalog {
        let name = "understudy_catalog_requests_total";
        text.family(name, "counter", "Requests for the catalog document by the status that they were answered with.");
        for (status, count) in state.requests.by_status() {
            text.labelled(name, "status", status, count);
        }
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.0).into_response()
}

fn syncs(text: &mut Exposition, progress: &Progress) {
    let name = "understudy_syncs_total";
    text.family(name, "counter", "Syncs that have ended, by how.");
    for result in SyncResult::ALL {
        text.labelled(name, "result", result.as_str(), progress.syncs.get(&result).copied().unwrap_or_default());
    }
    let name = "understudy_sync_duration_seconds";
    text.family(name, "summary", "How long syncs took, in seconds.");
    text.value(&format!("{name}_sum"), progress.duration.as_secs_f64());
    text.value(&format!("{name}_count"), progress.count());
    let name = "understudy_last_sync_duration_seconds";
    text.gauge(
        name,
        "How long the last sync took, in seconds.",
        progress.last_duration.as_ref().map(Duration::as_secs_f64),
    );
    let good = progress.last_duration.map(|_| u8::from(progress.failure.is_none()));
    text.gauge("understudy_last_sync_good", "Whether the last sync read the portal.", good);
    let name = "understudy_last_sync_timestamp_seconds";
    text.gauge(name, "When the last sync ended, in seconds since 1970.", progress.ended_at.and_then(seconds));
    let name = "understudy_last_success_timestamp_seconds";
    text.gauge(name, "When the last good sync ended, in seconds since 1970.", progress.succeeded_at.and_then(seconds));
}

fn catalog(text: &mut Exposition, progress: &Progress) {
    let outcome = progress.outcome.as_deref();
    let name = "understudy_entities";
    text.family(name, "gauge", "Entities that the catalog is to hold, by kind.");
    for kind in [EntityKind::Group, EntityKind::User, EntityKind::System, EntityKind::Api] {
        let of_kind = |outcome: &understudy_provider::Outcome| {
            outcome.mutation.entities().filter(|entity| entity.kind() == kind).count()
        };
        text.labelled(name, "kind", kind.as_str(), outcome.map_or(0, of_kind));
    }
    let name = "understudy_notices";
    text.family(
        name,
        "gauge",
        "What there is to tell of the catalog: kept from before, held back, invalid, or of the state file.",
    );
    for (kind, label) in [
        (NoticeKind::Kept, "kept"),
        (NoticeKind::HeldBack, "held_back"),
        (NoticeKind::Invalid, "invalid"),
        (NoticeKind::StateFile, "state_file"),
    ] {
        let of_kind = |outcome: &understudy_provider::Outcome| {
            outcome.notices.iter().filter(|notice| notice.kind == kind).count()
        };
        text.labelled(name, "kind", label, outcome.map_or(0, of_kind));
    }
}

fn seconds(time: SystemTime) -> Option<f64> {
    time.duration_since(SystemTime::UNIX_EPOCH).ok().map(|since| since.as_secs_f64())
}

/// The text format, as far as it is needed: no label here has a value that must be escaped.
#[derive(Default)]
struct Exposition(String);

impl Exposition {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn value(&mut self, name: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name} {value}");
    }

    fn labelled(&mut self, name: &str, label: &str, of: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name}{{{label}=\"{of}\"}} {value}");
    }

    /// One value, or none where it is not known yet.
    fn gauge(&mut self, name: &str, help: &str, value: Option<impl Display>) {
        self.family(name, "gauge", help);
        if let Some(value) = value {
            self.value(name, value);
        }
    }
}
