//! Who calls, as the token's claims tell it.

use std::sync::Arc;

use super::claims::Claims;

/// A caller that was let in.
///
/// A person's token names an email address and a name; a service account's names neither, and the portal's contracts
/// ask for both. What is missing is made up here: the user name stands for the name, and the email address is the user
/// name at `example.com` (RFC 2606), as with a scenario's users.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The client that the token was issued to: Okta's `cid`, Keycloak's `client_id` or `azp`, else the subject.
    pub(crate) client: Option<Arc<str>>,
    /// Issuer and subject: who it is, for ever (OpenID Connect Core, section 5.7).
    pub(crate) subject: Arc<str>,
    /// The email address.
    pub(crate) email: String,
    /// The name for people.
    pub(crate) name: String,
    /// The user name: `preferred_username`, else the subject (Okta's is the login), else the client.
    pub(crate) username: String,
    /// Whether the claim `group` says `admin`.
    pub(crate) is_admin: bool,
}

impl Caller {
    pub(crate) fn of(issuer: &str, claims: &Claims) -> Self {
        let first = |names: &[&str]| names.iter().find_map(|name| claims.text(name));
        let client = first(&["cid", "client_id", "azp", "sub"]);
        let subject = first(&["sub", "cid", "client_id", "azp"]).unwrap_or_default();
        let username = first(&["preferred_username", "sub"]).or(client).unwrap_or("anonymous");
        let email = [claims.text("email"), Some(username)].into_iter().flatten().find(|text| is_email(text));
        Self {
            client: client.map(Arc::from),
            subject: format!("{issuer} {subject}").into(),
            email: email.map_or_else(|| made_up_email(username), str::to_owned),
            name: claims.text("name").unwrap_or(username).to_owned(),
            username: username.to_owned(),
            is_admin: claims.texts("group").any(|group| group == "admin"),
        }
    }
}

/// Whether `text` is an address of the plain kind: no quotes, no comments, no address literals. Stricter than RFC
/// 5321, so that whatever is let through passes every checker of the format `email`.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let dotted = |text: &str, part: fn(&str) -> bool| text.split('.').all(part);
    let atom =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| is_plain(byte) || b"!#$%&'*/=?^`{|}~".contains(&byte));
    let label = |part: &str| {
        let inner = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&part.len()) && inner && !part.starts_with('-') && !part.ends_with('-')
    };
    local.len() <= 64 && domain.len() <= 253 && dotted(local, atom) && dotted(domain, label)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_+".contains(&byte)
}

/// An address for `username` at `example.com`; what an address can't hold becomes `-`.
fn made_up_email(username: &str) -> String {
    let local: String =
        username.chars().take(64).map(|c| if c.is_ascii() && is_plain(c as u8) { c } else { '-' }).collect();
    format!("{local}@example.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(claims: &str) -> Caller {
        Caller::of("http://idp", &serde_json::from_str(claims).unwrap())
    }

    #[test]
    fn a_person_is_who_the_token_says() {
        let claims =
            r#"{"sub":"00u1","cid":"spa","email":"dana@example.org","name":"Dana","preferred_username":"dana"}"#;
        let caller = caller(claims);
        assert_eq!((caller.email.as_str(), caller.name.as_str()), ("dana@example.org", "Dana"));
        assert_eq!((caller.username.as_str(), caller.client.as_deref()), ("dana", Some("spa")));
        assert_eq!(&*caller.subject, "http://idp 00u1");
    }

    #[test]
    fn an_okta_user_s_access_token_has_the_login_for_subject() {
        let caller = caller(r#"{"sub":"dana@example.org","uid":"00u1","cid":"spa"}"#);
        assert_eq!((caller.email.as_str(), caller.name.as_str()), ("dana@example.org", "dana@example.org"));
    }

    #[test]
    fn a_service_account_gets_an_address_and_a_name() {
        let okta = caller(r#"{"sub":"backstage","cid":"backstage"}"#);
        assert_eq!((okta.email.as_str(), okta.name.as_str()), ("backstage@example.com", "backstage"));
        let keycloak =
            caller(r#"{"sub":"7c1d","client_id":"backstage","preferred_username":"service-account-backstage"}"#);
        assert_eq!(keycloak.email, "service-account-backstage@example.com");
        assert_eq!(keycloak.client.as_deref(), Some("backstage"));
    }

    #[test]
    fn whatever_the_claims_the_address_is_one() {
        for claims in [
            r#"{"sub":"a b/ç\""}"#,
            r#"{"sub":"..","email":"nobody"}"#,
            r#"{"email":"a@b@c","sub":"a..b@c"}"#,
            r#"{"email":"a@-b.c"}"#,
            "{}",
        ] {
            assert!(is_email(&caller(claims).email), "{claims}: {}", caller(claims).email);
        }
    }

    #[test]
    fn an_admin_is_in_the_group_admin() {
        assert!(caller(r#"{"group":"admin"}"#).is_admin);
        assert!(caller(r#"{"group":["dev","admin"]}"#).is_admin);
        assert!(!caller(r#"{"group":"administrators","groups":["admin"]}"#).is_admin);
    }
}
