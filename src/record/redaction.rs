//! What is replaced in everything that a portal answers, before anything is made of it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::secrets::Secrets;
use super::shape::Shape;
use super::{email, shape};

/// What stands in place of a secret.
pub(super) const REDACTED: &str = "REDACTED";
/// What stands in place of a mail address.
const SOMEONE_AT: &str = "someone@example.com";
/// What stands in place of a name of a person.
pub(super) const SOMEONE: &str = "Someone";
/// What stands in place of the portal's host.
const PORTAL_HOST: &str = "portal.example.com";
/// What stands in place of the identity provider's host.
const ISSUER_HOST: &str = "idp.example.com";

/// What a recording is to have in place of what the portal says.
///
/// By default mail addresses become `someone@example.com`; in the name of a document's `info.contact` and in a `contact`, what is
/// neither an address nor a URL becomes `Someone`; the hosts of the portal and of its identity provider become
/// `portal.example.com` and `idp.example.com`. Addresses and hosts of this machine, and those that RFC 2606 keeps for
/// examples, stay. Secrets are always replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redaction {
    replaced: Vec<(String, String)>,
    keeps_people: bool,
    keeps_hosts: bool,
}

/// A text that says no replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a replacement is written FROM=TO, such as `acme.com=example.com`, and FROM is not empty")]
pub struct InvalidReplacement;

impl Redaction {
    /// Replaces `from` by `to` wherever it stands in what the portal and the identity provider say; in the order in which they
    /// were added. A mail address that `from` holds whole is left to it.
    ///
    /// # Errors
    /// When `from` is empty.
    pub fn replacing(mut self, from: impl Into<String>, to: impl Into<String>) -> Result<Self, InvalidReplacement> {
        let from = from.into();
        if from.is_empty() {
            return Err(InvalidReplacement);
        }
        self.replaced.push((from, to.into()));
        Ok(self)
    }

    /// Leaves mail addresses and names of people as they are.
    #[must_use]
    pub fn keeping_people(mut self) -> Self {
        self.keeps_people = true;
        self
    }

    /// Leaves the hosts of the portal and of the identity provider as they are.
    #[must_use]
    pub fn keeping_hosts(mut self) -> Self {
        self.keeps_hosts = true;
        self
    }
}

/// What was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Replaced {
    /// A secret that the recording was made with.
    Secret(&'static str),
    /// What has the shape of a secret.
    Shape(Shape),
    /// A mail address.
    Address,
    /// A person's name.
    Name,
    /// The host of the portal or of the identity provider.
    Host,
    /// What was asked for.
    Asked,
}

impl fmt::Display for Replaced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(what) => formatter.write_str(what),
            Self::Shape(shape) => shape.fmt(formatter),
            Self::Address => formatter.write_str("a mail address"),
            Self::Name => formatter.write_str("a name"),
            Self::Host => formatter.write_str("a host"),
            Self::Asked => formatter.write_str("a text"),
        }
    }
}

/// Replaces what is to be replaced. From equal texts it makes equal ones, and of what it made it changes nothing.
#[derive(Debug)]
pub(super) struct Redactor {
    pub(super) secrets: Secrets,
    wanted: Redaction,
    /// Each with what stands in its place; those of this machine are not among them.
    hosts: Vec<(String, &'static str)>,
}

impl Redactor {
    pub(super) fn new(wanted: &Redaction, secrets: Secrets) -> Self {
        Self { secrets, wanted: wanted.clone(), hosts: Vec::new() }
    }

    /// Adds the host of the portal's URL.
    pub(super) fn add_portal(&mut self, url: &str) {
        self.add_host(url, PORTAL_HOST);
    }

    /// Adds the host of a URL of the identity provider's.
    pub(super) fn add_issuer(&mut self, url: &str) {
        self.add_host(url, ISSUER_HOST);
    }

    fn add_host(&mut self, url: &str, stand_in: &'static str) {
        let url = url::Url::parse(url).ok();
        let Some(host) = url.as_ref().and_then(url::Url::host).filter(|host| !is_of_this_machine(host)) else { return };
        let host = host.to_string();
        if self.hosts.iter().all(|(known, _)| *known != host) {
            self.hosts.push((host, stand_in));
        }
    }

