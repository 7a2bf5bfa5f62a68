//! Registries: charts as OCI artifacts, in the way that `helm push` lays them down.

use serde_json::Value as Json;

use super::challenge::Challenge;
use super::{Listed, Repositories};
use crate::chart::credentials::{Login, certificates};
use crate::chart::error::ChartError;
use crate::chart::net::{Reason, Request, Response, Scheme, Trust, Url, encoded};
use crate::diagnostic::codes::charts;
use crate::emit::Digest;
use crate::helm::semver::Version;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const LAYERS: [&str; 2] = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];
/// How large a manifest, a configuration or a list of tags may be.
const MAX_JSON: u64 = 16 << 20;
/// How many pages a list of tags may have.
const MAX_PAGES: usize = 1000;
const CHANGES: &str = "artifacthub.io/changes";

/// `host/path/to/chart`, taken apart.
struct Place<'a> {
    host: &'a str,
    path: &'a str,
}

impl<'a> Place<'a> {
    fn of(reference: &'a str) -> Result<Self, ChartError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '/');
        match reference.split_once('/') {
            Some((host, path)) if !host.is_empty() && !path.is_empty() && path.chars().all(fits) => {
                Ok(Place { host, path })
            }
            _ => {
                let what = format!("`oci://{reference}` is no place for a chart");
                Err(ChartError::new(&charts::BAD_REPOSITORY, what).help("write `oci://HOST/PATH`, in lower case"))
            }
        }
    }

    /// Docker Hub answers at another name than it goes by.
    fn api(&self) -> &str {
        if matches!(self.host, "docker.io" | "index.docker.io") { "registry-1.docker.io" } else { self.host }
    }
}

