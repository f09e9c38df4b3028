//! Everything that a world's portal answers, rendered once per change of the world.

mod document;
pub(crate) mod gateway;
pub(crate) mod mesh;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use understudy_scenarios::{Family, World};

use crate::respond::Answer;

/// The answers of the family that the world names.
#[derive(Debug)]
pub(crate) enum Rendered {
    Mesh(Arc<mesh::Answers>),
    Gateway(Arc<gateway::Answers>),
}

impl Rendered {
    pub(crate) fn of(world: &World) -> Self {
        match world.portal.family {
            Family::GlooMeshGateway { shape, inline_specs } => {
                Self::Mesh(Arc::new(mesh::Answers::of(&world.portal, shape, inline_specs)))
            }
            Family::GlooGateway => Self::Gateway(Arc::new(gateway::Answers::of(&world.portal))),
        }
    }
}

/// Answers by the id that their path names. Ids are unique in a world; were one not, the first would count.
#[derive(Debug)]
pub(crate) struct ById<T = Answer>(HashMap<Box<str>, T>);

impl<T> ById<T> {
    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.0.get(id)
    }
}

impl<'a, T> FromIterator<(&'a str, T)> for ById<T> {
    fn from_iter<I: IntoIterator<Item = (&'a str, T)>>(answers: I) -> Self {
        let mut by_id = HashMap::new();
        for (id, answer) in answers {
            by_id.entry(id.into()).or_insert(answer);
        }
        Self(by_id)
    }
}

/// `2 products`, for a line on the terminal.
fn counted(count: usize, one: &str, many: &str) -> Cow<'static, str> {
    format!("{count} {}", if count == 1 { one } else { many }).into()
}
