//! Which proxy the environment puts before a server: for this machine as curl and our own client take it, for Node as Node
//! does.

use std::fmt;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::server::Server;

type Env<'e> = &'e dyn Fn(&str) -> Option<String>;

/// The proxies of one view.
pub(super) struct Proxies {
    /// None where the view goes through none, whatever the environment says.
    matcher: Option<Matcher>,
    /// Whether servers on this machine are asked through it too.
    for_loopback: bool,
    /// The variables that named something, for what is told.
    named: Vec<String>,
    /// Why there is none though variables are set.
    unused: Option<&'static str>,
    /// What is wrong with the variables.
    pub(super) problems: Vec<String>,
}

/// The way to a server.
#[derive(Clone)]
pub(super) enum Way {
    /// Straight there.
    Direct {
        /// Why, where a proxy might have been expected.
        why: Option<String>,
    },
    /// Through a proxy.
    Through {
        /// `http`, mostly.
        scheme: String,
        host: String,
        port: u16,
        /// The header that it is told who asks by.
        authorization: Option<Vec<u8>>,
    },
}

impl Way {
    /// Whether it leads the same way, whatever the reason.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Direct { .. }, Self::Direct { .. }) => true,
            (
                Self::Through { scheme, host, port, authorization },
                Self::Through { scheme: scheme2, host: host2, port: port2, authorization: authorization2 },
            ) => (scheme, host, port, authorization) == (scheme2, host2, port2, authorization2),
            _ => false,
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct { why: None } => formatter.write_str("without a proxy"),
            Self::Direct { why: Some(why) } => write!(formatter, "without a proxy, {why}"),
            Self::Through { scheme, host, port, authorization } => {
                write!(formatter, "through the proxy {scheme}://{host}:{port}")?;
                if authorization.is_some() { formatter.write_str(", with credentials") } else { Ok(()) }
            }
        }
    }
}

impl Proxies {
    /// As this process's own requests go: by the variables in curl's manner, those of capital letters first.
    pub(super) fn of_machine(env: Env<'_>) -> Self {
        let names = [["ALL_PROXY", "all_proxy"], ["HTTP_PROXY", "http_proxy"], ["HTTPS_PROXY", "https_proxy"]];
        let [all, http, https] = names.map(|names| first(env, names));
        Self::new(all, http, https, first(env, ["NO_PROXY", "no_proxy"]), false)
    }

    /// As Node's own requests go: through none, unless it is told to take the variables, those of small letters first.
    pub(super) fn of_node(env: Env<'_>) -> Self {
        let is_told = env("NODE_USE_ENV_PROXY").is_some_and(|value| value == "1")
            || env("NODE_OPTIONS").is_some_and(|options| options.split_whitespace().any(|it| it == "--use-env-proxy"));
        let names = [["http_proxy", "HTTP_PROXY"], ["https_proxy", "HTTPS_PROXY"]];
        let [http, https] = names.map(|names| first(env, names));
        let is_named = http.is_some() || https.is_some();
        if is_told {
            return Self::new(None, http, https, first(env, ["no_proxy", "NO_PROXY"]), true);
        }
        Self {
            matcher: None,
            for_loopback: true,
            named: Vec::new(),
            unused: is_named.then_some("since NODE_USE_ENV_PROXY is not set"),
            problems: Vec::new(),
        }
    }

    fn new(
        all: Option<(String, String)>,
        http: Option<(String, String)>,
        https: Option<(String, String)>,
        no: Option<(String, String)>,
        for_loopback: bool,
    ) -> Self {
        let value = |named: &Option<(String, String)>| named.as_ref().map_or("", |(_, value)| value).to_owned();
        let build = |all: &str, http: &str, https: &str, no: &str| {
            let builder = Matcher::builder().all(all.to_owned()).http(http.to_owned());
            builder.https(https.to_owned()).no(no.to_owned()).build()
        };
        let somewhere = http::Uri::from_static("https://somewhere.example");
        let is_no_proxy = |(name, value): &&(String, String)| {
            let understood = build(value, "", "", "").intercept(&somewhere).is_some();
            (!understood).then(|| format!("{name} names no proxy that can be used, and is passed over"))
        };
        let given: Vec<&(String, String)> = [&all, &http, &https].into_iter().flatten().collect();
        Self {
            matcher: Some(build(&value(&all), &value(&http), &value(&https), &value(&no))),
            for_loopback,
            problems: given.iter().filter_map(is_no_proxy).collect(),
            named: given.iter().map(|(name, _)| name.clone()).collect(),
            unused: None,
        }
    }

    /// The way to a server.
    pub(super) fn way(&self, server: &Server) -> Way {
        let Some(matcher) = &self.matcher else {
            return Way::Direct { why: self.unused.map(str::to_owned) };
        };
        let is_named = !self.named.is_empty();
        if server.is_loopback() && !self.for_loopback {
            return Way::Direct { why: is_named.then(|| "as all that is on this machine".to_owned()) };
        }
        let uri: Option<http::Uri> = server.url.as_str().parse().ok();
        match uri.and_then(|uri| matcher.intercept(&uri)) {
            Some(proxy) => through(&proxy),
            None => {
                let why = is_named.then(|| "as NO_PROXY or the lack of a proxy for its scheme says".to_owned());
                Way::Direct { why }
            }
        }
    }
}

fn through(proxy: &Intercept) -> Way {
    let uri = proxy.uri();
    let scheme = uri.scheme_str().unwrap_or("http").to_owned();
    let usual = match &*scheme {
        "https" => 443,
        "http" => 80,
        _ => 1080,
    };
    Way::Through {
        host: uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
        port: uri.port_u16().unwrap_or(usual),
        authorization: proxy.basic_auth().map(|header| header.as_bytes().to_vec()),
        scheme,
    }
}

/// The first of the variables that is set, with its name.
fn first(env: Env<'_>, names: [&str; 2]) -> Option<(String, String)> {
    names.into_iter().find_map(|name| env(name).filter(|value| !value.is_empty()).map(|value| (name.to_owned(), value)))
}