impl Repositories {
    /// All tags that are versions.
    pub(super) fn oci_versions(&self, reference: &str) -> Result<Vec<Listed>, ChartError> {
        let place = Place::of(reference)?;
        let base = self.registry(&place)?;
        let mut next = base.join(&format!("/v2/{}/tags/list?n=1000", place.path));
        let mut found: Vec<Listed> = Vec::new();
        for _ in 0..MAX_PAGES {
            let Some(url) = next else { break };
            let response = self.ask(&place, &url, None, MAX_JSON)?;
            let page = json(&response, &url)?;
            let tags = page["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
            found.extend(tags.iter().filter_map(Json::as_str).filter_map(of_tag));
            next = response.header("link").and_then(next_page).and_then(|link| url.join(link));
            // Another host's pages are none of this registry.
            next = next.filter(|next| next.same_origin(&url));
        }
        found.sort_by(|a, b| b.parsed.compare(&a.parsed));
        Ok(found)
    }

    /// The archive of a tag.
    pub(super) fn oci_archive(&self, reference: &str, tag: &str) -> Result<Vec<u8>, ChartError> {
        let place = Place::of(reference)?;
        let manifest = self.manifest(&place, tag)?;
        let layers = manifest["layers"].as_array().map(Vec::as_slice).unwrap_or_default();
        let layer = layers.iter().find(|layer| LAYERS.iter().any(|kind| layer["mediaType"] == **kind));
        let layer = layer
            .ok_or_else(|| ChartError::new(&charts::REFUSED, format!("`oci://{reference}:{tag}` is no Helm chart")))?;
        self.blob(&place, layer, super::MAX_ARCHIVE)
    }

    /// What a version says that it changed.
    pub(super) fn oci_changes(&self, reference: &str, tag: &str) -> Result<Option<String>, ChartError> {
        let place = Place::of(reference)?;
        let manifest = self.manifest(&place, tag)?;
        if let Some(changes) = manifest["annotations"][CHANGES].as_str() {
            return Ok(Some(changes.to_owned()));
        }
        let config = self.blob(&place, &manifest["config"], MAX_JSON)?;
        let config: Json = serde_json::from_slice(&config).unwrap_or_default();
        Ok(config["annotations"][CHANGES].as_str().map(str::to_owned))
    }

    fn manifest(&self, place: &Place<'_>, tag: &str) -> Result<Json, ChartError> {
        let path = format!("/v2/{}/manifests/{}", place.path, encoded(tag));
        let url = self.registry(place)?.join(&path).ok_or_else(|| bad_answer(place, "its URL"))?;
        json(&self.ask(place, &url, Some(MANIFEST), MAX_JSON)?, &url)
    }

    /// The blob that a descriptor names, which must be what its digest says.
    fn blob(&self, place: &Place<'_>, descriptor: &Json, limit: u64) -> Result<Vec<u8>, ChartError> {
        let digest = descriptor["digest"].as_str().and_then(|digest| Digest::parse(digest.strip_prefix("sha256:")?));
        let digest = digest.ok_or_else(|| bad_answer(place, "a digest"))?;
        let path = format!("/v2/{}/blobs/sha256:{digest}", place.path);
        let url = self.registry(place)?.join(&path).ok_or_else(|| bad_answer(place, "its URL"))?;
        let response = self.ask(place, &url, None, limit)?;
        if Digest::of(&response.body) != digest {
            let what = format!("`{url}` is not what its digest says");
            return Err(
                ChartError::new(&charts::REFUSED, what).help("something between you and the registry changed it")
            );
        }
        Ok(response.body)
    }

    /// The root of a registry: TLS, unless it is on this machine or plain http is allowed and nobody speaks TLS there.
    fn registry(&self, place: &Place<'_>) -> Result<Url, ChartError> {
        let slot = {
            let mut registries = self.registries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            registries.entry(place.host.to_owned()).or_default().clone()
        };
        slot.base.get_or_init(|| self.probe(place)).clone()
    }

    fn probe(&self, place: &Place<'_>) -> Result<Url, ChartError> {
        let client = self.client()?;
        let https = Url::parse(&format!("https://{}/v2/", place.api()));
        let https = https.ok_or_else(|| bad_answer(place, "its name"))?;
        if !self.plain_http && !https.is_loopback() {
            return Ok(https);
        }
        match client.send(request(&https, None, None, MAX_JSON, &trust(&https)?)) {
            Err(failure) if matches!(failure.reason, Reason::NoTls | Reason::Broken(_)) => {
                Ok(Url { scheme: Scheme::Http, ..https })
            }
            _ => Ok(https),
        }
    }

    /// Asks, and shows credentials where they are wanted.
    fn ask(&self, place: &Place<'_>, url: &Url, accept: Option<&str>, limit: u64) -> Result<Response, ChartError> {
        let client = self.client()?;
        let trust = trust(url)?;
        let slot = format!("{}/{}", place.host, place.path);
        let known = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&slot).cloned();
        let response = client
            .send(request(url, accept, known.as_deref(), limit, &trust))
            .map_err(|f| with_help(f.into(), place))?;
        if response.status != 401 {
            return Ok(response);
        }
        let challenges = response.headers.get_all("www-authenticate");
        let challenge = challenges.iter().filter_map(|value| value.to_str().ok()).find_map(Challenge::parse);
        let login = self.docker.login(place.host).map_err(|what| ChartError::new(&charts::CREDENTIALS, what))?;
        let Some(authorization) = self.authorization(place, challenge, login.as_ref())? else {
            return Err(unauthorized(place, false));
        };
        let response = client
            .send(request(url, accept, Some(&authorization), limit, &trust))
            .map_err(|f| with_help(f.into(), place))?;
        if response.status == 401 {
            return Err(unauthorized(place, login.is_some()));
        }
        self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(slot, authorization);
        Ok(response)
    }