    /// Whether names of people are to be replaced.
    pub(super) fn replaces_names(&self) -> bool {
        !self.wanted.keeps_people
    }

    /// A text with everything replaced, and what was; nothing where nothing is to be.
    pub(super) fn text(&self, text: &str) -> Option<(String, Vec<Replaced>)> {
        let mut done = Vec::new();
        let mut text = Cow::Borrowed(text);
        let secrets = self.secrets.find(&text);
        done.extend(secrets.iter().map(|(_, what)| Replaced::Secret(what)));
        replace(&mut text, secrets.into_iter().map(|(range, _)| range), REDACTED);
        if !self.wanted.keeps_people {
            let addresses: Vec<_> =
                email::find(&text).into_iter().filter(|range| !self.is_asked_for(&text[range.clone()])).collect();
            done.extend(addresses.iter().map(|_| Replaced::Address));
            replace(&mut text, addresses, SOMEONE_AT);
        }
        for (from, to) in &self.wanted.replaced {
            let count = text.matches(from.as_str()).count();
            if count > 0 {
                done.extend((0..count).map(|_| Replaced::Asked));
                text = text.replace(from.as_str(), to).into();
            }
        }
        if !self.wanted.keeps_hosts {
            for (host, stand_in) in &self.hosts {
                let found = whole_words(&text, host);
                done.extend(found.iter().map(|_| Replaced::Host));
                replace(&mut text, found, stand_in);
            }
        }
        let shapes = shape::find(&text);
        done.extend(shapes.iter().map(|(_, shape)| Replaced::Shape(*shape)));
        replace(&mut text, shapes.into_iter().map(|(range, _)| range), REDACTED);
        match text {
            Cow::Owned(text) if !done.is_empty() => Some((text, done)),
            _ => None,
        }
    }

    /// The same where nobody asks what was replaced.
    pub(super) fn quietly(&self, text: &str) -> String {
        self.text(text).map_or_else(|| text.to_owned(), |(text, _)| text)
    }

