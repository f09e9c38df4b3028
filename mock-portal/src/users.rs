//! The users that Gloo Gateway's portal server knows: a record for each caller, made when it first asks who it is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use understudy_scenarios::Ids;

/// The records, kept as long as the server runs.
#[derive(Debug)]
pub(crate) struct Users {
    ids: Ids,
    records: Mutex<HashMap<Arc<str>, Record>>,
}

/// What the portal server itself knows of a user; the rest comes from the token.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The portal's own id of the user, a UUID.
    pub(crate) id: Arc<str>,
    /// When the user first came.
    pub(crate) created_at: Timestamp,
}

impl Users {
    pub(crate) fn new(ids: Ids) -> Self {
        Self { ids, records: Mutex::default() }
    }

    /// The record of the user that its issuer knows as `subject`, made here at the first time.
    pub(crate) fn record(&self, subject: &Arc<str>, now: Timestamp) -> Record {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = records.get(subject) {
            return record.clone();
        }
        let record = Record { id: self.ids.uuid().into(), created_at: now };
        records.insert(Arc::clone(subject), record.clone());
        record
    }
}
