//! Docker Hub, which goes by other names than it answers at. It is played by a server on this machine that a proxy leads to.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::authority::Authority;
use crate::credentials::registry_of;
use crate::helm::Helm;
use crate::platform::Platform;
use crate::server::Server;

/// A proxy that leads everywhere to one port; and whom it was asked for.
fn proxy(port: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let own = listener.local_addr().unwrap().port();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = asked.clone();
    thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            let log = log.clone();
            // Who hangs up early has got what they came for.
            thread::spawn(move || drop(connect(stream, port, &log)));
        }
    });
    (own, asked)
}

fn connect(mut client: TcpStream, port: u16, log: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    log.lock().unwrap().push(line.split_whitespace().nth(1).unwrap_or_default().to_owned());
    while reader.read_line(&mut line)? > 2 {}
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let (mut from, mut to) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut from, &mut to));
    io::copy(&mut reader, &mut &server)?;
    server.shutdown(std::net::Shutdown::Write)
}

struct Hub {
    server: Server,
    asked: Arc<Mutex<Vec<String>>>,
    environment: Vec<(&'static str, String)>,
}

/// Docker Hub with one chart, and what leads a program there.
fn hub(platform: &Platform, path: &str) -> Hub {
    let authority = Authority::new();
    let names = ["registry-1.docker.io", "index.docker.io", "docker.io"];
    let server = Server::start_tls(authority.server(&names, false), registry_of(path, "https"));
    let (port, asked) = proxy(server.port);
    platform.sandbox.write("ca.pem", &authority.pem());
    let ca = platform.sandbox.path("ca.pem").display().to_string();
    Hub { server, asked, environment: vec![("SSL_CERT_FILE", ca), ("HTTPS_PROXY", format!("http://127.0.0.1:{port}"))] }
}

#[test]
fn docker_hub_is_asked_where_it_answers_and_with_its_own_login() {
    for (host, key) in [
        ("docker.io", "https://index.docker.io/v1/"),
        ("docker.io", "registry-1.docker.io"),
        ("registry-1.docker.io", "https://index.docker.io/v1/"),
    ] {
        let mut platform = Platform::new(&[("web", &format!("oci://{host}/someone"), "web", "1.0.0+b")]);
        let hub = hub(&platform, "someone/web");
        for (name, value) in &hub.environment {
            platform.set(name, value.clone());
        }
        platform.finds("lock", "SG1108", &["wants a login for `someone/web`", "docker login"]);
        let login = format!(r#"{{"auths":{{"{key}":{{"auth":"bWU6aHVudGVyMg=="}}}}}}"#);
        platform.sandbox.write("home/.docker/config.json", &login);
        platform.expect(0, "lock");
        assert!(hub.asked.lock().unwrap().iter().all(|asked| asked == "registry-1.docker.io:443"));
    }
}

#[test]
fn a_single_name_at_docker_hub_is_as_for_the_real_helm() {
    let Some(helm) = Helm::find() else { return };
    let mut platform = Platform::new(&[("web", "oci://docker.io", "web", "1.0.0+b")]);
    let hub = hub(&platform, "web");
    for (name, value) in &hub.environment {
        platform.set(name, value.clone());
    }
    let login = r#"{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6aHVudGVyMg=="}}}"#;
    platform.sandbox.write("home/.docker/config.json", login);
    platform.expect(0, "lock");
    let here = manifests(&hub);
    helm.sandbox.write("config/registry/config.json", login);
    helm.run_with(&hub.environment, "pull oci://docker.io/web --version 1.0.0+b");
    let there: Vec<String> = manifests(&hub).split_off(here.len());
    // Other than Docker, Helm puts no `library/` before a single name.
    assert_eq!(here.last().unwrap(), "/v2/web/manifests/1.0.0_b");
    assert_eq!(here.last(), there.first());
    assert!(hub.asked.lock().unwrap().iter().all(|asked| asked == "registry-1.docker.io:443"));
}

fn manifests(hub: &Hub) -> Vec<String> {
    hub.server.paths().into_iter().filter(|path| path.contains("/manifests/1")).collect()
}
