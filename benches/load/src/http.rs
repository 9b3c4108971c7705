//! A small HTTP/1.1 client that keeps its connection: enough to drive a server hard from one core.

use std::{io, net::Ipv4Addr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// Where the server listens, and how requests name it.
#[derive(Clone)]
pub(crate) struct Target {
    host: String,
    port: u16,
    /// The `Host` header: some servers bind their issuer to it.
    pub(crate) authority: String,
}

impl Target {
    pub(crate) fn parse(base: &str) -> Result<Self, String> {
        let rest =
            base.strip_prefix("http://").ok_or_else(|| format!("the base URL begins with http://, not {base:?}"))?;
        let authority = rest.split('/').next().unwrap_or_default().to_owned();
        let (host, port) = authority.rsplit_once(':').ok_or("the base URL names a port")?;
        if !matches!(host, "127.0.0.1" | "localhost" | "[::1]") {
            return Err(format!("refusing {host}: this load talks to loopback only"));
        }
        let port = port.parse().map_err(|_| format!("{port:?} is no port"))?;
        Ok(Self { host: host.trim_matches(['[', ']']).to_owned(), port, authority })
    }
}

/// One connection, opened when first used and opened again after a fault.
pub(crate) struct Connection {
    target: Target,
    /// The loopback address that it comes from, where that matters.
    source: Option<Ipv4Addr>,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
    /// How often it was opened.
    pub(crate) opened: u64,
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    /// Every `name=value` of `Set-Cookie`.
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The status and the beginning of the body, for messages.
    pub(crate) fn excerpt(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body[..self.body.len().min(300)]))
    }
}

/// What the head of a response says about its body.
struct Head {
    status: u16,
    location: Option<String>,
    cookies: Vec<(String, String)>,
    length: Option<usize>,
    chunked: bool,
    close: bool,
}

impl Connection {
    pub(crate) fn new(target: Target) -> Self {
        Self { target, source: None, stream: None, buffer: Vec::with_capacity(16 * 1024), opened: 0 }
    }

    /// Goes on from another loopback address, over a connection of its own.
    pub(crate) fn move_to(&mut self, source: Ipv4Addr) {
        (self.source, self.stream) = (Some(source), None);
    }

    /// Sends a request that [`request`] formatted and reads its response.
    pub(crate) async fn send(&mut self, request: &[u8]) -> io::Result<Response> {
        if self.stream.is_none() {
            let stream = match self.source {
                Some(source) => {
                    let socket = TcpSocket::new_v4()?;
                    socket.bind((source, 0).into())?;
                    socket.connect((Ipv4Addr::LOCALHOST, self.target.port).into()).await?
                }
                None => TcpStream::connect((self.target.host.as_str(), self.target.port)).await?,
            };
            stream.set_nodelay(true)?;
            self.buffer.clear();
            self.opened += 1;
            self.stream = Some(stream);
        }
        let answer = self.exchange(request).await;
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Response> {
        self.stream.as_mut().ok_or_else(closed)?.write_all(request).await?;
        let head_end = self.until(b"\r\n\r\n", 0).await?;
        let head = Head::parse(&self.buffer[..head_end])?;
        let (body, end) = if head.chunked {
            self.chunks(head_end).await?
        } else {
            let end = head_end + head.length.unwrap_or(0);
            self.fill(end).await?;
            (self.buffer[head_end..end].to_vec(), end)
        };
        self.buffer.drain(..end);
        if head.close {
            self.stream = None;
        }
        Ok(Response { status: head.status, location: head.location, cookies: head.cookies, body })
    }

    async fn chunks(&mut self, start: usize) -> io::Result<(Vec<u8>, usize)> {
        let (mut body, mut at) = (Vec::new(), start);
        loop {
            let line_end = self.until(b"\r\n", at).await?;
            let size = std::str::from_utf8(&self.buffer[at..line_end - 2]).ok();
            let size = size.and_then(|text| usize::from_str_radix(text.split(';').next()?.trim(), 16).ok());
            let size = size.ok_or_else(|| io::Error::other("a chunk without a size"))?;
            at = line_end + size + 2;
            self.fill(at).await?;
            body.extend_from_slice(&self.buffer[line_end..line_end + size]);
            if size == 0 {
                return Ok((body, at));
            }
        }
    }

    /// Reads until `mark` stands somewhere after `from`; the place behind it.
    async fn until(&mut self, mark: &[u8], from: usize) -> io::Result<usize> {
        let mut scanned = from;
        loop {
            if let Some(at) = self.buffer[scanned..].windows(mark.len()).position(|window| window == mark) {
                return Ok(scanned + at + mark.len());
            }
            scanned = self.buffer.len().saturating_sub(mark.len() - 1).max(from);
            self.more().await?;
        }
    }

    async fn fill(&mut self, length: usize) -> io::Result<()> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> io::Result<()> {
        let read = self.stream.as_mut().ok_or_else(closed)?.read_buf(&mut self.buffer).await?;
        if read == 0 { Err(closed()) } else { Ok(()) }
    }
}

impl Head {
    fn parse(bytes: &[u8]) -> io::Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        let status =
            text.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(|| io::Error::other("no status"))?;
        let mut head = Self { status, location: None, cookies: Vec::new(), length: None, chunked: false, close: false };
        for (name, value) in text.split("\r\n").skip(1).filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                head.length = value.parse().ok();
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                head.chunked = value.eq_ignore_ascii_case("chunked");
            } else if name.eq_ignore_ascii_case("connection") {
                head.close = value.eq_ignore_ascii_case("close");
            } else if name.eq_ignore_ascii_case("set-cookie") {
                let pair = value.split(';').next().and_then(|pair| pair.split_once('='));
                head.cookies.extend(pair.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())));
            } else if name.eq_ignore_ascii_case("location") {
                head.location = Some(value.to_owned());
            }
        }
        Ok(head)
    }
}

fn closed() -> io::Error {
    io::Error::other("the server closed the connection")
}

/// A request as bytes: `form` makes it a POST.
pub(crate) fn request(authority: &str, path: &str, headers: &[(&str, &str)], form: Option<&str>) -> Vec<u8> {
    request_of(authority, path, headers, form.map(|form| ("application/x-www-form-urlencoded", form)))
}

/// The same, with a body of any type.
pub(crate) fn request_of(authority: &str, path: &str, headers: &[(&str, &str)], body: Option<(&str, &str)>) -> Vec<u8> {
    let method = if body.is_some() { "POST" } else { "GET" };
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {authority}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some((kind, body)) = body {
        text.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    } else {
        text.push_str("\r\n");
    }
    text.into_bytes()
}
