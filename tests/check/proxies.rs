//! Proxies: which view goes through one, and what one may say.

use insta::assert_snapshot;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use understudy::check::{Plan, Report};
use understudy::tls::LocalAuthority;
use understudy::{Scenario, Stage};

use crate::stand::{closed, only, plan, plan_with, told};

/// A proxy that answers CONNECT with a status, and connects to one address whatever was asked where that is 200.
struct Proxy {
    url: String,
    task: AbortHandle,
}

impl Proxy {
    async fn start(status: &'static str, to: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let to = to.clone();
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let mut line = String::new();
                    while stream.read_line(&mut line).await.is_ok_and(|read| read > 2) {
                        line.clear();
                    }
                    stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).await.unwrap();
                    if let Some(to) = to {
                        let mut server = TcpStream::connect(to).await.unwrap();
                        tokio::io::copy_bidirectional(&mut stream, &mut server).await.ok();
                    }
                });
            }
        });
        Self { url, task: task.abort_handle() }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const PORTAL: (&str, &str) = ("PORTAL_URL", "https://portal.invalid");

async fn through(proxy: &str) -> Report {
    only(plan([PORTAL, ("HTTPS_PROXY", proxy)]), "network").await
}

#[tokio::test]
async fn a_proxy_that_only_this_machine_goes_through_is_a_difference() {
    let authority = LocalAuthority::in_memory().unwrap();
    let url = "https://portal.invalid".parse().unwrap();
    let scenario = Scenario::find("quickstart").unwrap();
    let stage = Stage::builder(scenario).portal_url(url).tls(authority).start().await.unwrap();
    let to = stage.addresses()[0].to_string();
    let proxy = Proxy::start("200 OK", Some(to)).await;
    let with = |more: &[(&str, &str)]| -> Plan {
        let mut all = vec![("TOKEN_ENDPOINT", ""), ("ISSUER_URL", ""), ("HTTPS_PROXY", &proxy.url)];
        all.extend(more);
        plan_with(&stage, &all)
    };
    let report = only(with(&[]), "network").await;
    assert_eq!(report.exit_code(), 3, "{}", report.text());
    assert_snapshot!(told(&report, "network.proxy"), @"
    pass (this machine): portal.invalid:443 is asked through the proxy http://127.0.0.1:[port]
    pass (Backstage's Node): portal.invalid:443 is asked without a proxy, since NODE_USE_ENV_PROXY is not set
    ");
    assert_snapshot!(told(&report, "network.tcp"), @"pass (this machine): connected to the portal, portal.invalid:443, through the proxy 127.0.0.1:[port]");
    assert_snapshot!(told(&report, "network.views"), @"
    fail: this machine reaches portal.invalid:443, and Backstage's Node would not, with this environment
    do: Set NODE_USE_ENV_PROXY=1 beside HTTPS_PROXY, with a Node that knows it (22.21, 24.5 and later). If Backstage runs elsewhere, run this check there, or with the variables that it has there.
    ");
    let report = only(with(&[("NODE_USE_ENV_PROXY", "1")]), "network").await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    let report = only(with(&[("NO_PROXY", "portal.invalid")]), "network").await;
    assert!(told(&report, "network.dns").starts_with("fail: the name of the portal"), "{}", report.text());
}

#[tokio::test]
async fn a_proxy_that_refuses_to_connect_is_told() {
    let proxy = Proxy::start("403 Forbidden", None).await;
    let report = through(&proxy.url).await;
    assert_eq!(report.exit_code(), 3);
    assert_snapshot!(told(&report, "network.proxy"), @"
    pass (this machine): portal.invalid:443 is asked through the proxy http://127.0.0.1:[port]
    pass (Backstage's Node): portal.invalid:443 is asked without a proxy, since NODE_USE_ENV_PROXY is not set
    fail (this machine): the proxy 127.0.0.1:[port] does not connect to portal.invalid:443: it answered 403
    do: Have the proxy allow that host and port, or have NO_PROXY name the host.
    ");
}

#[tokio::test]
async fn a_proxy_that_wants_credentials_is_told() {
    let proxy = Proxy::start("407 Proxy Authentication Required", None).await;
    let with_credentials = proxy.url.replace("http://", "http://somebody:n0t-a-secret@");
    let report = through(&with_credentials).await;
    assert_snapshot!(told(&report, "network.proxy"), @"
    pass (this machine): portal.invalid:443 is asked through the proxy http://127.0.0.1:[port], with credentials
    pass (Backstage's Node): portal.invalid:443 is asked without a proxy, since NODE_USE_ENV_PROXY is not set
    fail (this machine): the proxy 127.0.0.1:[port] wants to know who asks (407)
    do: Give HTTPS_PROXY a user and a password: http://USER:PASSWORD@HOST:PORT.
    ");
    assert!(!report.text().contains("n0t-a-secret") && !report.text().contains("somebody"), "{}", report.text());
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_told() {
    let (_socket, address) = closed();
    let report = through(&format!("http://{address}")).await;
    let told_of = told(&report, "network.proxy");
    assert!(
        told_of.contains("fail (this machine): the proxy 127.0.0.1:[port], through which portal.invalid:443"),
        "{told_of}"
    );
}

#[tokio::test]
async fn a_proxy_that_is_no_address_is_told() {
    let report = through("ftp://proxy:21").await;
    assert_snapshot!(told(&report, "network.proxy").lines().take(2).collect::<Vec<_>>().join("\n"), @"
    fail: HTTPS_PROXY names no proxy that can be used, and is passed over
    do: HTTPS_PROXY and HTTP_PROXY name a proxy as http://HOST:PORT.
    ");
}
