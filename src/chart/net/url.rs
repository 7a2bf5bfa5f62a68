//! The few things about URLs that chart repositories need.

use std::fmt;
use std::net::IpAddr;

/// `http` or `https`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    fn word(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// A URL without user information and fragment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Url {
    pub(crate) scheme: Scheme,
    /// The host with its port, if that is given.
    pub(crate) authority: String,
    /// From the first `/` on, with the query.
    pub(crate) path: String,
}

impl Url {
    /// Reads `http://…` or `https://…`. Names and passwords in a URL end up in logs and locks: they are not taken.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let path = path.split('#').next().unwrap_or(path);
        let clean = |c: char| !c.is_whitespace() && !c.is_control() && c.is_ascii();
        if authority.is_empty() || authority.contains(['@', '\\']) || !text.chars().all(clean) {
            return None;
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let url = Url { scheme, authority: authority.to_ascii_lowercase(), path };
        url.split_authority().map(|_| url.clone())
    }

    fn split_authority(&self) -> Option<(&str, Option<u16>)> {
        let after_host = self.authority.rfind(']').map_or(0, |at| at + 1);
        match self.authority[after_host..].rfind(':') {
            Some(at) => {
                let (host, port) = self.authority.split_at(after_host + at);
                Some((host, Some(port[1..].parse().ok()?)))
            }
            None => Some((&self.authority, None)),
        }
    }

    /// The host, IPv6 addresses without brackets.
    pub(crate) fn host(&self) -> &str {
        let host = self.split_authority().map_or(self.authority.as_str(), |(host, _)| host);
        host.trim_start_matches('[').trim_end_matches(']')
    }

    pub(crate) fn port(&self) -> u16 {
        self.split_authority().and_then(|(_, port)| port).unwrap_or(self.scheme.port())
    }

    /// Whether it leads to this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Whether credentials for one are credentials for the other.
    pub(crate) fn same_origin(&self, other: &Url) -> bool {
        (self.scheme, self.host(), self.port()) == (other.scheme, other.host(), other.port())
    }

    /// What a reference means within this document.
    pub(crate) fn join(&self, reference: &str) -> Option<Url> {
        if reference.contains("://") {
            return Url::parse(reference);
        }
        let scheme = self.scheme.word();
        if let Some(rest) = reference.strip_prefix("//") {
            return Url::parse(&format!("{scheme}://{rest}"));
        }
        let own = self.path.split('?').next().unwrap_or("/");
        let path = match reference.chars().next() {
            Some('/') => reference.to_owned(),
            Some('?') | None => format!("{own}{reference}"),
            Some(_) => format!("{}{reference}", &own[..=own.rfind('/').unwrap_or(0)]),
        };
        Url::parse(&format!("{scheme}://{}{}", self.authority, without_dots(&path)))
    }

    /// A file in the folder that this URL names, with or without a final slash.
    pub(crate) fn file(&self, reference: &str) -> Option<Url> {
        let (path, query) = self.path.split_once('?').map_or((self.path.as_str(), None), |(p, q)| (p, Some(q)));
        let folder = Url { path: format!("{}/", path.trim_end_matches('/')), ..self.clone() };
        let mut url = folder.join(reference)?;
        // Some repositories are signed in their query.
        if let Some(query) = query
            && !reference.contains(['?', ':'])
        {
            url.path = format!("{}?{query}", url.path);
        }
        Some(url)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.word(), self.authority, self.path)
    }
}

/// The path without `.` and `..`.
fn without_dots(path: &str) -> String {
    let (path, query) = path.find('?').map_or((path, ""), |at| path.split_at(at));
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}{query}", parts.join("/"))
}

/// Text within a query.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b':') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::Url;

    #[test]
    fn references_are_followed_as_helm_does() {
        let base = Url::parse("https://Example.com:8443/charts").unwrap();
        let file = |reference: &str| base.file(reference).unwrap().to_string();
        assert_eq!(file("index.yaml"), "https://example.com:8443/charts/index.yaml");
        assert_eq!(file("../a-1.0.0.tgz"), "https://example.com:8443/a-1.0.0.tgz");
        assert_eq!(file("/x/a.tgz"), "https://example.com:8443/x/a.tgz");
        assert_eq!(file("http://other.example.com/a.tgz"), "http://other.example.com/a.tgz");
        assert_eq!(file("//other.example.com/a.tgz"), "https://other.example.com/a.tgz");
        let signed = Url::parse("https://example.com/charts/?token=1").unwrap();
        assert_eq!(signed.file("a.tgz").unwrap().to_string(), "https://example.com/charts/a.tgz?token=1");
    }

    #[test]
    fn what_is_no_plain_url_is_not_taken() {
        for wrong in [
            "ftp://x/",
            "https://",
            "https://user:pass@example.com/",
            "https://a b/",
            "x",
            "https://a:b/",
            "http://x/\n",
        ] {
            assert_eq!(Url::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn loopback_is_this_machine_only() {
        let is = |text: &str| Url::parse(text).unwrap().is_loopback();
        assert!(is("http://127.0.0.1:5000/") && is("http://[::1]:5000/") && is("http://localhost/"));
        assert!(
            !is("http://127.0.0.1.example.com/") && !is("http://localhost.example.com/") && !is("http://10.0.0.1/")
        );
    }
}
