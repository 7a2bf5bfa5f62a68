//! `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, as Go's programs read them.

use std::net::IpAddr;

use ipnet::IpNet;

use super::url::{Scheme, Url};

/// Which proxy a URL is reached through.
#[derive(Debug, Default)]
pub(crate) struct Proxies {
    http: Option<String>,
    https: Option<String>,
    except: Vec<Exception>,
}

#[derive(Debug)]
enum Exception {
    All,
    Net(IpNet),
    Address(IpAddr, Option<u16>),
    /// The domain (from its dot on), whether its own name counts too, and a port.
    Domain(String, bool, Option<u16>),
}

impl Proxies {
    /// As the environment says; lower-case names go before upper-case ones where both are set.
    pub(crate) fn of_environment() -> Self {
        let get = |name: &str| {
            let value = |name: String| std::env::var(name).ok().filter(|value| !value.is_empty());
            value(name.to_ascii_uppercase()).or_else(|| value(name.to_owned()))
        };
        Self::new(get("http_proxy"), get("https_proxy"), &get("no_proxy").unwrap_or_default())
    }

    fn new(http: Option<String>, https: Option<String>, except: &str) -> Self {
        Proxies { http, https, except: except.split(',').filter_map(exception).collect() }
    }

    /// The proxy for a URL. This machine is never reached through one.
    pub(crate) fn of(&self, url: &Url) -> Option<&str> {
        let proxy = match url.scheme {
            Scheme::Http => &self.http,
            Scheme::Https => &self.https,
        };
        if url.is_loopback() || self.except.iter().any(|exception| exception.holds(url)) {
            return None;
        }
        proxy.as_deref()
    }
}

fn exception(text: &str) -> Option<Exception> {
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() {
        return None;
    }
    if text == "*" {
        return Some(Exception::All);
    }
    if let Ok(net) = text.parse() {
        return Some(Exception::Net(net));
    }
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => (name, Some(port.parse().ok()?)),
        _ => (text.as_str(), None),
    };
    if let Ok(address) = name.trim_start_matches('[').trim_end_matches(']').parse() {
        return Some(Exception::Address(address, port));
    }
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
    Some(match name.strip_prefix('.') {
        Some(_) => Exception::Domain(name.to_owned(), false, port),
        None => Exception::Domain(format!(".{name}"), true, port),
    })
}

impl Exception {
    fn holds(&self, url: &Url) -> bool {
        let host = url.host();
        let right_port = |port: &Option<u16>| port.is_none_or(|port| port == url.port());
        match self {
            Exception::All => true,
            Exception::Net(net) => host.parse::<IpAddr>().is_ok_and(|ip| net.contains(&ip)),
            Exception::Address(address, port) => host.parse() == Ok(*address) && right_port(port),
            Exception::Domain(domain, itself, port) => {
                right_port(port) && (host.ends_with(domain.as_str()) || (*itself && *host == domain[1..]))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::Proxies;
    use crate::chart::net::url::Url;

    #[test]
    fn exceptions_are_read_as_go_does() {
        let proxies = Proxies::new(
            Some("http://plain:3128".into()),
            Some("http://secure:3128".into()),
            "example.com, .inner.org,10.0.0.0/8,192.168.1.1:8443,port.net:8080",
        );
        let of = |url: &str| proxies.of(&Url::parse(url).unwrap());
        for direct in [
            "https://example.com/x",
            "https://charts.example.com/",
            "https://a.inner.org/",
            "https://10.1.2.3/",
            "https://192.168.1.1:8443/",
            "http://port.net:8080/",
            "https://localhost/",
            "http://127.0.0.1:5000/",
        ] {
            assert_eq!(of(direct), None, "{direct}");
        }
        for url in ["https://notexample.com/", "https://inner.org/", "https://192.168.1.1/", "https://11.0.0.1/"] {
            assert_eq!(of(url), Some("http://secure:3128"), "{url}");
        }
        assert_eq!(of("http://port.net/"), Some("http://plain:3128"));
        assert_eq!(Proxies::new(None, Some("p".into()), "*").of(&Url::parse("https://x.org/").unwrap()), None);
    }
}