    fn is_asked_for(&self, address: &str) -> bool {
        self.wanted.replaced.iter().any(|(from, _)| from.contains(address))
    }
}

/// A `contact` without the names of people in it: [`SOMEONE`] in place of all words that are neither an address nor a URL.
/// Nothing where there are none.
pub(super) fn nameless(contact: &str) -> Option<String> {
    let stays = |word: &&str| word.contains('@') || word.contains("://");
    if contact.split_whitespace().all(|word| stays(&word)) {
        return None;
    }
    let words: Vec<_> = std::iter::once(SOMEONE).chain(contact.split_whitespace().filter(stays)).collect();
    Some(words.join(" ")).filter(|nameless| nameless != contact)
}

fn is_of_this_machine(host: &url::Host<&str>) -> bool {
    match host {
        url::Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Where a host stands that is not a part of a longer word; in any case of letters.
fn whole_words(text: &str, host: &str) -> Vec<Range<usize>> {
    // Hosts are of ASCII, and so is what is compared without case: no byte moves.
    let lower = text.to_ascii_lowercase();
    let is_of_word = |character: char| character.is_alphanumeric() || character == '-';
    let mut found = Vec::new();
    for (at, _) in lower.match_indices(host) {
        let end = at + host.len();
        if !lower[..at].ends_with(is_of_word) && !lower[end..].starts_with(is_of_word) {
            found.push(at..end);
        }
    }
    found
}

/// Puts `stand_in` in place of each range; they are in order and apart.
fn replace(text: &mut Cow<'_, str>, ranges: impl IntoIterator<Item = Range<usize>>, stand_in: &str) {
    let mut replaced = String::new();
    let mut copied = 0;
    for range in ranges {
        replaced.push_str(&text[copied..range.start]);
        replaced.push_str(stand_in);
        copied = range.end;
    }
    if copied > 0 {
        replaced.push_str(&text[copied..]);
        *text = replaced.into();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn redactor(wanted: &Redaction) -> Redactor {
        let mut secrets = Secrets::default();
        secrets.add("the client secret", "marker-secret");
        let mut redactor = Redactor::new(wanted, secrets);
        redactor.add_portal("https://portal.acme.com:8443/v1");
        redactor.add_issuer("https://acme.okta.com/oauth2/default");
        redactor.add_issuer("http://localhost:31090");
        redactor
    }

    fn redacted(wanted: &Redaction, text: &str) -> String {
        redactor(wanted).quietly(text)
    }

    #[test]
    fn a_contact_loses_its_names_and_keeps_where_to_ask() {
        let shown = |contact: &str| nameless(contact).unwrap_or_else(|| "unchanged".to_owned());
        assert_eq!(shown("Jane Roe"), "Someone");
        assert_eq!(shown("Jane Roe, jane.roe@acme.com"), "Someone jane.roe@acme.com");
        assert_eq!(shown("https://acme.com/jane (Jane)"), "Someone https://acme.com/jane");
        for contact in ["", " ", "jane@acme.com", "https://acme.com", "Someone", "Someone <someone@example.com>"] {
            assert_eq!(shown(contact), "unchanged", "{contact}");
        }
    }

    #[test]
    fn by_default_people_and_the_servers_own_hosts_are_replaced() {
        let text =
            "Ask jane@acme.com at https://Portal.Acme.com:8443/v1, or dev.portal.acme.com, by https://acme.okta.com.";
        let replaced = redacted(&Redaction::default(), text);
        assert_eq!(
            replaced,
            "Ask someone@example.com at https://portal.example.com:8443/v1, or dev.portal.example.com, by https://idp.example.com."
        );
        let text = "localhost, notportal.acme.com, portal.acme.community, user@example.com";
        assert_eq!(redacted(&Redaction::default(), text), text);
    }

    #[test]
    fn what_is_to_stay_stays() {
        let text = "jane@acme.com at portal.acme.com";
        assert_eq!(redacted(&Redaction::default().keeping_people().keeping_hosts(), text), text);
    }

    #[test]
    fn what_is_asked_for_is_replaced_in_order() {
        let wanted =
            Redaction::default().replacing("Acme", "Example").unwrap().replacing("Example Inc", "Shop").unwrap();
        assert_eq!(redacted(&wanted, "Acme Inc, Acme"), "Shop, Example");
        assert_eq!(Redaction::default().replacing("", "x"), Err(InvalidReplacement));
    }

    #[test]
    fn an_address_whose_domain_is_asked_for_tells_nobody_s_name() {
        let wanted = Redaction::default().replacing("acme.com", "example.com").unwrap();
        assert_eq!(redacted(&wanted, "jane@acme.com of acme.com"), "someone@example.com of example.com");
        let wanted = Redaction::default().replacing("jane@acme.com", "api-team@example.org").unwrap();
        assert_eq!(redacted(&wanted, "jane@acme.com, bob@acme.com"), "api-team@example.org, someone@example.com");
    }

    #[test]
    fn secrets_are_replaced_whatever_is_to_stay() {
        let wanted = Redaction::default().keeping_people().keeping_hosts();
        let (text, done) = redactor(&wanted).text("curl -u backstage:marker-secret https://a:b@c").unwrap();
        assert_eq!(text, "curl -u backstage:REDACTED https://REDACTED@c");
        assert_eq!(done, [Replaced::Secret("the client secret"), Replaced::Shape(Shape::UrlPassword)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_replaced_is_not_replaced_again(
            parts in prop::collection::vec(prop_oneof![
                any::<String>(), Just("marker-secret".to_owned()), Just("jane@acme.com".to_owned()),
                Just("portal.acme.com".to_owned()), Just("://a:b@".to_owned()), "[a-z@.:/ -]{0,6}",
            ], 0..6),
        ) {
            let text = parts.concat();
            let once = redacted(&Redaction::default(), &text);
            prop_assert!(!once.contains("marker-secret"));
            prop_assert_eq!(redacted(&Redaction::default(), &once), once.clone(), "{}", once);
        }
    }
}
