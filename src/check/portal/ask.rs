//! Asks a portal for its lists, along redirects that stay with it.

use std::time::SystemTime;

use secrecy::{ExposeSecret as _, SecretString};
use understudy_provider::{Family, ShownUrl};
use url::Url;

use super::super::examination::{AskError, Examination};
use super::answer::{self, Came};

/// How many redirects of one request are followed, as by the provider.
const MOST_REDIRECTS: usize = 5;

/// What came for a list.
pub(super) struct Asked {
    /// What was asked at last.
    pub(super) url: ShownUrl,
    pub(super) came: Came,
    /// The server's time.
    pub(super) date: Option<SystemTime>,
}

/// Asks for a family's list under a base URL, with a token where there is one. A login page is not gone to, and no other
/// host: the token is meant for the portal alone.
pub(super) async fn list(
    exam: &mut Examination,
    base: &str,
    family: Family,
    token: Option<&SecretString>,
) -> Result<Asked, AskError> {
    let mut url =
        Url::parse(&format!("{base}{}", family.path())).expect("a checked base URL stays one with a path after it");
    let mut redirects = 0;
    loop {
        let answer = exam.get(&url, token).await?;
        let secret = token.map_or("", |token| token.expose_secret());
        let came = answer::read(&url, &answer, secret);
        match &came {
            Came::Redirect { to: Some(to), .. }
                if to.origin() == url.origin() && !answer::is_login(to) && redirects < MOST_REDIRECTS =>
            {
                url = to.clone();
                redirects += 1;
            }
            _ => return Ok(Asked { url: ShownUrl::of(&url), came, date: answer::date(answer.headers()) }),
        }
    }
}

/// The token with its signature broken in the middle; none where it has none.
pub(super) fn forged(token: &SecretString) -> Option<SecretString> {
    let (message, signature) = token.expose_secret().rsplit_once('.')?;
    // Not at the end, where some bits of a character count for nothing.
    let at = signature.len() / 2;
    let old = signature.get(at..=at)?;
    let new = if old == "A" { "B" } else { "A" };
    Some(format!("{message}.{}{new}{}", &signature[..at], &signature[at + 1..]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_token_differs_in_its_signature_alone() {
        let forge = |token: &str| forged(&SecretString::from(token)).map(|forged| forged.expose_secret().to_owned());
        assert_eq!(forge("a.b.cdef").as_deref(), Some("a.b.cdAf"));
        assert_eq!(forge("a.b.A").as_deref(), Some("a.b.B"));
        assert_eq!(forge("a.b.é"), None);
        assert_eq!((forge("a.b."), forge("opaque")), (None, None));
    }
}
