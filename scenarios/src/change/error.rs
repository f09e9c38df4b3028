//! Why a world can't be changed so.

use std::fmt;

use crate::load::trail::Trail;
use crate::load::vocabulary::without_content;
use crate::load::wording::{did_you_mean, listed, quoted};
use crate::{ApiId, Growth, ProductId};

/// Why a world can't be changed so: what is wrong, and where in the step it says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{at}`: {problem}{}", self.hint())]
pub struct ChangeError {
    at: Trail,
    problem: ChangeProblem,
}

impl ChangeError {
    pub(super) fn new(at: Trail, problem: ChangeProblem) -> Self {
        Self { at, problem }
    }

    /// Where the step says so, such as `change.editProducts[0].id`.
    #[must_use]
    pub fn place(&self) -> String {
        self.at.to_string()
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &ChangeProblem {
        &self.problem
    }

    pub(crate) fn trail(&self) -> &Trail {
        &self.at
    }

    /// The message for whoever must not be shown what the step and the world hold: what it quotes is left out (`…`) unless
    /// it is a word of the scenario file itself.
    #[must_use]
    pub fn without_content(&self) -> String {
        without_content(&self.to_string())
    }

    fn hint(&self) -> String {
        self.problem.help().map(|help| format!(" ({help})")).unwrap_or_default()
    }
}

/// What is wrong with a change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeProblem {
    /// There is no such product.
    NoProduct {
        /// The id that is not there.
        id: ProductId,
        /// The ones that are.
        known: Known,
    },
    /// There is no such API.
    NoVersion {
        /// The id that is not there.
        id: ApiId,
        /// The ones that are.
        known: Known,
    },
    /// There is no such usage plan.
    NoUsagePlan {
        /// The name that is not there.
        name: String,
        /// The ones that are.
        known: Known,
    },
    /// There is no such issuer.
    NoIssuer {
        /// The name that is not there.
        name: String,
        /// The ones that are.
        known: Known,
    },
    /// Two products would have one id.
    ProductTaken(ProductId),
    /// Two versions would have one API id.
    VersionTaken(ApiId),
    /// Two usage plans would have one name.
    UsagePlanTaken(String),
    /// A name or an id is empty: what it is of.
    Empty(&'static str),
    /// A time is before the year 0, which RFC 3339 can't write: the key that says it.
    TooEarly(&'static str),
    /// A document is named by its path, and no scenario file is there that it lies beside.
    UnreadDocument(String),
    /// There would be no product or no version.
    NoGrowth,
    /// There would be more products than [`Growth`] makes.
    TooManyProducts(u32),
    /// There would be more versions than a portal may have after it grew.
    TooManyVersions(u64),
    /// With their product's words and every usage plan, the versions would take too much room.
    TooHeavy,
}

/// The names that something goes by, as far as a message tells them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// `: did you mean …?`, or nothing.
    meant: String,
    /// The first of them, or nothing.
    list: String,
}

/// What a message tells of the names that are there, in place of `word`.
pub(super) fn known<'w, I: Iterator<Item = &'w str> + Clone>(word: &str, words: I) -> Known {
    Known { meant: did_you_mean(word, words.clone()), list: listed(words) }
}

impl ChangeProblem {
    /// What to do about it.
    pub(crate) fn help(&self) -> Option<String> {
        let list = |what: &str, known: &Known| (!known.list.is_empty()).then(|| format!("{what}: {}", known.list));
        match self {
            Self::NoProduct { known, .. } => list("the products", known),
            Self::NoVersion { known, .. } => list("the APIs", known),
            Self::NoUsagePlan { known, .. } => list("the usage plans", known),
            Self::NoIssuer { known, .. } => list("the issuers", known),
            Self::UnreadDocument(_) => Some("write the document itself in its place".to_owned()),
            _ => None,
        }
    }
}

impl fmt::Display for ChangeProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProduct { id, known } => {
                write!(formatter, "there is no product {}{}", quoted(id.as_str()), known.meant)
            }
            Self::NoVersion { id, known } => {
                write!(formatter, "there is no API {}{}", quoted(id.as_str()), known.meant)
            }
            Self::NoUsagePlan { name, known } => {
                write!(formatter, "there is no usage plan {}{}", quoted(name), known.meant)
            }
            Self::NoIssuer { name, known } => write!(formatter, "there is no issuer {}{}", quoted(name), known.meant),
            Self::ProductTaken(id) => write!(formatter, "the product id {} would stand twice", quoted(id.as_str())),
            Self::VersionTaken(id) => write!(formatter, "the API id {} would stand twice", quoted(id.as_str())),
            Self::UsagePlanTaken(name) => write!(formatter, "the usage plan {} stands twice", quoted(name)),
            Self::Empty(what) => write!(formatter, "{what} is empty"),
            Self::TooEarly(key) => write!(formatter, "`{key}` is before the year 0, which no portal can tell"),
            Self::UnreadDocument(path) => {
                write!(formatter, "the document {} can't be read: there is no file that it lies beside", quoted(path))
            }
            Self::NoGrowth => formatter.write_str("nothing grows: `products` and `versionsEach` are at least 1"),
            Self::TooManyProducts(count) => {
                write!(formatter, "{count} made-up products are more than {}", Growth::MOST_PRODUCTS)
            }
            Self::TooManyVersions(count) => {
                write!(formatter, "the portal would have {count} versions, more than {}", Growth::MOST_VERSIONS)
            }
            Self::TooHeavy => formatter.write_str(
                "with their product's words and every usage plan, the versions up to here take more than 256 MiB",
            ),
        }
    }
}
