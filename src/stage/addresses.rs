//! By which URLs a mock is known, given where it listens and what its user says of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// The name by which clients on this machine reach a mock that is bound to `bind`.
pub(crate) fn host(bind: Option<IpAddr>) -> String {
    match bind {
        None => "localhost".to_owned(),
        Some(address) if address.is_unspecified() => "localhost".to_owned(),
        Some(address) => authority_of(address),
    }
}

/// The public URL: `given` where there is one, else `scheme` at `host` and the bound port.
pub(super) fn public(given: Option<&Url>, scheme: &str, host: &str, port: u16) -> Result<Url, url::ParseError> {
    given.map_or_else(|| Url::parse(&format!("{scheme}://{host}:{port}")), |url| Ok(url.clone()))
}

/// The URL that reaches a bound address from this machine, whatever its public name.
pub(super) fn direct(scheme: &str, bound: SocketAddr) -> Result<Url, url::ParseError> {
    let address = match bound.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    Url::parse(&format!("{scheme}://{}:{}", authority_of(address), bound.port()))
}

/// The names and addresses that a certificate must be for: this machine's own, and those of `urls`.
pub(super) fn certified(bind: Option<IpAddr>, urls: &[&Url]) -> Vec<String> {
    let mut hosts = vec!["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string(), Ipv6Addr::LOCALHOST.to_string()];
    let bound = bind.filter(|address| !address.is_unspecified()).map(|address| address.to_string());
    let known = urls.iter().filter_map(|url| url.host()).map(|host| match host {
        Host::Domain(name) => name.to_owned(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    });
    for host in bound.into_iter().chain(known) {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

fn authority_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mock_bound_to_every_address_is_known_as_localhost_and_reached_on_loopback() {
        let any = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        assert_eq!(host(Some(any)), "localhost");
        assert_eq!(direct("http", SocketAddr::new(any, 7)).unwrap().as_str(), "http://[::1]:7/");
    }

    #[test]
    fn a_mock_bound_to_one_address_is_known_by_it() {
        let one: IpAddr = "192.0.2.7".parse().unwrap();
        assert_eq!(host(Some(one)), "192.0.2.7");
    }

    #[test]
    fn a_certificate_is_for_this_machine_and_for_all_that_the_mocks_are_known_by() {
        let urls = ["https://localhost:1", "https://[fe80::7]:2", "https://bücher.example/portal"];
        let urls: Vec<Url> = urls.iter().map(|url| Url::parse(url).unwrap()).collect();
        let hosts = certified(Some("192.0.2.7".parse().unwrap()), &urls.iter().collect::<Vec<_>>());
        assert_eq!(hosts, ["localhost", "127.0.0.1", "::1", "192.0.2.7", "fe80::7", "xn--bcher-kva.example"]);
    }

    #[test]
    fn a_given_url_wins_over_the_bound_one() {
        let given = Url::parse("https://idp.example.com/mock").unwrap();
        assert_eq!(public(Some(&given), "http", "localhost", 7).unwrap(), given);
    }
}
