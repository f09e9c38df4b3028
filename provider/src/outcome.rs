//! What came of a sync.

use std::collections::HashSet;
use std::fmt;

use crate::mutation::Mutation;
use crate::sync::FailureKind;

/// What a sync gives: what the catalog should hold, and what there is to tell besides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// What the catalog should hold, as a full mutation: what could not be read is in it as it was. As long as there is a
    /// product of Gloo Gateway whose versions this provider has never read, it is a delta, which removes only what this
    /// provider has given: the catalog may hold that product's APIs from before it was started.
    pub mutation: Mutation,
    /// The same as a delta to what the provider's last sync gave; none where nothing has changed. The first sync of a
    /// provider adds everything, and knows nothing of what is to be removed: apply its full mutation.
    pub delta: Option<Mutation>,
    /// Why nothing could be read at all, where that is so, and all is as it was.
    pub failure: Option<FailureKind>,
    /// What of the notices is new since the last sync, for who tells each once.
    pub news: News,
    /// What a user should know of this sync, in the portal's order. Nothing here makes the mutation unfit to be applied.
    pub notices: Vec<Notice>,
}

impl Outcome {
    /// Whether the mutation is all that the portal now shows, with nothing kept from before and nothing held back.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.notices.iter().any(|notice| matches!(notice.kind, NoticeKind::Kept | NoticeKind::HeldBack))
    }
}

/// What has begun and what has ended between two syncs. Two notices are about one thing when their kind and what they are
/// about are the same, however they put it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct News {
    /// The notices that the sync before did not give.
    pub begun: Vec<Notice>,
    /// The notices of the sync before that this one does not give any more.
    pub ended: Vec<Notice>,
}

impl News {
    pub(crate) fn between(before: &[Notice], now: &[Notice]) -> Self {
        let things = |notices: &[Notice]| -> HashSet<Thing> { notices.iter().map(Notice::thing).collect() };
        let (were, are) = (things(before), things(now));
        let beside = |notices: &[Notice], others: &HashSet<Thing>| -> Vec<Notice> {
            notices.iter().filter(|notice| !others.contains(&notice.thing())).cloned().collect()
        };
        Self { begun: beside(now, &were), ended: beside(before, &are) }
    }
}

/// What a notice is about, in which way.
type Thing = (NoticeKind, Option<String>);

impl Notice {
    fn thing(&self) -> Thing {
        (self.kind, self.about.clone())
    }
}

/// Something that a user should know of a sync. Its text is whole by itself: about what, what happened, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// What kind of thing it is.
    pub kind: NoticeKind,
    /// The id of the API version or product that it is about; none where it is about the whole list.
    pub about: Option<String>,
    /// What happened and what to do, in one line.
    pub message: String,
}

/// The kinds of a [`Notice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoticeKind {
    /// Something could not be read, and what was last known of it stays.
    Kept,
    /// Something was not there any more, and its removal waits until it is certain.
    HeldBack,
    /// The portal gave something that is not as it should be, and the catalog gets the nearest thing that is valid.
    Invalid,
    /// The state file can't be read or written, so that a provider that is started anew may know nothing.
    StateFile,
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
