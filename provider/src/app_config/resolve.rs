//! One file's section about the portal, with variables substituted and other files included, as Backstage does.
//!
//! The rules are those of `packages/config-loader/src/sources/transform` and of `FileConfigSource`. Where that transforms
//! the whole file and fails by anything in it, only the way to the section is gone here: what concerns other plugins may
//! need variables and files that this process does not have.

use std::path::{Path, PathBuf};

use super::mistake::{Mistake, Mistakes, unreadable};
use super::source::{Kind, Node, Place, Source};

/// A value as the plugin would get it, and where it was written.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) place: Place,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// Left out, since this variable is not set.
    Unset(String),
    /// What is there can't be had, which is among the mistakes already.
    Told,
    /// `null`: takes away what an earlier file says.
    Null,
    Bool(bool),
    Number(f64),
    Text {
        text: String,
        /// What was written as `$NAME`, which nothing takes for a variable.
        unbraced: Option<String>,
    },
    List,
    Map(Vec<(String, Value)>),
}

/// What stands at `glooPlatformPortal.backend` of a file; none where nothing does.
pub(super) fn section(path: &Path, env: &impl Fn(&str) -> Option<String>, mistakes: &mut Mistakes) -> Option<Value> {
    let name = path.display().to_string();
    let root = match Source::read(path, name.clone()) {
        Ok(source) => source.parse(),
        Err(error) => Err(Mistake::nowhere(format!("can't read `{name}`: {}", unreadable(&error)))),
    };
    let mut resolver = Resolver { env, mistakes };
    match root {
        Ok(Some(root)) if !matches!(root.kind, Kind::Map(_)) => {
            resolver.mistakes.error(Mistake::at(&root.place, "a configuration file holds a mapping"));
            None
        }
        Ok(root) => resolver.descend(&root?, &["glooPlatformPortal", "backend"]),
        Err(mistake) => {
            resolver.mistakes.error(mistake);
            None
        }
    }
}

struct Resolver<'a, E> {
    env: &'a E,
    mistakes: &'a mut Mistakes,
}

/// What an including mapping stands for.
enum Included {
    Unset(String),
    Text(String),
    Node(Node),
}

/// The keys that make a mapping stand for something else.
const INCLUDES: [&str; 3] = ["$file", "$env", "$include"];

impl<E: Fn(&str) -> Option<String>> Resolver<'_, E> {
    /// What is at the end of the way, if the way leads there.
    fn descend(&mut self, node: &Node, way: &[&str]) -> Option<Value> {
        let Some((step, rest)) = way.split_first() else { return Some(self.resolve(node)) };
        let included = match self.included(node) {
            None => node.clone(),
            Some(Ok(Included::Node(node))) => node,
            Some(Ok(Included::Text(_) | Included::Unset(_))) => return None,
            Some(Err(mistake)) => {
                self.mistakes.error(mistake);
                return None;
            }
        };
        match &included.kind {
            Kind::Map(members) => {
                let member = members.iter().find(|member| member.key == *step)?;
                self.descend(&member.value, rest)
            }
            Kind::Null => None,
            _ => {
                let message = format!("`{step}` is looked for here, so this must be a mapping");
                self.mistakes.error(Mistake::at(&included.place, message));
                None
            }
        }
    }

    fn resolve(&mut self, node: &Node) -> Value {
        let place = node.place.clone();
        let what = match self.included(node) {
            None => self.inside(node),
            Some(Ok(Included::Unset(variable))) => What::Unset(variable),
            Some(Ok(Included::Text(text))) => What::Text { text, unbraced: None },
            Some(Ok(Included::Node(node))) => self.inside(&node),
            Some(Err(mistake)) => {
                self.mistakes.error(mistake);
                What::Told
            }
        };
        Value { place, what }
    }

    /// What is inside; a mapping that came by `$include` is not taken for another include, as in Backstage.
    fn inside(&mut self, node: &Node) -> What {
        match &node.kind {
            Kind::Null => What::Null,
            Kind::Bool(value) => What::Bool(*value),
            Kind::Number(value) => What::Number(*value),
            Kind::Text(text) => match substitute(text, self.env) {
                Ok((text, unbraced)) => What::Text { text, unbraced },
                Err(variable) => What::Unset(variable),
            },
            Kind::List => What::List,
            Kind::Map(members) => {
                What::Map(members.iter().map(|member| (member.key.clone(), self.resolve(&member.value))).collect())
            }
        }
    }

    /// What a mapping with a key such as `$env` stands for; none for anything else.
    fn included(&self, node: &Node) -> Option<Result<Included, Mistake>> {
        let Kind::Map(members) = &node.kind else { return None };
        let include = members.iter().find(|member| INCLUDES.contains(&&*member.key))?;
        let key = &include.key;
        if members.len() > 1 {
            return Some(Err(Mistake::at(&include.place, format!("no other key may stand beside `{key}`"))));
        }
        let Kind::Text(text) = &include.value.kind else {
            return Some(Err(Mistake::at(
                &include.value.place,
                format!("what `{key}` includes must be named by a text"),
            )));
        };
        let named = match substitute(text, self.env) {
            Ok((named, _)) => named,
            Err(variable) => {
                let message = format!("`{key}` needs `${{{variable}}}`, which is not set");
                return Some(Err(Mistake::at(&include.value.place, message)));
            }
        };
        let place = &include.value.place;
        Some(match &**key {
            "$env" => Ok(variable(&named, self.env).map_or(Included::Unset(named), Included::Text)),
            "$file" => read(place, &named).map(|source| Included::Text(source.text.trim_end().to_owned())),
            _ => include_part(place, &named),
        })
    }
}

