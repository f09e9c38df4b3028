//! A client of one's own: a socket, requests written by hand, and answers as the bytes that they are.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use understudy::scenarios::{Fault, FaultKind, Server};
use understudy::{Scenario, Stage};

pub(crate) const TOKEN_PATH: &str = "/oauth2/default/v1/token";

pub(crate) async fn stage() -> Stage {
    Stage::start(Scenario::find("quickstart").unwrap()).await.unwrap()
}

/// A fault as the file writes it.
pub(crate) fn fault(yaml: &str) -> Fault {
    serde_saphyr::from_str(yaml).unwrap()
}

/// A fault on the portal's list.
pub(crate) fn on_list(does: FaultKind) -> Fault {
    Fault::new(does).server(Server::Portal).path("/v1/apis")
}

/// Where a mock listens on IPv4.
pub(crate) fn address(stage: &Stage, server: Server) -> SocketAddr {
    let url = match server {
        Server::Portal => stage.portal_url().to_owned(),
        Server::Idp => stage.issuer().unwrap().token_endpoint,
    };
    ([127, 0, 0, 1], url::Url::parse(&url).unwrap().port().unwrap()).into()
}

/// One connection to a mock.
pub(crate) struct Raw {
    stream: TcpStream,
    /// What was read beyond the last answer.
    read: Vec<u8>,
}

/// An answer, head and body apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    pub(crate) fn length(&self) -> usize {
        self.header("content-length").unwrap().parse().unwrap()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Raw {
    pub(crate) async fn connect(stage: &Stage, server: Server) -> Self {
        Self { stream: TcpStream::connect(address(stage, server)).await.unwrap(), read: Vec::new() }
    }

    /// The socket, which never waits.
    pub(crate) fn into_socket(self) -> std::net::TcpStream {
        self.stream.into_std().unwrap()
    }

    pub(crate) async fn send(&mut self, request: &str) {
        self.stream.write_all(request.as_bytes()).await.unwrap();
    }

    /// Reads until the peer ends the connection: all bytes, or how it broke off.
    pub(crate) async fn until_end(mut self) -> io::Result<Vec<u8>> {
        self.stream.read_to_end(&mut self.read).await?;
        Ok(self.read)
    }

    /// What one read gives.
    pub(crate) async fn read_once(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; 64 * 1024];
        let read = self.stream.read(&mut bytes).await.unwrap();
        bytes.truncate(read);
        bytes
    }

    /// Reads one answer by the length that it promises.
    pub(crate) async fn answer(&mut self) -> Answer {
        loop {
            if let Some(end) = self.read.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8(self.read[..end].to_vec()).unwrap();
                let mut answer = Answer { head, body: Vec::new() };
                let length = answer.length();
                if self.read.len() >= end + 4 + length {
                    answer.body = self.read.drain(..end + 4 + length).skip(end + 4).collect();
                    return answer;
                }
            }
            let more = self.read_once().await;
            assert!(!more.is_empty(), "ended after {:?}", String::from_utf8_lossy(&self.read));
            self.read.extend(more);
        }
    }
}

/// Parts what was read to the end of a connection.
pub(crate) fn parted(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a whole head");
    Answer { head: String::from_utf8(bytes[..end].to_vec()).unwrap(), body: bytes[end + 4..].to_vec() }
}

/// Sends one request on a connection of its own.
pub(crate) async fn ask(stage: &Stage, server: Server, request: &str) -> Answer {
    let mut connection = Raw::connect(stage, server).await;
    connection.send(request).await;
    connection.answer().await
}

pub(crate) fn get(path: &str, token: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: portal\r\nAuthorization: Bearer {token}\r\n\r\n")
}

pub(crate) fn token_request(client: &str, secret: &str) -> String {
    let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    format!(
        "POST {TOKEN_PATH} HTTP/1.1\r\nHost: idp\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

pub(crate) async fn token(stage: &Stage) -> String {
    let answer = ask(stage, Server::Idp, &token_request("backstage", "backstage-dev-secret")).await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// The portal's list, as somebody with a token gets it.
pub(crate) async fn list(stage: &Stage) -> Answer {
    ask(stage, Server::Portal, &get("/v1/apis", &token(stage).await)).await
}

/// The names of the faults that were played on the last exchange with this path.
pub(crate) fn played(stage: &Stage, path: &str) -> Vec<String> {
    let exchanges = stage.journal().exchanges();
    let last = exchanges.iter().rev().find(|exchange| exchange.path == path).unwrap();
    last.faults.iter().map(ToString::to_string).collect()
}
