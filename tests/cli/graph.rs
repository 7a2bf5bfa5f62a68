//! `graph`.

use crate::sandbox::{Sandbox, expect};

#[test]
fn pictures_in_each_format() {
    let platform = Sandbox::of("platform");
    platform.run("graph prod").is("graph-mermaid");
    platform.run("graph prod --format dot").is("graph-dot");
    let svg = platform.run("graph prod --format svg");
    assert_eq!((svg.code, svg.stderr.as_str()), (0, ""));
    expect(&svg.stdout, "tests/cli/graph.svg");
    platform.run("graph").is("graph-which");
}

#[test]
fn a_picture_is_well_formed_and_shows_every_component() {
    let svg = Sandbox::of("platform").run("graph prod --format svg").stdout;
    for title in ["Entry CRDs", "Entry", "Door", "Shop"] {
        assert!(svg.contains(title), "{title}");
    }
    for element in ["g", "svg", "text", "title", "style"] {
        let (opened, closed) = (format!("<{element}"), format!("</{element}>"));
        let ends = |rest: &str| rest.starts_with([' ', '>']);
        let open = svg.match_indices(&opened).filter(|(at, _)| ends(&svg[at + opened.len()..])).count();
        assert_eq!(open, svg.matches(&closed).count(), "{element}");
    }
}
