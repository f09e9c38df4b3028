//! A lean load generator: connections that stay open, one request after another on each, the answers read to their end.
//!
//! It sends bytes made once, and reads no more of an answer than its status and its length: an HTTP client would be
//! slower than the servers that it measures.

use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// One request, to be sent again and again.
pub(crate) struct Load<'a> {
    address: SocketAddr,
    request: &'a [u8],
    connections: usize,
}

impl<'a> Load<'a> {
    pub(crate) fn new(address: SocketAddr, request: &'a [u8], connections: usize) -> Self {
        Self { address, request, connections }
    }

    /// Sends for `duration` and answers the requests a second. Any answer but a 200 is an error.
    pub(crate) fn run(&self, duration: Duration) -> Result<f64, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let local = tokio::task::LocalSet::new();
        let started = Instant::now();
        let until = started + duration;
        let answers: u64 = local.block_on(&runtime, async {
            let tasks: Vec<_> = (0..self.connections)
                .map(|_| tokio::task::spawn_local(connection(self.address, self.request.to_vec(), until)))
                .collect();
            let mut answers = 0;
            for task in tasks {
                answers += task.await.map_err(io::Error::other)??;
            }
            Ok::<_, io::Error>(answers)
        })?;
        Ok(answers as f64 / started.elapsed().as_secs_f64())
    }
}

async fn connection(address: SocketAddr, request: Vec<u8>, until: Instant) -> io::Result<u64> {
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut answers = 0;
    while Instant::now() < until {
        stream.write_all(&request).await?;
        let (mut read, mut end) = (0, None);
        while end.is_none_or(|end| read < end) {
            if read == buffer.len() {
                buffer.resize(read * 2, 0);
            }
            match stream.read(&mut buffer[read..]).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => read += more,
            }
            if end.is_none() {
                end = answer_length(&buffer[..read])?;
            }
        }
        answers += 1;
    }
    Ok(answers)
}

/// Sends one request on a connection of its own and answers the body.
pub(crate) fn once(address: SocketAddr, request: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Err("the server closed the connection before its answer was whole".into());
        }
        answer.extend_from_slice(&chunk[..read]);
        if let Some(length) = answer_length(&answer)?
            && answer.len() >= length
        {
            let head = head_length(&answer).unwrap_or(0);
            return Ok(answer.split_off(head));
        }
    }
}

/// The length of head and body, once the head is whole.
fn answer_length(answer: &[u8]) -> io::Result<Option<usize>> {
    let Some(head_length) = head_length(answer) else { return Ok(None) };
    let head = std::str::from_utf8(&answer[..head_length]).map_err(io::Error::other)?;
    if !head.starts_with("HTTP/1.1 200 ") {
        return Err(io::Error::other(head.lines().next().unwrap_or_default().to_owned()));
    }
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.trim().parse::<usize>().ok())
        .ok_or_else(|| io::Error::other("an answer without a Content-Length"))?;
    Ok(Some(head_length + length))
}

fn head_length(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

/// A GET with a bearer token, as bytes.
pub(crate) fn get_with_token(host: SocketAddr, path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// A POST of a form, as bytes.
pub(crate) fn post_form(host: SocketAddr, path: &str, form: &str) -> Vec<u8> {
    let length = form.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{form}"
    )
    .into_bytes()
}
