//! Why a request came to nothing.

use std::fmt;
use std::io;

use super::url::Url;

/// A request that came to nothing.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Where it went.
    pub(crate) url: Box<Url>,
    pub(crate) reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The server's answer.
    Status(u16),
    /// The server is not who it should be, or nobody knows who it is.
    Certificate(String),
    /// The server wants to know who we are.
    WhoWeAre(&'static str),
    /// TLS is not spoken there.
    NoTls,
    /// It would have gone over the wire for all to read.
    PlainHttp,
    /// The settings for TLS or for a proxy cannot be used.
    Settings(String),
    /// More than anybody would send in good faith.
    TooLarge(u64),
    /// Redirected to nowhere, or without end.
    Redirect(String),
    /// The network.
    Broken(String),
}

impl Failure {
    pub(super) fn new(url: &Url, reason: Reason) -> Self {
        Failure { url: Box::new(url.clone()), reason }
    }

    pub(super) fn of(url: &Url, limit: u64, error: &ureq::Error) -> Self {
        Failure::new(url, reason(limit, error))
    }

    /// Whether it may work the next time.
    pub(super) fn is_passing(&self) -> bool {
        match &self.reason {
            Reason::Status(status) => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            Reason::Broken(_) => true,
            _ => false,
        }
    }
}

fn reason(limit: u64, error: &ureq::Error) -> Reason {
    match error {
        ureq::Error::Rustls(error) => of_tls(error),
        ureq::Error::Io(error) => of_io(limit, error),
        ureq::Error::BodyExceedsLimit(_) => Reason::TooLarge(limit),
        ureq::Error::Timeout(_) => Reason::Broken("it takes too long".into()),
        ureq::Error::HostNotFound => Reason::Broken("the host is not known".into()),
        ureq::Error::InvalidProxyUrl => Reason::Settings("the proxy in the environment is no URL".into()),
        other => Reason::Broken(other.to_string()),
    }
}

/// Errors of TLS and of limits come wrapped.
fn of_io(limit: u64, error: &io::Error) -> Reason {
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return of_tls(error);
    }
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
        return reason(limit, error);
    }
    Reason::Broken(match error.kind() {
        io::ErrorKind::ConnectionRefused => "nobody listens there".into(),
        io::ErrorKind::UnexpectedEof => "the connection broke".into(),
        _ => error.to_string(),
    })
}

fn of_tls(error: &rustls::Error) -> Reason {
    use rustls::{AlertDescription as Alert, CertificateError, Error};
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            Reason::Certificate("nobody who is trusted here has signed its certificate".into())
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Reason::Certificate("its certificate is for another name".into()),
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            Reason::Certificate("its certificate has expired".into())
        }
        Error::InvalidCertificate(error) => Reason::Certificate(format!("its certificate is not valid: {error:?}")),
        Error::AlertReceived(Alert::CertificateRequired) => Reason::WhoWeAre("it wants a certificate of ours"),
        Error::AlertReceived(
            Alert::BadCertificate
            | Alert::CertificateExpired
            | Alert::CertificateRevoked
            | Alert::CertificateUnknown
            | Alert::DecryptError
            | Alert::UnknownCA
            | Alert::UnsupportedCertificate
            | Alert::AccessDenied,
        ) => Reason::WhoWeAre("it does not take our certificate"),
        Error::AlertReceived(alert) => Reason::Certificate(format!("it refuses us: {alert:?}")),
        Error::InvalidMessage(_) => Reason::NoTls,
        other => Reason::Broken(other.to_string()),
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Status(status) => match status {
                400 => f.write_str("the answer is 400, bad request"),
                401 => f.write_str("the answer is 401, unauthorized"),
                403 => f.write_str("the answer is 403, forbidden"),
                404 => f.write_str("the answer is 404, not found"),
                429 => f.write_str("the answer is 429, too many requests"),
                status => write!(f, "the answer is {status}"),
            },
            Reason::Certificate(what) | Reason::Settings(what) | Reason::Broken(what) => f.write_str(what),
            Reason::WhoWeAre(what) => f.write_str(what),
            Reason::NoTls => f.write_str("it does not speak TLS"),
            Reason::PlainHttp => f.write_str("it is plain http, which anybody on the way can read and change"),
            Reason::TooLarge(limit) => write!(f, "the answer is larger than {} MiB", limit >> 20),
            Reason::Redirect(target) => write!(f, "it redirects to `{target}`, and that leads nowhere"),
        }
    }
}
