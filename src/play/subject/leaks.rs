//! The stage's secrets, looked for in what a subject writes: found ones are named, and blotted out of what is shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use understudy_scenarios::Client;

use crate::token_shape::token;

/// What stands where a secret stood.
const BLOT: &str = "…";
/// A secret shorter than this is in many an innocent word.
const SHORTEST: usize = 6;

/// What a subject must never write down: each client's secret, in the forms that it is sent in, and whatever looks like
/// a bearer token. Tokens are known by their shape, since the stage keeps none.
#[derive(Clone, Debug, Default)]
pub(super) struct Secrets(Vec<Known>);

/// One secret in one form.
#[derive(Clone, Debug)]
struct Known {
    /// What it is, for people: `the client secret of backstage`.
    name: String,
    text: SecretString,
}

impl Secrets {
    /// The secrets of these clients.
    pub(super) fn of(clients: &[Client]) -> Self {
        let mut known = Vec::new();
        for client in clients {
            let Some(secret) = &client.secret else { continue };
            known.extend(
                forms(&client.id, secret.expose())
                    .map(|text| Known { name: format!("the client secret of {}", client.id), text: text.into() }),
            );
        }
        // A secret that begins with another is to be found before it.
        known.sort_by_key(|known| std::cmp::Reverse(known.text.expose_secret().len()));
        Self(known)
    }

    /// `text` without the secrets, and what was found, each once.
    pub(super) fn redact(&self, text: &str) -> (String, Vec<String>) {
        let mut found: Vec<String> = Vec::new();
        let mut text = text.to_owned();
        for known in &self.0 {
            let secret = known.text.expose_secret();
            if text.contains(secret) {
                text = text.replace(secret, BLOT);
                note(&mut found, &known.name);
            }
        }
        while let Some((start, end)) = token(&text) {
            text.replace_range(start..end, BLOT);
            note(&mut found, "the bearer token");
        }
        (text, found)
    }

    /// `text` on one line, shortened, without the secrets: as an error may quote it.
    pub(super) fn quote(&self, text: &str) -> String {
        const SHOWN: usize = 200;
        /// More than is shown and the longest token, together.
        const LOOKED_AT: usize = 16 * 1024;
        let beginning = text.char_indices().nth(LOOKED_AT).map_or(text, |(end, _)| &text[..end]);
        let (text, _) = self.redact(beginning);
        let line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        let line = line.collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }
}

/// Adds a name that is not there yet.
pub(super) fn note(found: &mut Vec<String>, name: &str) {
    if !found.iter().any(|seen| seen == name) {
        found.push(name.to_owned());
    }
}

/// A client's secret by itself, in a form, in JSON, and in the header of Basic authentication.
fn forms<'s>(id: &'s str, secret: &'s str) -> impl Iterator<Item = String> {
    let form = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let json = serde_json::Value::from(secret).to_string();
    let mut forms = Vec::new();
    for text in [
        secret.to_owned(),
        form(secret),
        json[1..json.len() - 1].to_owned(),
        STANDARD.encode(format!("{id}:{secret}")),
        // RFC 6749, 2.3.1: both are form-encoded before.
        STANDARD.encode(format!("{}:{}", form(id), form(secret))),
    ] {
        if text.len() >= SHORTEST && !forms.contains(&text) {
            forms.push(text);
        }
    }
    forms.into_iter()
}

#[cfg(test)]
mod tests {
    use understudy_scenarios::Scenario;

    use super::*;

    fn quickstart() -> Secrets {
        Secrets::of(&Scenario::find("quickstart").unwrap().world().identity.clients)
    }

    #[test]
    fn a_client_secret_is_found_in_each_form_and_blotted_out() {
        let header = STANDARD.encode("backstage:backstage-dev-secret");
        for line in ["client_secret=backstage-dev-secret&x", &format!("Authorization: Basic {header}")] {
            let (text, found) = quickstart().redact(line);
            assert_eq!(found, ["the client secret of backstage"]);
            assert!(text.contains('…') && !text.contains("secret&") && !text.contains(&header), "{text}");
        }
    }

    #[test]
    fn a_bearer_token_is_known_by_its_shape() {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
        let (text, found) = quickstart().redact(&format!("with header: \"Authorization: Bearer {jwt}\" twice {jwt}"));
        assert_eq!(text, "with header: \"Authorization: Bearer …\" twice …");
        assert_eq!(found, ["the bearer token"]);
        let (text, found) = quickstart().redact("Bearer 9fKq2LmZx8TtVb3RrWw1, then");
        assert_eq!((text.as_str(), found.len()), ("Bearer …, then", 1));
    }

    #[test]
    fn what_only_speaks_of_tokens_is_no_leak() {
        for line in ["Got the access_token.", "Bearer authentication-is-required-here", "eyJ.eyJ.", "eyJabc", "error"] {
            assert_eq!(quickstart().redact(line), (line.to_owned(), vec![]));
        }
    }

    #[test]
    fn a_quote_is_short_and_on_one_line() {
        assert_eq!(quickstart().quote("a\n\tb backstage-dev-secret"), "a b …");
        assert_eq!(quickstart().quote(&"é".repeat(300)).chars().count(), 201);
    }
}
