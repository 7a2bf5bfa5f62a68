//! Whom to trust: the system's certificates, `SSL_CERT_FILE` and `SSL_CERT_DIR`, and those that the user names.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

/// What one repository asks of TLS, by Helm's and Docker's configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trust {
    /// Certificates to trust instead of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// Certificates to trust beside these.
    pub(crate) more: Vec<PathBuf>,
    /// Our own certificate.
    pub(crate) cert_file: Option<PathBuf>,
    /// Its key.
    pub(crate) key_file: Option<PathBuf>,
    /// Trust everybody.
    pub(crate) insecure: bool,
}

/// The settings for connections. `extra` are certificates that are trusted everywhere (`--ca-file`).
pub(crate) fn config(trust: &Trust, extra: Option<&Path>) -> Result<TlsConfig, String> {
    let mut roots = Vec::new();
    match &trust.ca_file {
        Some(file) => roots.extend(certificates(file)?),
        None => {
            // A part of the system's certificates that cannot be read is no reason not to use the others.
            roots.extend(rustls_native_certs::load_native_certs().certs);
        }
    }
    for file in trust.more.iter().map(PathBuf::as_path).chain(extra) {
        roots.extend(certificates(file)?);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots: Vec<Certificate<'static>> = roots.iter().map(|cert| Certificate::from_der(cert).to_owned()).collect();
    let builder = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .disable_verification(trust.insecure);
    Ok(match (&trust.cert_file, &trust.key_file) {
        (Some(cert), Some(key)) => builder.client_cert(Some(client(cert, key)?)).build(),
        (None, None) => builder.build(),
        (Some(cert), None) => return Err(format!("no key is named for the certificate `{}`", cert.display())),
        (None, Some(key)) => return Err(format!("no certificate is named for the key `{}`", key.display())),
    })
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let text = read(file)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(format!("`{}` holds no certificates in PEM form", file.display())),
    }
}

/// Our own certificate and its key, which must fit each other.
fn client(cert: &Path, key: &Path) -> Result<ClientCert, String> {
    let chain = certificates(cert)?;
    let bytes = read(key)?;
    let unusable = |_| format!("`{}` holds no key in PEM form", key.display());
    let secret = PrivateKeyDer::from_pem_slice(&bytes).map_err(unusable)?;
    let provider = rustls::crypto::ring::default_provider();
    rustls::sign::CertifiedKey::from_der(chain.clone(), secret, &provider)
        .map_err(|error| format!("`{}` and `{}` do not belong together: {error}", cert.display(), key.display()))?;
    let chain: Vec<Certificate<'static>> = chain.iter().map(|cert| Certificate::from_der(cert).to_owned()).collect();
    let secret = PrivateKey::from_pem(&bytes).map_err(|_| format!("`{}` holds no key", key.display()))?;
    Ok(ClientCert::new_with_certs(&chain, secret))
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("cannot read `{}`: {error}", file.display()))
}
