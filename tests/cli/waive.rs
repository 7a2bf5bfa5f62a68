//! Waivers that are good until a day.

use crate::sandbox::Sandbox;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::of("platform");
    sandbox.edit("overlays/base.yaml", "It is only a fixture. }", "It is only a fixture., until: \"2027-01-31\" }");
    sandbox
}

#[test]
fn a_waiver_is_good_to_the_end_of_its_last_day() {
    let sandbox = sandbox();
    assert_eq!(sandbox.run("check --today=2027-01-31").code, 0);
    sandbox.run("check dev --today=2027-02-01").is("check-waiver-ended");
    sandbox.run("check dev --today=tomorrow").is("check-today-none");
}

#[test]
fn a_build_knows_no_day() {
    let sandbox = sandbox();
    sandbox.edit("overlays/base.yaml", "2027-01-31", "1999-12-31");
    assert_eq!(sandbox.run("check").code, 0);
    assert_eq!(sandbox.run("build").code, 0);
    assert_eq!(sandbox.run("build --check").code, 0);
    assert_eq!(sandbox.run("check --today").code, 1, "by the clock it is over");
}

#[test]
fn the_day_of_the_environment_goes_before_the_clock() {
    let sandbox = sandbox();
    let of = |epoch: &str| {
        let mut command = sandbox.command("", &["check", "--today"]);
        let output = command.env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    // The last second of the last day, and the one after it.
    assert_eq!(of("1801439999").0, Some(0));
    assert_eq!(of("1801440000").0, Some(1));
    let (code, said) = of("soon");
    assert!(code == Some(2) && said.contains("SOURCE_DATE_EPOCH"), "{said}");
}
