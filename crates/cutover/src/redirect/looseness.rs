//! How much of a redirect URI may vary under its product's matching rule.

use super::{Looseness, Matching, Redirect, pattern, reach::authority_end};
use crate::Piece;

impl Redirect {
    /// How much may vary; what is filled in elsewhere when that decides.
    ///
    /// # Errors
    /// The hole that decides: it may hold a wildcard where the product honours one.
    pub fn looseness(&self) -> Result<Looseness, String> {
        match self.matching {
            // Whatever a hole holds is compared as it stands.
            Matching::Exact | Matching::ExactButLoopbackPort => Ok(Looseness::Fixed),
            Matching::Prefix => Ok(self.after_cut()),
            Matching::Loosened => Ok(Looseness::HostVaries),
            Matching::TrailingWildcard => match self.text.pieces().last() {
                Some(Piece::Hole(hole)) => Err(hole.clone()),
                Some(Piece::Literal(text)) if text.ends_with('*') => Ok(self.after_cut()),
                Some(Piece::Literal(_)) | None => Ok(Looseness::Fixed),
            },
            Matching::HostWildcard | Matching::Subdomain => self.host_wildcard(),
            Matching::AnyWildcard | Matching::Ant | Matching::Regex => self.wildcard_anywhere(),
        }
    }

    /// A text of which only the beginning counts: when it breaks off inside the host, the host varies.
    fn after_cut(&self) -> Looseness {
        let text = self.text.to_string();
        let text = text.trim_end_matches('*');
        match text.find("://") {
            Some(at) if authority_end(&text[at + 3..]).is_some() || text[at + 3..].contains(':') => {
                Looseness::PathVaries
            }
            // A path that the product completes with an address of its own.
            None if text.starts_with('/') => Looseness::PathVaries,
            // `${url}/*`: the hole holds the address, and what follows it begins a path.
            None if self.text.pieces().len() > 1 && self.text.prefix().is_empty() && text.ends_with('/') => {
                Looseness::PathVaries
            }
            Some(_) | None => Looseness::HostVaries,
        }
    }

    fn host_wildcard(&self) -> Result<Looseness, String> {
        let mut seen = String::new();
        for piece in self.text.pieces() {
            match piece {
                Piece::Hole(hole) => return Err(hole.clone()),
                Piece::Literal(text) => seen.push_str(text),
            }
            let Some(start) = seen.find("://").map(|at| at + 3) else { continue };
            let end = authority_end(&seen[start..]);
            let host = &seen[start..start + end.unwrap_or(seen.len() - start)];
            // `{organization_name}` is a wildcard of Auth0's own.
            if host.contains(['*', '{']) {
                return Ok(Looseness::HostVaries);
            }
            if end.is_some() {
                return Ok(Looseness::Fixed);
            }
        }
        Ok(Looseness::Fixed)
    }

    fn wildcard_anywhere(&self) -> Result<Looseness, String> {
        let pieces = pattern::pieces(&self.text, self.matching);
        let text: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.as_str(),
                Piece::Hole(_) => "",
            })
            .collect();
        let hole = pieces.iter().find_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Literal(_) => None,
        });
        let judged = without_loopback_port(&text);
        match (judged.find('*'), hole) {
            (None, None) => Ok(Looseness::Fixed),
            (None, Some(hole)) => Err(hole.clone()),
            (Some(star), _) => {
                let host_ends = judged.find("://").and_then(|at| Some(at + 3 + authority_end(&judged[at + 3..])?));
                Ok(if host_ends.is_some_and(|end| star >= end) { Looseness::PathVaries } else { Looseness::HostVaries })
            }
        }
    }
}

/// RFC 8252 §7.3: the port of a loopback address may vary.
fn without_loopback_port(text: &str) -> String {
    for loopback in ["http://127.0.0.1:*", "http://[::1]:*", "http://localhost:*"] {
        if let Some(rest) = text.strip_prefix(loopback)
            && (rest.is_empty() || rest.starts_with('/'))
        {
            return format!("{}{rest}", loopback.trim_end_matches(":*"));
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Template;

    #[track_caller]
    fn check(matching: Matching, expected: &[(&str, Looseness)]) {
        for (text, looseness) in expected {
            let redirect = Redirect { text: Template::literal(*text), matching };
            assert_eq!(redirect.looseness(), Ok(*looseness), "{text} under {matching:?}");
        }
    }

    #[test]
    fn each_product_reads_its_own_wildcards() {
        use Looseness::{Fixed, HostVaries, PathVaries};
        check(Matching::Exact, &[("https://*.a.example/*", Fixed)]);
        check(
            Matching::TrailingWildcard,
            &[
                ("https://a.example/*", PathVaries),
                ("https://a.example/*/cb", Fixed),
                ("http://portal.example.org*", HostVaries),
                ("http://localhost:8080*", PathVaries),
                ("*", HostVaries),
                ("/realms/a/account/*", PathVaries),
                ("https://*", HostVaries),
            ],
        );
        check(
            Matching::HostWildcard,
            &[
                ("https://*.a.example/cb", HostVaries),
                ("https://a.example/*", Fixed),
                ("https://a.example", Fixed),
                ("https://{organization_name}.a.example/cb", HostVaries),
            ],
        );
        check(
            Matching::Ant,
            &[
                ("https://*.a.example/cb", HostVaries),
                ("https://a.example/**", PathVaries),
                ("http*://a/b", HostVaries),
            ],
        );
        check(
            Matching::Regex,
            &[
                (r"http://127\.0\.0\.1:\d+/cb", Fixed),
                (r"http://localhost(:.*)?", HostVaries),
                (r"https://a\.example/.*", PathVaries),
                (r"https://a\.example/cb", Fixed),
            ],
        );
        check(Matching::Prefix, &[("https://a.example/cb", PathVaries), ("https://a.example", HostVaries)]);
        check(Matching::Loosened, &[("https://a.example/cb", HostVaries)]);
    }

    #[test]
    fn a_hole_counts_where_a_wildcard_would() {
        let hole = || Piece::Hole("${var.x}".to_owned());
        let literal = |text: &str| Piece::Literal(text.to_owned());
        let check = |matching, pieces: Vec<Piece>, expected: Result<Looseness, ()>| {
            let redirect = Redirect { text: Template::new(pieces), matching };
            assert_eq!(redirect.looseness().map_err(|_| ()), expected, "{redirect:?}");
        };
        check(Matching::Exact, vec![hole()], Ok(Looseness::Fixed));
        check(Matching::TrailingWildcard, vec![hole(), literal("/cb")], Ok(Looseness::Fixed));
        check(Matching::TrailingWildcard, vec![hole(), literal("/*")], Ok(Looseness::PathVaries));
        check(Matching::TrailingWildcard, vec![literal("https://a.example/"), hole()], Err(()));
        check(Matching::HostWildcard, vec![literal("https://"), hole(), literal("/cb")], Err(()));
        check(Matching::HostWildcard, vec![literal("https://a.example/"), hole()], Ok(Looseness::Fixed));
        check(Matching::Ant, vec![literal("https://a.example/"), hole()], Err(()));
    }
}
