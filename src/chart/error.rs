//! What went wrong with a chart, in the form of a finding.

use std::fmt;
use std::io;
use std::path::Path;

use super::net::{Failure, Reason};
use crate::diagnostic::{Code, Diagnostic, codes::charts};
use crate::yaml::Span;

/// Why a chart could not be resolved, downloaded or kept.
#[derive(Clone, Debug)]
pub struct ChartError {
    /// The code of its finding.
    pub code: &'static Code,
    message: String,
    help: Option<String>,
}

impl ChartError {
    pub(super) fn new(code: &'static Code, message: impl Into<String>) -> Self {
        ChartError { code, message: message.into(), help: None }
    }

    #[must_use]
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Help for those who got none yet.
    #[must_use]
    pub(super) fn or_help(self, text: impl FnOnce() -> String) -> Self {
        if self.help.is_some() { self } else { self.help(text()) }
    }

    pub(super) fn io(what: &str, path: &Path, error: &io::Error) -> Self {
        ChartError::new(&charts::NOT_KEPT, format!("cannot {what} `{}`: {error}", path.display()))
    }

    /// The finding, at the place that asks for the chart.
    pub fn into_diagnostic(self, span: Span) -> Diagnostic {
        let found = Diagnostic::error(self.code, span, self.message);
        match self.help {
            Some(help) => found.help(help),
            None => found,
        }
    }
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ChartError {}

impl From<Failure> for ChartError {
    fn from(failure: Failure) -> Self {
        let message = format!("cannot get `{}`: {}", failure.url, failure.reason);
        match failure.reason {
            Reason::Status(401 | 403) => ChartError::new(&charts::CREDENTIALS, message),
            Reason::Status(404 | 410) => ChartError::new(&charts::NOT_THERE, message),
            Reason::Certificate(_) => ChartError::new(&charts::NOT_REACHED, message)
                .help("name the file of your own certificate authority with `--ca-file`, or in `SSL_CERT_FILE`"),
            Reason::WhoWeAre(_) => ChartError::new(&charts::CREDENTIALS, message).help(
                "`helm repo add NAME URL --cert-file FILE --key-file FILE` keeps it for a repository, Docker's folder `certs.d/HOST` for a registry",
            ),
            Reason::PlainHttp => ChartError::new(&charts::NOT_REACHED, message)
                .help("use `https://`; `--plain-http` allows it where the network is yours"),
            Reason::TooLarge(_) => ChartError::new(&charts::REFUSED, message),
            _ => ChartError::new(&charts::NOT_REACHED, message),
        }
    }
}
