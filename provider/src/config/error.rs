//! What can be wrong with a configuration, and where to find the right value.

use std::fmt;
use std::path::PathBuf;

/// What is wrong with a configuration; its text says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Variables that must be set and are not.
    #[error("{}", Missing(.0))]
    Missing(Vec<MissingVariable>),
    /// A variable that must hold a URL holds something else.
    #[error("{variable} cannot be used: {problem}. {variable} is {meaning}")]
    Url {
        /// The variable's name.
        variable: &'static str,
        /// What is wrong with its value.
        problem: UrlProblem,
        /// What its value should be.
        meaning: &'static str,
    },
    /// Two variables that mean the same say two things.
    #[error("{first} and {second} name two servers: {first_value} and {second_value}. Unset one of them")]
    Conflict {
        /// The one variable's name.
        first: &'static str,
        /// What it says.
        first_value: String,
        /// The other variable's name.
        second: &'static str,
        /// What that says.
        second_value: String,
    },
    /// The file of root certificates cannot be used.
    #[error("the CA file {} cannot be used: {problem}. It must hold root certificates in PEM form", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The root certificates in memory cannot be used.
    #[error("the root certificates in memory cannot be used: {problem}. They must be in PEM form")]
    CaPem {
        /// What is wrong with them.
        problem: String,
    },
}

/// A variable that is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingVariable {
    /// Its name, and the name of the one that would do as well.
    pub name: &'static str,
    /// What its value is and where to find it.
    pub meaning: &'static str,
}

struct Missing<'a>(&'a [MissingVariable]);

impl fmt::Display for Missing<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [one] = self.0 {
            return write!(formatter, "{} is not set. It is {}", one.name, one.meaning);
        }
        write!(formatter, "{} variables are not set:", self.0.len())?;
        self.0.iter().try_for_each(|missing| write!(formatter, "\n  {}: {}", missing.name, missing.meaning))
    }
}

/// Why a text cannot be used as a URL. The text itself is not told: it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlProblem {
    /// It does not start with `http://` or `https://`; this is also what an unexpanded `$VARIABLE` looks like.
    #[error("it does not start with http:// or https://")]
    Scheme,
    /// It holds a user name or a password.
    #[error("it holds a user name or password; leave them out")]
    Credentials,
    /// It has a query or a fragment, so that no path can be added to it.
    #[error("it has a part after `?` or `#`; leave that out")]
    Query,
    /// It has white space in the middle.
    #[error("there is white space in it")]
    WhiteSpace,
    /// It is malformed otherwise.
    #[error("it is no URL ({0})")]
    Malformed(String),
}
