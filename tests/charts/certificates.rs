//! Servers that want to see a certificate of ours: where Helm and Docker keep it, and whom it is shown.

use crate::archive::chart;
use crate::authority::{Authority, LOCAL};
use crate::credentials::registry_of;
use crate::helm::Helm;
use crate::platform::{Files, Platform};
use crate::server::Server;

fn files() -> Files {
    Files::index(&[("web", "1.0.0", chart("web", "1.0.0", ""))])
}

/// The authority's certificate, ours and its key as files; their paths.
fn keep(authority: &Authority, platform: &Platform) -> [String; 3] {
    let (certificate, key) = authority.issue(&["me"]);
    platform.sandbox.write("ca.pem", &authority.pem());
    platform.sandbox.write("me.pem", &certificate.pem());
    platform.sandbox.write("me.key", &key.serialize_pem());
    ["ca.pem", "me.pem", "me.key"].map(|name| platform.sandbox.path(name).display().to_string())
}

#[test]
fn helms_certificates_are_shown_to_their_repository() {
    let (authority, files) = (Authority::new(), files());
    let server = Server::start_tls(authority.server(&LOCAL, true), move |asked| files.answer(asked));
    let url = format!("https://localhost:{}", server.port);
    let platform = Platform::new(&[("web", &url, "web", "1.0.0")]);
    let [ca, certificate, key] = keep(&authority, &platform);
    let helm_knows = |more: &str| {
        let text = format!("repositories:\n- name: mine\n  url: {url}\n  caFile: {ca}\n{more}");
        platform.sandbox.write("home/.config/helm/repositories.yaml", &text);
    };
    helm_knows("");
    platform.finds(
        "lock --retries 0",
        "SG1108",
        &["it wants a certificate of ours", "helm repo add NAME URL --cert-file"],
    );
    helm_knows(&format!("  certFile: {certificate}\n"));
    platform.finds("lock", "SG1106", &["no key is named for the certificate"]);
    helm_knows(&format!("  certFile: {certificate}\n  keyFile: {ca}\n"));
    platform.finds("lock", "SG1106", &["holds no key in PEM form"]);
    let (_, other) = authority.issue(&["other"]);
    platform.sandbox.write("other.key", &other.serialize_pem());
    let wrong = platform.sandbox.path("other.key").display().to_string();
    helm_knows(&format!("  certFile: {certificate}\n  keyFile: {wrong}\n"));
    let said = platform.finds("lock", "SG1106", &["do not belong together"]);
    assert!(!said.stderr.contains("PRIVATE"), "{}", said.stderr);
    helm_knows(&format!("  certFile: {certificate}\n  keyFile: {key}\n"));
    platform.expect(0, "lock");
    std::fs::remove_dir_all(platform.sandbox.path("cache")).unwrap();
    platform.expect(0, "fetch");
    let (stranger, key) = Authority::new().issue(&["me"]);
    platform.sandbox.write("me.pem", &stranger.pem());
    platform.sandbox.write("me.key", &key.serialize_pem());
    platform.finds("lock --refresh --retries 0", "SG1108", &["it does not take our certificate"]);
}

#[test]
fn what_the_real_helm_has_stored_of_certificates_is_used() {
    let Some(helm) = Helm::find() else { return };
    let (authority, files) = (Authority::new(), files());
    let server = Server::start_tls(authority.server(&LOCAL, true), move |asked| files.answer(asked));
    let url = format!("https://localhost:{}", server.port);
    let mut platform = Platform::new(&[("web", &url, "web", "1.0.0")]);
    let [ca, certificate, key] = keep(&authority, &platform);
    helm.run(&format!("repo add mine {url} --ca-file {ca} --cert-file {certificate} --key-file {key}"));
    platform.finds("lock --retries 0", "SG1106", &["nobody who is trusted here has signed its certificate"]);
    platform.set("HELM_CONFIG_HOME", helm.sandbox.path("config").display().to_string());
    platform.expect(0, "lock");
}

#[test]
fn dockers_folder_of_a_registry_has_its_authority_and_our_certificate() {
    let authority = Authority::new();
    let server = Server::start_tls(authority.server(&LOCAL, true), registry_of("library/web", "https"));
    let platform = Platform::new(&[("web", &format!("oci://localhost:{}/library", server.port), "web", "1.0.0+b")]);
    let login = format!(r#"{{"auths":{{"localhost:{}":{{"auth":"bWU6aHVudGVyMg=="}}}}}}"#, server.port);
    platform.sandbox.write("home/.docker/config.json", &login);
    let (certificate, key) = authority.issue(&["me"]);
    let put = |name: &str, text: &str| {
        platform.sandbox.write(&format!("home/.config/docker/certs.d/localhost:{}/{name}", server.port), text);
    };
    platform.finds("lock --retries 0", "SG1106", &["nobody who is trusted here has signed its certificate"]);
    put("ca.crt", &authority.pem());
    platform.finds("lock --retries 0", "SG1108", &["it wants a certificate of ours", "certs.d/HOST"]);
    put("client.cert", &certificate.pem());
    platform.finds("lock", "SG1108", &["client.cert` has no key beside it"]);
    put("client.key", &key.serialize_pem());
    platform.expect(0, "lock");
    assert!(platform.lock().contains("digest: sha256:"), "{}", platform.lock());
}
