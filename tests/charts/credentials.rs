//! Names and passwords: whose they are, who gets them, and that nobody sees them.

use std::os::unix::fs::PermissionsExt;

use crate::archive::{chart, sha256};
use crate::platform::{Files, Platform};
use crate::server::{Answer, Asked, Server};

const PASSWORD: &str = "hunter2";
/// `me:hunter2`
const BASIC: &str = "Basic bWU6aHVudGVyMg==";

fn files() -> Files {
    Files::index(&[("web", "1.0.0", chart("web", "1.0.0", ""))])
}

fn guarded(files: Files) -> Server {
    Server::start(move |asked| match asked.header("authorization") {
        BASIC => files.answer(asked),
        _ => Answer::status(401).with("WWW-Authenticate", "Basic realm=\"charts\""),
    })
}

fn helm_knows(platform: &Platform, url: &str, password: &str, more: &str) {
    platform.sandbox.write(
        "home/.config/helm/repositories.yaml",
        &format!("repositories:\n- name: mine\n  url: {url}\n  username: me\n  password: {password}\n{more}"),
    );
}

#[test]
fn helms_passwords_are_used_for_their_repository() {
    let server = guarded(files());
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.finds("lock", "SG1108", &["wants a name and a password", "helm repo add"]);
    helm_knows(&platform, &server.url(), "wrong", "");
    let said = platform.finds("lock", "SG1108", &["does not take the name and password"]);
    assert!(!said.stderr.contains("wrong"));
    helm_knows(&platform, &server.url(), PASSWORD, "");
    platform.expect(0, "lock");
    assert!(!platform.lock().contains(PASSWORD));
    let mut elsewhere = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    helm_knows(&elsewhere, &server.url(), PASSWORD, "");
    elsewhere.set("HELM_REPOSITORY_CONFIG", "nowhere.yaml");
    elsewhere.finds("lock", "SG1108", &[]);
    let moved = elsewhere.sandbox.path("home/.config/helm/repositories.yaml").display().to_string();
    elsewhere.environment.clear();
    elsewhere.set("HOME", "/nonexistent");
    elsewhere.set("HELM_REPOSITORY_CONFIG", moved);
    elsewhere.expect(0, "lock");
}

#[test]
fn other_hosts_get_no_password_unless_helm_says_so() {
    let files = files();
    let archives = files.clone();
    let other = Server::start(move |asked| archives.answer(asked));
    let index = String::from_utf8(files.get("/index.yaml").unwrap()).unwrap();
    files.put("/index.yaml", index.replace("- web-1.0.0.tgz", &format!("- {}/web-1.0.0.tgz", other.url())));
    let server = guarded(files);
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    helm_knows(&platform, &server.url(), PASSWORD, "");
    platform.expect(0, "lock");
    assert_eq!(other.asked()[0].header("authorization"), "");
    helm_knows(&platform, &server.url(), PASSWORD, "  pass_credentials_all: true\n");
    platform.expect(0, "lock --refresh");
    assert_eq!(other.asked()[1].header("authorization"), BASIC);
}

#[test]
fn a_redirect_takes_no_password_along() {
    let other = Server::start(|_| Answer::status(404));
    let target = format!("{}/index.yaml", other.url());
    let server = Server::start(move |_| Answer::status(302).with("Location", target.clone()));
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    helm_knows(&platform, &server.url(), PASSWORD, "");
    platform.finds("lock", "SG1107", &[]);
    assert_eq!(server.asked()[0].header("authorization"), BASIC);
    assert_eq!(other.asked()[0].header("authorization"), "");
}

