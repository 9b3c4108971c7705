//! One browser tab's worth of HTTP/1.1: JSON posts with cookies, over loopback.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

const TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// A site and the cookies that it has set.
pub(crate) struct Site {
    origin: String,
    authority: String,
    cookies: BTreeMap<String, String>,
}

impl Site {
    pub(crate) fn new(origin: &str) -> Result<Self, String> {
        let authority = origin.strip_prefix("http://").ok_or("only http on loopback")?;
        let host = authority.split(':').next().unwrap_or_default();
        if !matches!(host, "localhost" | "127.0.0.1") {
            return Err(format!("refusing {host}: loopback only"));
        }
        Ok(Self { origin: origin.to_owned(), authority: authority.to_owned(), cookies: BTreeMap::new() })
    }

    pub(crate) fn has_cookie(&self, name: &str) -> bool {
        self.cookies.contains_key(name)
    }

    /// The `Cookie` header.
    pub(crate) fn cookies(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Posts JSON as a page of the site would, and reads the JSON that comes back; anything but 200 is a fault.
    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Result<Value, String> {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.authority,
            self.origin,
            self.cookies(),
            body.len(),
        );
        let answer = self.exchange(&request).map_err(|e| format!("{path}: {e}"))?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| format!("{path}: no answer"))?;
        for line in head.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            if name.eq_ignore_ascii_case("set-cookie")
                && let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('='))
            {
                self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
        if head.get(9..12) != Some("200") {
            return Err(format!("{path}: {} {body}", head.lines().next().unwrap_or_default()));
        }
        serde_json::from_str(body).map_err(|e| format!("{path}: {e}"))
    }

    fn exchange(&self, request: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.authority)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
        Ok(answer)
    }
}
