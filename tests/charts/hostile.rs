//! Archives that do harm, by way of a repository that lists them with their right digest.

use crate::archive::{Entry, bomb, chart, chart_files, file, gzip, packed, special, tar};
use crate::platform::{Files, Platform};
use crate::server::Server;

/// Locks a chart `web` that is this archive.
fn lock(archive: Vec<u8>) -> (Platform, Server) {
    let files = Files::index(&[("web", "1.0.0", archive)]);
    let server = Server::start(move |asked| files.answer(asked));
    (Platform::new(&[("web", &server.url(), "web", "1.0.0")]), server)
}

fn refused(archive: Vec<u8>, why: &str) {
    let (platform, _server) = lock(archive);
    platform.finds("lock", "SG1105", &["the archive of web 1.0.0 is refused", why]);
    assert!(!platform.sandbox.path("blueprints/charts.lock").exists());
    assert!(!platform.sandbox.path("cache/charts").exists(), "what is refused is not kept");
}

fn with(entry: Entry) -> Vec<u8> {
    let mut entries = chart_files("web", "1.0.0", "");
    entries.push(entry);
    packed(&entries)
}

#[test]
fn paths_that_lead_out() {
    refused(with(file("web/../../etc/passwd", "x")), "leads out of the chart");
    refused(with(file("../evil", "x")), "leads out of the chart");
    refused(with(file("web\\..\\..\\evil", "x")), "leads out of the chart");
    refused(with(file("/etc/passwd", "x")), "is an absolute path");
    refused(with(file("C:/windows/evil", "x")), "is an absolute path");
    refused(with(special("web/../../x/", b'5', "")), "leads out of the chart");
}

#[test]
fn names_in_headers_before_a_file_count_too() {
    let mut entries = chart_files("web", "1.0.0", "");
    entries.push(Entry { kind: b'L', ..file("././@LongLink", "web/../../evil\0") });
    entries.push(file("web/harmless", "x"));
    refused(packed(&entries), "leads out of the chart");
    let mut entries = chart_files("web", "1.0.0", "");
    entries.push(Entry { kind: b'x', ..file("pax", "23 path=web/../../evil\n") });
    entries.push(file("web/harmless", "x"));
    refused(packed(&entries), "leads out of the chart");
    let mut entries = chart_files("web", "1.0.0", "");
    entries.insert(0, Entry { kind: b'g', ..file("pax", "13 path=/etc\n") });
    refused(packed(&entries), "a header for all files gives a path");
}

#[test]
fn links_devices_and_pipes() {
    refused(with(special("web/values.yaml", b'2', "/etc/passwd")), "`web/values.yaml` is a link");
    refused(with(special("web/hard", b'1', "web/values.yaml")), "`web/hard` is a link");
    refused(with(special("web/tty", b'3', "")), "`web/tty` is a device");
    refused(with(special("web/disk", b'4', "")), "`web/disk` is a device");
    refused(with(special("web/pipe", b'6', "")), "`web/pipe` is a pipe");
    refused(with(special("web/what", b'S', "")), "charts have no use for");
}

#[test]
fn bombs() {
    let bomb = bomb(120 << 20);
    assert!(bomb.len() < 1 << 20);
    refused(bomb.clone(), "more than 100 MiB");
    let mut entries = chart_files("web", "1.0.0", "");
    entries.push(file("web/charts/inner-1.0.0.tgz", bomb));
    refused(packed(&entries), "`web/charts/inner-1.0.0.tgz` in it");
    let mut nested = chart("inner", "1.0.0", "");
    for _ in 0..10 {
        nested = packed(&[
            file("inner/Chart.yaml", "apiVersion: v2\nname: inner\nversion: 1.0.0\n"),
            file("inner/charts/inner.tgz", nested),
        ]);
    }
    let mut entries = chart_files("web", "1.0.0", "");
    entries.push(file("web/charts/inner.tgz", nested));
    refused(packed(&entries), "nest too deep");
}

#[test]
fn what_is_broken_or_something_else() {
    refused(b"<html>Sign in</html>".to_vec(), "it is no gzip archive");
    refused(gzip(b"not a tar archive"), "there is no file in it");
    refused(gzip(&tar(&chart_files("web", "1.0.0", ""))[..600]), "in the middle of a file");
    let mut broken = tar(&chart_files("web", "1.0.0", ""));
    broken[3] = b'X';
    refused(gzip(&broken), "the checksum of a header is wrong");
    refused(chart("other", "1.0.0", ""), "it is other 1.0.0");
    refused(chart("web", "2.0.0", ""), "it is web 2.0.0");
    refused(packed(&[file("web/values.yaml", "a: 1\n")]), "Chart.yaml");
    let twice = [chart_files("web", "1.0.0", ""), vec![file("web/values.yaml", "evil: true\n")]].concat();
    refused(packed(&twice), "`web/values.yaml` stands in it twice");
}

#[test]
fn an_answer_without_end_is_cut() {
    let files = Files::default();
    files.put("/index.yaml", "entries:\n  web:\n  - version: 1.0.0\n    urls: [web.tgz]\n");
    files.put("/web.tgz", vec![0; 101 << 20]);
    let served = files.clone();
    let server = Server::start(move |asked| served.answer(asked));
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.finds("lock", "SG1105", &["larger than 100 MiB"]);
}

#[test]
fn an_index_that_does_not_fit_its_archive_is_refused() {
    let files = Files::index(&[("web", "1.0.0", chart("web", "1.0.0", ""))]);
    files.put("/web-1.0.0.tgz", chart("web", "1.0.0", "description: another\n"));
    let served = files.clone();
    let server = Server::start(move |asked| served.answer(asked));
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.finds("lock", "SG1105", &["is not what the index of"]);
}

#[test]
fn whatever_comes_is_refused_or_taken_and_never_a_panic() {
    let mut entries = chart_files("web", "1.0.0", "");
    entries.push(Entry { kind: b'x', ..file("pax", "22 path=web/other.txt\n") });
    entries.push(file("web/charts/inner-1.0.0.tgz", chart("inner", "1.0.0", "")));
    let (whole, plain) = (packed(&entries), tar(&entries));
    // Numbers that look random and are the same on every machine.
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for round in 0..600 {
        let mut bytes = if round % 2 == 0 { whole.clone() } else { plain.clone() };
        for _ in 0..=next(4) {
            let at = next(bytes.len());
            bytes[at] = u8::try_from(next(256)).unwrap();
        }
        bytes.truncate(bytes.len() - next(3) * next(bytes.len() / 3));
        let bytes = if round % 2 == 0 { bytes } else { gzip(&bytes) };
        let _ = stackgen::chart::inspect(&bytes);
        let _ = stackgen::helm::Chart::from_archive(&bytes);
    }
}