/// A registry with the chart `web` at a path that hands out tokens to those who know the password.
pub(crate) fn registry_of(path: &str, scheme: &'static str) -> impl Fn(&Asked) -> Answer + Send + Sync + 'static {
    let archive = chart("web", "1.0.0+b", "");
    let digest = format!("sha256:{}", sha256(&archive));
    let config = br#"{"name":"web"}"#.to_vec();
    let manifest = format!(
        r#"{{"schemaVersion":2,"config":{{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:{}","size":1}},
        "layers":[{{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"{digest}","size":1}}]}}"#,
        sha256(&config)
    );
    let scope = format!("repository:{path}:pull");
    let root = format!("/v2/{path}");
    move |asked: &Asked| {
        let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        if asked.header("authorization") != "Bearer t0ken" && path != "/token" {
            let realm = format!("{scheme}://{}/token", asked.header("host"));
            let wanted = format!("Bearer realm=\"{realm}\",service=\"a b\",scope=\"{scope}\"");
            return Answer::status(401).with("WWW-Authenticate", wanted);
        }
        match path.strip_prefix(&root).unwrap_or(path) {
            "/token" if asked.method == "POST" => {
                let scope = scope.replace(':', "%3A").replace('/', "%2F");
                let expected = format!(
                    "grant_type=refresh_token&service=a%20b&client_id=stackgen&scope={scope}&refresh_token=r3fresh"
                );
                let same = asked.body.replace('+', "%20") == expected;
                if same { Answer::ok(r#"{"access_token":"t0ken"}"#) } else { Answer::status(400) }
            }
            "/token" => {
                let ours = query == format!("service=a%20b&scope={scope}");
                if ours && asked.header("authorization") == BASIC {
                    Answer::ok(r#"{"token":"t0ken"}"#)
                } else {
                    Answer::status(401)
                }
            }
            "/manifests/1.0.0_b" => {
                assert_eq!(asked.header("accept"), "application/vnd.oci.image.manifest.v1+json");
                Answer::ok(manifest.clone())
            }
            // Pages of one tag each.
            "/tags/list" if query.starts_with("n=") => Answer::ok(r#"{"tags":["1.0.0_b"]}"#)
                .with("Link", format!("<{root}/tags/list?last=1.0.0_b&n=1>; rel=\"next\"")),
            "/tags/list" => Answer::ok(r#"{"tags":["latest","1.2.0_c","sha256-abc.sig"]}"#),
            blob if blob == format!("/blobs/{digest}") => Answer::ok(archive.clone()),
            _ => Answer::status(404),
        }
    }
}

fn registry() -> Server {
    Server::start(registry_of("charts/web", "http"))
}

fn of_registry(server: &Server) -> Platform {
    Platform::new(&[("web", &format!("oci://127.0.0.1:{}/charts", server.port), "web", "1.0.0+b")])
}

#[test]
fn registries_get_tokens_for_dockers_logins() {
    let server = registry();
    let platform = of_registry(&server);
    let host = format!("127.0.0.1:{}", server.port);
    platform.finds("lock", "SG1108", &["wants a login for `charts/web`", "helm registry login"]);
    let login = |auth: &str| format!(r#"{{"auths":{{"{host}":{auth}}}}}"#);
    platform.sandbox.write("home/.docker/config.json", &login(r#"{"auth":"bWU6aHVudGVyMg=="}"#));
    platform.expect(0, "lock");
    assert!(
        platform.lock().contains("version: 1.0.0+b\n") && !platform.lock().contains("pinned"),
        "{}",
        platform.lock()
    );
    // Helm's own login goes before Docker's.
    platform.sandbox.write("home/.config/helm/registry/config.json", &login(r#"{"auth":"bWU6d3Jvbmc="}"#));
    let said = platform.finds("lock --refresh", "SG1108", &["does not take the login"]);
    assert!(!said.stderr.contains("hunter2") && !said.stderr.contains("bWU6"));
    platform.sandbox.write("home/.config/helm/registry/config.json", &login(r#"{"identitytoken":"r3fresh"}"#));
    platform.expect(0, "lock --refresh");
    let said = platform.expect(1, "outdated");
    assert!(said.stdout.contains("1.0.0+b") && said.stdout.contains("1.2.0+c"), "all pages are read: {}", said.stdout);
}

#[test]
fn a_helper_is_asked_for_the_login() {
    let server = registry();
    let mut platform = of_registry(&server);
    let script = "#!/bin/sh\nread -r host\n[ \"$1 $host\" = \"get $EXPECTED\" ] || { echo credentials not found; exit 1; }\n\
                  echo '{\"ServerURL\":\"x\",\"Username\":\"me\",\"Secret\":\"hunter2\"}'\n";
    platform.sandbox.write("bin/docker-credential-test", script);
    let helper = platform.sandbox.path("bin/docker-credential-test");
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", platform.sandbox.path("bin").display(), std::env::var("PATH").unwrap());
    platform.set("PATH", path);
    platform.set("EXPECTED", format!("127.0.0.1:{}", server.port));
    platform.set("DOCKER_CONFIG", platform.sandbox.path("elsewhere").display().to_string());
    platform.sandbox.write("elsewhere/config.json", r#"{"credsStore":"test"}"#);
    platform.expect(0, "lock");
    platform.sandbox.write("elsewhere/config.json", r#"{"credsStore":"absent"}"#);
    platform.finds("lock --refresh", "SG1108", &["docker-credential-absent` cannot be run"]);
    platform.sandbox.write("elsewhere/config.json", r#"{"auths": {"hunter2""#);
    let said = platform.expect(2, "lock --refresh");
    assert!(said.stderr.contains("it is no JSON") && !said.stderr.contains("hunter2"), "{}", said.stderr);
}