fn beside(place: &Place, path: &str) -> PathBuf {
    place.source.folder.join(path)
}

fn read(place: &Place, path: &str) -> Result<std::sync::Arc<Source>, Mistake> {
    let file = beside(place, path);
    Source::read(&file, file.display().to_string()).map_err(|error| {
        Mistake::at(place, format!("can't read `{}`: {}", file.display(), unreadable(&error)))
            .help("paths are seen from the folder of the file that they stand in")
    })
}

/// `$include: file#path.to.a.part`
fn include_part(place: &Place, named: &str) -> Result<Included, Mistake> {
    let (path, part) = named.split_once('#').unwrap_or((named, ""));
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    if !matches!(extension, Some("json" | "yaml" | "yml")) {
        return Err(Mistake::at(
            place,
            format!("`$include` reads files that end in .json, .yaml or .yml, and not `{path}`"),
        ));
    }
    let Some(mut node) = read(place, path)?.parse()? else {
        return Err(Mistake::at(place, format!("`{path}` is empty")));
    };
    let mut gone = String::new();
    for step in part.split('.').filter(|_| !part.is_empty()) {
        let Kind::Map(members) = node.kind else {
            return Err(Mistake::at(place, format!("what is at `{gone}` of `{path}` is no mapping")));
        };
        let Some(member) = members.into_iter().find(|member| member.key == step) else {
            return Err(Mistake::at(place, format!("there is no `{part}` in `{path}`")));
        };
        if !gone.is_empty() {
            gone.push('.');
        }
        gone.push_str(step);
        node = member.value;
    }
    Ok(Included::Node(node))
}

/// A variable, without the blanks around it.
fn variable(name: &str, env: &impl Fn(&str) -> Option<String>) -> Option<String> {
    env(name).map(|value| value.trim().to_owned())
}

/// The text with `${VAR}` and `${VAR:-default}` substituted and `$${` unescaped, and the first `$NAME` without braces in it;
/// or the first variable that is not set.
fn substitute(text: &str, env: &impl Fn(&str) -> Option<String>) -> Result<(String, Option<String>), String> {
    let (mut substituted, mut unbraced, mut rest) = (String::new(), None, text);
    while let Some(at) = rest.find('$') {
        substituted.push_str(&rest[..at]);
        rest = &rest[at..];
        let escaped = rest.starts_with("$${");
        let opening = if escaped { 3 } else { 2 };
        let closing = (escaped || rest.starts_with("${"))
            .then(|| rest[opening..].find(['{', '}']).map(|end| opening + end))
            .flatten()
            .filter(|end| rest.as_bytes()[*end] == b'}');
        match closing {
            Some(end) if escaped => substituted.push_str(&rest[1..=end]),
            Some(end) => substituted.push_str(&expression(&rest[opening..end], env)?),
            None => {
                unbraced = unbraced.or_else(|| name_after(rest));
                substituted.push('$');
            }
        }
        rest = &rest[closing.map_or(1, |end| end + 1)..];
    }
    substituted.push_str(rest);
    Ok((substituted, unbraced))
}

fn expression(inside: &str, env: &impl Fn(&str) -> Option<String>) -> Result<String, String> {
    match inside.split_once(":-") {
        Some((name, default)) => {
            let value = variable(name.trim(), env).filter(|value| !value.is_empty());
            let default = Some(default.trim().to_owned()).filter(|default| !default.is_empty());
            value.or(default).ok_or_else(|| name.trim().to_owned())
        }
        None => variable(inside.trim(), env).ok_or_else(|| inside.trim().to_owned()),
    }
}

/// The name of `$NAME…`, which a shell would take for a variable.
fn name_after(text: &str) -> Option<String> {
    let name = &text[1..];
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    let name = &name[..end];
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(name: &str) -> Option<String> {
        match name {
            "A" => Some(" a ".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    fn substituted(text: &str) -> Result<String, String> {
        substitute(text, &env).map(|(text, _)| text)
    }

    #[test]
    fn variables_are_substituted_as_backstage_does() {
        for (text, is) in [
            ("x ${A} y", "x a y"),
            ("${ A }${A}", "aa"),
            ("${EMPTY}", ""),
            ("${B:-b}", "b"),
            ("${EMPTY:-b}", "b"),
            ("${A:-b}", "a"),
            ("$${A} $${B}", "${A} ${B}"),
            ("$A $", "$A $"),
            ("${A", "${A"),
            ("${x{A}}", "${x{A}}"),
            ("$$${A}", "$${A}"),
        ] {
            assert_eq!(substituted(text).as_deref(), Ok(is), "{text}");
        }
    }

    #[test]
    fn a_variable_that_is_not_set_leaves_nothing() {
        assert_eq!(substituted("x ${B} y"), Err("B".to_owned()));
        assert_eq!(substituted("${B:-}"), Err("B".to_owned()));
    }

    #[test]
    fn what_a_shell_would_substitute_is_noticed() {
        let unbraced = |text: &str| substitute(text, &env).unwrap().1;
        assert_eq!(unbraced("$PORTAL_URL/v1").as_deref(), Some("PORTAL_URL"));
        assert_eq!(unbraced("${A} $1 $$ cost$"), None);
    }
}
