//! A browser's manners in a hundred lines: HTTP/1.1 over loopback, cookies by host, redirects followed and counted.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

/// Longest wait for a read or a write.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer read, in bytes.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;
/// Most redirects followed in a row.
const REDIRECTS_MAX: usize = 10;

/// One browser: its cookies, by host name. Ports don't count, as in real ones.
#[derive(Default)]
pub(super) struct Browser {
    jars: BTreeMap<String, BTreeMap<String, String>>,
}

/// An answer and the address that gave it.
pub(super) struct Page {
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

impl Page {
    pub(super) fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body)
            .with_context(|| format!("{} did not answer with JSON (status {})", self.url, self.status))
    }

    /// The page, when it was answered with success.
    pub(super) fn ok(self) -> Result<Self> {
        if self.status != 200 {
            // A problem's code is a word of ours; nothing else of the body is repeated.
            let code = self.json().ok().and_then(|body| body["code"].as_str().map(str::to_owned)).unwrap_or_default();
            bail!("{} answered with status {} {code}", without_query(&self.url), self.status);
        }
        Ok(self)
    }
}

struct Address<'a> {
    host: &'a str,
    port: u16,
    path: &'a str,
}

impl Browser {
    pub(super) fn get(&mut self, url: &str) -> Result<Page> {
        self.send("GET", url, None)
    }

    /// A form sent by a page of the same origin.
    pub(super) fn post_form(&mut self, url: &str, form: &str) -> Result<Page> {
        self.send("POST", url, Some(("application/x-www-form-urlencoded", form)))
    }

    /// A script's request on a page of the same origin.
    pub(super) fn post_json(&mut self, url: &str, body: &Value) -> Result<Page> {
        self.send("POST", url, Some(("application/json", &body.to_string())))
    }

    /// Follows redirects from `page` on until there are none.
    pub(super) fn follow(&mut self, mut page: Page) -> Result<Page> {
        for _ in 0..REDIRECTS_MAX {
            let Some(location) = page.location.take() else { return Ok(page) };
            let next = if location.starts_with('/') { format!("{}{location}", origin(&page.url)?) } else { location };
            page = self.get(&next)?;
        }
        bail!("more than {REDIRECTS_MAX} redirects in a row")
    }

    fn send(&mut self, method: &str, url: &str, body: Option<(&str, &str)>) -> Result<Page> {
        let address = address(url)?;
        let mut request = format!(
            "{method} {} HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\n",
            address.path, address.host, address.port
        );
        if let Some(jar) = self.jars.get(address.host).filter(|jar| !jar.is_empty()) {
            let pairs: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.push_str(&format!("Cookie: {}\r\n", pairs.join("; ")));
        }
        if let Some((kind, text)) = body {
            let origin = origin(url)?;
            request.push_str(&format!(
                "Origin: {origin}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n",
                text.len()
            ));
        }
        request.push_str("\r\n");
        request.push_str(body.map_or("", |(_, text)| text));
        let answer = exchange(address.port, request.as_bytes())
            .with_context(|| format!("failed to talk to {}:{}", address.host, address.port))?;
        let (status, headers, body) =
            parse(&answer).ok_or_else(|| anyhow!("{} answered with something that is not HTTP", without_query(url)))?;
        let jar = self.jars.entry(address.host.to_owned()).or_default();
        for (_, line) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            keep_cookie(jar, line);
        }
        let location = headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone());
        Ok(Page { url: url.to_owned(), status, location, body })
    }
}

fn exchange(port: u16, request: &[u8]) -> Result<Vec<u8>> {
    // Both programs listen on IPv4 loopback; the host name only decides about cookies and origins.
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
    Ok(answer)
}

type Headers = Vec<(String, String)>;

fn parse(answer: &[u8]) -> Option<(u16, Headers, String)> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let body = &answer[end + 4..];
    let chunked =
        headers.iter().any(|(name, value)| name == "transfer-encoding" && value.eq_ignore_ascii_case("chunked"));
    let body = if chunked { unchunk(body)? } else { body.to_vec() };
    Some((status, headers, String::from_utf8(body).ok()?))
}

/// RFC 9112 §7.1.
fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

fn keep_cookie(jar: &mut BTreeMap<String, String>, line: &str) {
    let mut parts = line.split(';').map(str::trim);
    let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
    let gone = value.is_empty() || parts.any(|attribute| attribute.eq_ignore_ascii_case("max-age=0"));
    if gone {
        jar.remove(name);
    } else {
        jar.insert(name.to_owned(), value.to_owned());
    }
}

fn address(url: &str) -> Result<Address<'_>> {
    let rest = url.split('#').next().unwrap_or(url).strip_prefix("http://").context("expected an http address")?;
    let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let (host, port) = authority.split_once(':').context("expected an address with a port")?;
    if host != "localhost" && host != "127.0.0.1" {
        bail!("the way led off this machine, to {host}");
    }
    Ok(Address { host, port: port.parse().context("expected a port number")?, path })
}

fn origin(url: &str) -> Result<String> {
    let address = address(url)?;
    Ok(format!("http://{}:{}", address.host, address.port))
}

/// Queries may carry codes and states, which have no place in messages.
fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_or_in_chunks() {
        let (status, headers, body) = parse(b"HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nhi").unwrap();
        assert_eq!((status, body.as_str()), (200, "hi"));
        assert_eq!(headers[0], ("x-a".to_owned(), "b".to_owned()));
        let (_, _, body) =
            parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3;x=y\r\n yo\r\n0\r\n\r\n")
                .unwrap();
        assert_eq!(body, "hi yo");
        assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi").is_none());
        assert!(parse(b"nonsense").is_none());
    }

    #[test]
    fn cookies_come_and_go() {
        let mut jar = BTreeMap::new();
        keep_cookie(&mut jar, "a=1; Path=/; HttpOnly");
        keep_cookie(&mut jar, "b=2");
        keep_cookie(&mut jar, "a=; Max-Age=0");
        assert_eq!(jar.into_iter().collect::<Vec<_>>(), [("b".to_owned(), "2".to_owned())]);
    }

    #[test]
    fn the_way_never_leads_off_this_machine() {
        assert!(address("http://example.com:80/").is_err());
        assert!(address("https://localhost:8400/").is_err());
        assert_eq!(address("http://localhost:8400/tour#x").unwrap().path, "/tour");
        assert_eq!(without_query("http://localhost:1/a?code=x"), "http://localhost:1/a");
    }
}
