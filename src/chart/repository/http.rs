//! Repositories with an `index.yaml`.

use std::sync::Arc;

use super::{Listed, Repositories, index};
use crate::chart::credentials::HelmRepository;
use crate::chart::error::ChartError;
use crate::chart::net::{Request, Url};
use crate::diagnostic::codes::charts;
use crate::helm::gunzip;

/// How large an index may be.
const MAX_INDEX: u64 = 256 << 20;

impl Repositories {
    pub(super) fn http_versions(&self, repository: &str, name: &str) -> Result<Vec<Listed>, ChartError> {
        let text = self.index(repository)?;
        let versions = index::versions(&text, name);
        let versions = versions.map_err(|problem| {
            ChartError::new(&charts::BAD_INDEX, format!("the index of `{repository}` cannot be read: {problem}"))
        })?;
        versions.ok_or_else(|| {
            ChartError::new(&charts::NOT_THERE, format!("`{repository}` has no chart `{name}`"))
                .help("`helm search repo` shows what a repository has")
        })
    }

    /// The index of a repository, which is asked for once.
    fn index(&self, repository: &str) -> Result<Arc<str>, ChartError> {
        let slot = {
            let mut indexes = self.indexes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            indexes.entry(repository.trim_end_matches('/').to_owned()).or_default().clone()
        };
        slot.get_or_init(|| self.fetch_index(repository)).clone()
    }

    fn fetch_index(&self, repository: &str) -> Result<Arc<str>, ChartError> {
        let client = self.client()?;
        let base = url(repository)?;
        let known = self.helm.of_url(repository).cloned().unwrap_or_default();
        let index = base.file("index.yaml").ok_or_else(|| bad_url(repository))?;
        let authorization = known.basic.as_ref().map(|basic| basic.header());
        let response = client.send(Request {
            url: &index,
            accept: None,
            gzip: true,
            authorization: authorization.as_deref(),
            form: None,
            trust: &known.trust,
            limit: MAX_INDEX,
        });
        let response = response.map_err(|failure| with_help(failure.into(), repository))?;
        if response.status == 401 {
            return Err(unauthorized(repository, known.basic.is_some()));
        }
        let mut body = response.body;
        if body.starts_with(&[0x1F, 0x8B]) {
            let limit = usize::try_from(MAX_INDEX).unwrap_or(usize::MAX);
            body = gunzip(&body, limit).ok_or_else(|| {
                ChartError::new(
                    &charts::BAD_INDEX,
                    format!("the index of `{repository}` is a broken gzip file, or too large"),
                )
            })?;
        }
        Ok(Arc::from(String::from_utf8_lossy(&body)))
    }

    /// The archive of a version that an index lists.
    pub(super) fn http_archive(&self, repository: &str, name: &str, listed: &Listed) -> Result<Vec<u8>, ChartError> {
        let nowhere = || {
            let what = format!("the index of `{repository}` does not say where {name} {} lies", listed.version);
            ChartError::new(&charts::BAD_INDEX, what)
        };
        let place = listed.urls.first().ok_or_else(nowhere)?;
        if let Some(reference) = place.strip_prefix("oci://") {
            let (path, tag) = reference.rsplit_once(':').ok_or_else(nowhere)?;
            return self.oci_archive(path, tag);
        }
        let base = url(repository)?;
        let archive = base.file(place).ok_or_else(nowhere)?;
        let known = self.helm.of_url(repository).cloned().unwrap_or_default();
        let ours = known.pass_everywhere || archive.same_origin(&base);
        let HelmRepository { basic, trust, .. } = known;
        let authorization = basic.filter(|_| ours).map(|basic| basic.header());
        let response = self.client()?.send(Request {
            url: &archive,
            accept: None,
            gzip: false,
            authorization: authorization.as_deref(),
            form: None,
            trust: &trust,
            limit: super::MAX_ARCHIVE,
        });
        let response = response.map_err(|failure| with_help(failure.into(), repository))?;
        if response.status == 401 {
            return Err(unauthorized(repository, authorization.is_some()));
        }
        Ok(response.body)
    }
}

fn url(repository: &str) -> Result<Url, ChartError> {
    Url::parse(repository).ok_or_else(|| bad_url(repository))
}

fn bad_url(repository: &str) -> ChartError {
    let secret =
        repository.split_once("://").is_some_and(|(_, rest)| rest.split('/').next().unwrap_or("").contains('@'));
    if secret {
        return ChartError::new(&charts::BAD_REPOSITORY, "the repository's URL holds a name or a password")
            .help("keep it in Helm's own configuration: `helm repo add NAME URL --username …`");
    }
    ChartError::new(&charts::BAD_REPOSITORY, format!("`{repository}` is no repository of charts"))
        .help("it starts with `https://` or `oci://`")
}

fn with_help(error: ChartError, repository: &str) -> ChartError {
    if error.code == &charts::CREDENTIALS { error.or_help(|| login_help(repository)) } else { error }
}

fn unauthorized(repository: &str, sent: bool) -> ChartError {
    let what = if sent {
        "does not take the name and password that Helm's configuration has"
    } else {
        "wants a name and a password"
    };
    ChartError::new(&charts::CREDENTIALS, format!("`{repository}` {what}")).help(login_help(repository))
}

fn login_help(repository: &str) -> String {
    format!("`helm repo add NAME {repository} --username …` keeps them for Helm and for stackgen")
}
