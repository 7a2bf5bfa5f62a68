//! The client: agents by their settings, redirects by hand, retries with growing pauses.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use ureq::http::{HeaderMap, header};
use ureq::{Agent, Proxy};

use super::failure::{Failure, Reason};
use super::proxy::Proxies;
use super::tls::{self, Trust};
use super::url::{Scheme, Url};

const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(30);
const BODY: Duration = Duration::from_secs(300);
const MAX_REDIRECTS: usize = 10;
/// The pause before the first retry; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(250);
/// Servers may ask for a longer pause, up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How the network is used.
#[derive(Clone, Debug)]
pub(crate) struct NetSettings {
    /// Certificates that are trusted beside the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// Whether plain http may leave this machine.
    pub(crate) plain_http: bool,
    /// How often a request is tried again.
    pub(crate) retries: u32,
}

/// What to ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) url: &'a Url,
    pub(crate) accept: Option<&'a str>,
    /// Whether the answer may come packed.
    pub(crate) gzip: bool,
    /// The `Authorization` header; it goes to no other host.
    pub(crate) authorization: Option<&'a str>,
    /// A form to post instead of asking.
    pub(crate) form: Option<&'a [(&'a str, &'a str)]>,
    pub(crate) trust: &'a Trust,
    /// How large the answer may be.
    pub(crate) limit: u64,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// A header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Everything that talks to the network.
#[derive(Debug)]
pub(crate) struct Client {
    settings: NetSettings,
    proxies: Proxies,
    agents: Mutex<BTreeMap<(Trust, Option<String>), Agent>>,
}

impl Client {
    pub(crate) fn new(settings: NetSettings) -> Self {
        Client { settings, proxies: Proxies::of_environment(), agents: Mutex::default() }
    }

    /// Sends a request until it is answered. An answer of 401 is one; other refusals are failures.
    pub(crate) fn send(&self, request: Request<'_>) -> Result<Response, Failure> {
        let mut tries = 0;
        loop {
            let (failure, asked) = match self.follow(request) {
                Ok(response) if matches!(response.status, 200..=299 | 401) => return Ok(response),
                Ok(response) => {
                    let asked = response.header("retry-after").and_then(|text| text.trim().parse().ok());
                    (Failure::new(request.url, Reason::Status(response.status)), asked.map(Duration::from_secs))
                }
                Err(failure) => (failure, None),
            };
            if !failure.is_passing() || tries >= self.settings.retries {
                return Err(failure);
            }
            thread::sleep(pause(tries, asked, request.url));
            tries += 1;
        }
    }

    /// Sends a request on to where it is redirected.
    fn follow(&self, request: Request<'_>) -> Result<Response, Failure> {
        let mut url = request.url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_once(&url, request)?;
            if !matches!(response.status, 301 | 302 | 303 | 307 | 308) || request.form.is_some() {
                return Ok(response);
            }
            let target = response.header("location").unwrap_or_default();
            url = url.join(target).ok_or_else(|| Failure::new(&url, Reason::Redirect(target.to_owned())))?;
        }
        Err(Failure::new(request.url, Reason::Redirect(url.to_string())))
    }

    fn send_once(&self, url: &Url, request: Request<'_>) -> Result<Response, Failure> {
        if url.scheme == Scheme::Http && !url.is_loopback() && !self.settings.plain_http {
            return Err(Failure::new(url, Reason::PlainHttp));
        }
        let agent = self.agent(url, request.trust)?;
        let fail = |error: ureq::Error| Failure::of(url, request.limit, &error);
        let own = request.authorization.filter(|_| url.same_origin(request.url));
        let answer = match request.form {
            None => {
                let mut call = agent.get(url.to_string());
                for (name, value) in [(header::ACCEPT, request.accept), (header::AUTHORIZATION, own)] {
                    if let Some(value) = value {
                        call = call.header(name, value);
                    }
                }
                if request.gzip {
                    call = call.header(header::ACCEPT_ENCODING, "gzip");
                }
                call.call()
            }
            Some(form) => agent.post(url.to_string()).send_form(form.iter().copied()),
        };
        let (parts, mut body) = answer.map_err(fail)?.into_parts();
        let body = body.with_config().limit(request.limit).read_to_vec().map_err(fail)?;
        Ok(Response { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// Connections are shared by all requests with the same settings.
    fn agent(&self, url: &Url, trust: &Trust) -> Result<Agent, Failure> {
        let proxy = self.proxies.of(url).map(str::to_owned);
        // Nobody who holds this lock can panic.
        let mut agents = self.agents.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let key = (trust.clone(), proxy);
        if let Some(agent) = agents.get(&key) {
            return Ok(agent.clone());
        }
        let settings = |what: String| Failure::new(url, Reason::Settings(what));
        let tls = tls::config(trust, self.settings.ca_file.as_deref()).map_err(settings)?;
        let proxy = key.1.as_deref().map(Proxy::new).transpose();
        let proxy = proxy.map_err(|_| settings("the proxy in the environment is no URL".into()))?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .tls_config(tls)
            .user_agent(concat!("stackgen/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("")
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_recv_body(Some(BODY))
            .build()
            .new_agent();
        agents.insert(key, agent.clone());
        Ok(agent)
    }
}

/// How long to wait before another try: longer each time, and not the same for all who wait.
fn pause(tries: u32, asked: Option<Duration>, url: &Url) -> Duration {
    let base = PAUSE * 2u32.saturating_pow(tries);
    let spread = url
        .path
        .bytes()
        .chain(std::process::id().to_le_bytes())
        .fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let spread = base / 4 * (spread % 4);
    asked.unwrap_or(base).max(base + spread / 4).min(LONGEST_PAUSE)
}