    fn authorization(
        &self,
        place: &Place<'_>,
        challenge: Option<Challenge>,
        login: Option<&Login>,
    ) -> Result<Option<String>, ChartError> {
        match (challenge, login) {
            (Some(Challenge::Basic), Some(Login::Basic(basic))) => Ok(Some(basic.header())),
            (Some(Challenge::Bearer { .. }), Some(Login::Bearer(token))) => Ok(Some(format!("Bearer {token}"))),
            (Some(Challenge::Bearer { realm, service, scope }), login) => {
                let scope = scope.unwrap_or_else(|| format!("repository:{}:pull", place.path));
                self.token(place, &realm, service.as_deref(), &scope, login).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Gets a token from where the registry sends us.
    fn token(
        &self,
        place: &Place<'_>,
        realm: &str,
        service: Option<&str>,
        scope: &str,
        login: Option<&Login>,
    ) -> Result<String, ChartError> {
        let service = service.unwrap_or_default();
        let mut url = Url::parse(realm).ok_or_else(|| bad_answer(place, "where tokens come from"))?;
        let client = self.client()?;
        let trust = trust(&url)?;
        let response = if let Some(Login::Refresh(token)) = login {
            let form = [
                ("grant_type", "refresh_token"),
                ("service", service),
                ("client_id", "stackgen"),
                ("scope", scope),
                ("refresh_token", token.as_str()),
            ];
            client.send(Request { form: Some(&form), ..request(&url, None, None, MAX_JSON, &trust) })
        } else {
            let mark = if url.path.contains('?') { '&' } else { '?' };
            url.path.push_str(&format!("{mark}service={}&scope={}", encoded(service), encoded(scope)));
            let basic = match login {
                Some(Login::Basic(basic)) => Some(basic.header()),
                _ => None,
            };
            client.send(request(&url, None, basic.as_deref(), MAX_JSON, &trust))
        };
        let response = response.map_err(|failure| with_help(failure.into(), place))?;
        if response.status == 401 {
            return Err(unauthorized(place, login.is_some()));
        }
        let answer: Json = serde_json::from_slice(&response.body).unwrap_or_default();
        let token = answer["token"].as_str().or_else(|| answer["access_token"].as_str());
        let token = token.filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()));
        token.map(|token| format!("Bearer {token}")).ok_or_else(|| bad_answer(place, "a token"))
    }
}

/// Trust for registries is the system's, `--ca-file`'s and that of Docker's folder for the host.
fn trust(url: &Url) -> Result<Trust, ChartError> {
    certificates::of_registry(&url.authority).map_err(|what| ChartError::new(&charts::CREDENTIALS, what))
}

fn request<'a>(
    url: &'a Url,
    accept: Option<&'a str>,
    authorization: Option<&'a str>,
    limit: u64,
    trust: &'a Trust,
) -> Request<'a> {
    Request { url, accept, gzip: false, authorization, form: None, trust, limit }
}

fn json(response: &Response, url: &Url) -> Result<Json, ChartError> {
    serde_json::from_slice(&response.body)
        .map_err(|_| ChartError::new(&charts::BAD_INDEX, format!("`{url}` does not answer as a registry does")))
}

/// A tag as a version: tags know no `+`.
fn of_tag(tag: &str) -> Option<Listed> {
    let version = tag.replace('_', "+");
    Some(Listed {
        parsed: Version::parse(&version)?,
        version,
        digest: None,
        urls: Vec::new(),
        deprecated: false,
        changes: None,
    })
}

/// `<URL>; rel="next"`
fn next_page(header: &str) -> Option<&str> {
    let links = header.split(',').filter(|link| link.contains("next"));
    links.filter_map(|link| link.split_once('<')?.1.split_once('>')).map(|(url, _)| url).next()
}

fn bad_answer(place: &Place<'_>, what: &str) -> ChartError {
    let message = format!("`{}` does not answer as a registry does: {what} cannot be read", place.host);
    ChartError::new(&charts::BAD_INDEX, message)
}

fn with_help(error: ChartError, place: &Place<'_>) -> ChartError {
    if error.code == &charts::CREDENTIALS { error.or_help(|| login_help(place)) } else { error }
}

fn unauthorized(place: &Place<'_>, sent: bool) -> ChartError {
    let message = if sent {
        format!("`{}` does not take the login for `{}`", place.host, place.path)
    } else {
        format!("`{}` wants a login for `{}`", place.host, place.path)
    };
    ChartError::new(&charts::CREDENTIALS, message).help(login_help(place))
}

fn login_help(place: &Place<'_>) -> String {
    format!("`helm registry login {}` or `docker login {}` keeps it for all of them", place.host, place.host)
}
