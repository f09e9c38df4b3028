//! What came of a sync.

use std::fmt;

use crate::mutation::Mutation;

/// What a sync gives: what the catalog should hold, and what there is to tell besides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// What the catalog should hold.
    pub mutation: Mutation,
    /// What a user should know of this sync, in the portal's order. Nothing here makes the mutation unfit to be applied.
    pub notices: Vec<Notice>,
}

impl Outcome {
    pub(crate) fn new(mutation: Mutation, notices: Vec<Notice>) -> Self {
        Self { mutation, notices }
    }

    /// Whether the mutation is all that the portal now shows, with nothing kept from before and nothing held back.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.notices.iter().all(|notice| notice.kind == NoticeKind::Invalid)
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
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
