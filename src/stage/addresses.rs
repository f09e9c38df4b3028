//! By which URLs a mock is known, given where it listens and what its user says of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::Url;

/// The name by which clients on this machine reach a mock that is bound to `bind`.
pub(super) fn host(bind: Option<IpAddr>) -> String {
    match bind {
        None => "localhost".to_owned(),
        Some(address) if address.is_unspecified() => "localhost".to_owned(),
        Some(address) => authority_of(address),
    }
}

/// The public URL: `given` where there is one, else `http` at `host` and the bound port.
pub(super) fn public(given: Option<&Url>, host: &str, port: u16) -> Result<Url, url::ParseError> {
    given.map_or_else(|| Url::parse(&format!("http://{host}:{port}")), |url| Ok(url.clone()))
}

/// The URL that reaches a bound address from this machine, whatever its public name.
pub(super) fn direct(bound: SocketAddr) -> Result<Url, url::ParseError> {
    let address = match bound.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    Url::parse(&format!("http://{}:{}", authority_of(address), bound.port()))
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
        assert_eq!(direct(SocketAddr::new(any, 7)).unwrap().as_str(), "http://[::1]:7/");
    }

    #[test]
    fn a_mock_bound_to_one_address_is_known_by_it() {
        let one: IpAddr = "192.0.2.7".parse().unwrap();
        assert_eq!(host(Some(one)), "192.0.2.7");
    }

    #[test]
    fn a_given_url_wins_over_the_bound_one() {
        let given = Url::parse("https://idp.example.com/mock").unwrap();
        assert_eq!(public(Some(&given), "localhost", 7).unwrap(), given);
    }
}
