//! What networks do: fail and recover, redirect, stand behind proxies, have authorities of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::archive::{chart, gzip};
use crate::authority::{Authority, LOCAL};
use crate::platform::{Files, Platform};
use crate::server::{Answer, Server, closed_port, is_open};

fn files() -> Files {
    Files::index(&[("web", "1.0.0", chart("web", "1.0.0", ""))])
}

#[test]
fn passing_faults_are_tried_again() {
    let (files, count) = (files(), Arc::new(AtomicUsize::new(0)));
    let server = Server::start(move |asked| match count.fetch_add(1, Ordering::Relaxed) {
        0 => Answer::status(503),
        1 => Answer::status(429).with("Retry-After", "1"),
        3 => Answer { cut: Some(100), ..files.answer(asked) },
        _ => files.answer(asked),
    });
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.expect(0, "lock");
    assert_eq!(server.paths(), ["/index.yaml", "/index.yaml", "/index.yaml", "/web-1.0.0.tgz", "/web-1.0.0.tgz"]);
}

#[test]
fn lasting_faults_end_and_are_told() {
    let server = Server::start(|_| Answer::status(500));
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.finds("lock --retries 1", "SG1106", &["the answer is 500"]);
    assert_eq!(server.asked().len(), 2);
    let port = closed_port();
    assert!(!is_open(port));
    let platform = Platform::new(&[("web", &format!("http://127.0.0.1:{port}"), "web", "1.0.0")]);
    platform.finds("lock --retries 0", "SG1106", &["nobody listens there"]);
    let gone = Server::start(|_| Answer::status(404));
    Platform::new(&[("web", &gone.url(), "web", "1.0.0")]).finds("lock", "SG1107", &["not found"]);
    assert_eq!(gone.asked().len(), 1, "what is not there is not asked for again");
}

#[test]
fn redirects_are_followed_and_not_for_ever() {
    let files = files();
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/loop/index.yaml" => Answer::status(302).with("Location", "/loop/index.yaml"),
        "/plain/index.yaml" => Answer::status(301).with("Location", "http://charts.example.com/index.yaml"),
        path => match path.strip_prefix("/old") {
            Some(rest) => Answer::status(308).with("Location", format!("..{rest}")),
            None => files.answer(asked),
        },
    });
    let lock = |path: &str| Platform::new(&[("web", &format!("{}/{path}", server.url()), "web", "1.0.0")]);
    lock("old").expect(0, "lock");
    lock("loop").finds("lock", "SG1106", &["leads nowhere"]);
    lock("plain").finds("lock", "SG1106", &["plain http", "--plain-http"]);
}

#[test]
fn plain_http_stays_on_this_machine() {
    for repository in ["http://charts.example.com", "http://192.0.2.1/charts"] {
        let platform = Platform::new(&[("web", repository, "web", "1.0.0")]);
        platform.finds("lock", "SG1106", &["plain http", "`--plain-http` allows it"]);
    }
}

#[test]
fn an_index_may_come_packed() {
    let files = files();
    files.put("/index.yaml", gzip(&files.get("/index.yaml").unwrap()));
    let server = Server::start(move |asked| {
        let answer = files.answer(asked);
        if asked.path == "/index.yaml" {
            assert_eq!(asked.header("accept-encoding"), "gzip");
            return answer.with("Content-Encoding", "gzip");
        }
        assert_eq!(asked.header("accept-encoding"), "", "an archive is taken as it is");
        answer
    });
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.expect(0, "lock");
}

#[test]
fn archives_may_lie_on_another_host() {
    let files = files();
    let elsewhere = files.clone();
    let other = Server::start(move |asked| elsewhere.answer(asked));
    let index = String::from_utf8(files.get("/index.yaml").unwrap()).unwrap();
    files.put("/index.yaml", index.replace("- web-1.0.0.tgz", &format!("- {}/web-1.0.0.tgz", other.url())));
    let server = Server::start(move |asked| files.answer(asked));
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.expect(0, "lock");
    assert_eq!((server.paths(), other.paths()), (vec!["/index.yaml".to_owned()], vec!["/web-1.0.0.tgz".to_owned()]));
}

#[test]
fn proxies_are_used_but_for_this_machine() {
    let proxy = Server::start(|_| Answer::status(502));
    let mut platform = Platform::new(&[("web", "https://charts.example.com", "web", "1.0.0")]);
    platform.set("HTTPS_PROXY", proxy.url());
    platform.finds("lock --retries 0", "SG1106", &["charts.example.com"]);
    let asked = proxy.asked();
    assert_eq!((asked[0].method.as_str(), asked[0].path.as_str()), ("CONNECT", "charts.example.com:443"));
    let files = files();
    let server = Server::start(move |asked| files.answer(asked));
    let mut platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.set("http_proxy", proxy.url());
    platform.expect(0, "lock");
    assert_eq!(proxy.asked().len(), 1);
}

/// A server for `localhost` and 127.0.0.1 whose certificate an authority of our own has signed; and the authority's, as PEM.
fn private(files: Files) -> (Server, String) {
    let authority = Authority::new();
    (Server::start_tls(authority.server(&LOCAL, false), move |asked| files.answer(asked)), authority.pem())
}

#[test]
fn an_authority_of_our_own_is_trusted_where_it_is_named() {
    let (server, pem) = private(files());
    let url = format!("https://localhost:{}", server.port);
    let mut platform = Platform::new(&[("web", &url, "web", "1.0.0")]);
    platform.sandbox.write("ca.pem", &pem);
    let ca = platform.sandbox.path("ca.pem").display().to_string();
    platform.finds("lock", "SG1106", &["nobody who is trusted here has signed its certificate", "--ca-file"]);
    platform.expect(0, &format!("lock --ca-file {ca}"));
    platform.expect(0, &format!("lock --refresh --ca-file {ca}"));
    platform.finds("lock --refresh --ca-file nowhere.pem", "SG1106", &["cannot read `nowhere.pem`"]);
    platform.set("SSL_CERT_FILE", ca.clone());
    platform.expect(0, "lock --refresh");
    platform.environment.clear();
    platform.sandbox.write(
        "home/.config/helm/repositories.yaml",
        &format!("repositories:\n- name: mine\n  url: {url}/\n  caFile: {ca}\n"),
    );
    platform.expect(0, "lock --refresh");
    platform.sandbox.write(
        "home/.config/helm/repositories.yaml",
        &format!("repositories:\n- name: mine\n  url: {url}/\n  insecure_skip_tls_verify: true\n"),
    );
    platform.expect(0, "lock --refresh");
}

#[test]
fn a_certificate_is_for_its_name() {
    let (server, pem) = private(files());
    let url = format!("https://other.localhost:{}", server.port);
    let platform = Platform::new(&[("web", &url, "web", "1.0.0")]);
    platform.sandbox.write("ca.pem", &pem);
    let ca = platform.sandbox.path("ca.pem").display().to_string();
    let said = platform.run(&format!("lock --retries 0 --ca-file {ca}"));
    // Not every system knows that `*.localhost` is this machine.
    let told = said.stderr.contains("its certificate is for another name") || said.stderr.contains("host");
    assert!(said.code == 1 && told, "{}", said.stderr);
}
