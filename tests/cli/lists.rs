//! `list`, `schema` and `completions`.

use crate::sandbox::Sandbox;

#[test]
fn lists_of_a_repository() {
    let platform = Sandbox::of("platform");
    for what in ["environments", "architectures"] {
        let own = platform.run(&format!("list {what} --format json")).json();
        let own: Vec<_> = own[what].as_array().unwrap().iter().filter(|item| item["origin"] != "embedded").collect();
        crate::sandbox::expect(
            &(serde_json::to_string_pretty(&own).unwrap() + "\n"),
            &format!("tests/cli/list-{what}.json"),
        );
    }
    platform.run("list environments").is("list-environments");
    platform.run("list parameters shop").is("list-parameters");
    platform.run("list parameters shop --format markdown").is("list-parameters-markdown");
    platform.run("list parameters shp").is("list-parameters-unknown");
    platform.run("list parameters").is("list-parameters-of-what");
}

#[test]
fn components_of_the_repository_stand_beside_the_embedded_ones() {
    let platform = Sandbox::of("platform");
    let components = platform.run("list --format json").json();
    let origin = |name: &str| {
        let all = components["components"].as_array().unwrap();
        all.iter().find(|item| item["name"] == name).map(|item| item["origin"].as_str().unwrap().to_owned())
    };
    assert_eq!(origin("shop").as_deref(), Some("repository"));
    assert_eq!(origin("argo-cd").as_deref(), Some("embedded"));
    assert_eq!(components["version"], 1);
}

#[test]
fn the_embedded_catalogue_can_be_listed_anywhere() {
    let anywhere = Sandbox::empty();
    for what in ["components", "capabilities", "architectures", "checks", "codes"] {
        let said = anywhere.run(&format!("list {what}"));
        assert_eq!((said.code, said.stderr.as_str()), (0, ""), "{what}");
        assert!(said.stdout.lines().count() > 1, "{what}");
    }
    anywhere.run("list environments").is("list-no-repository");
}

#[test]
fn schemas_are_json_and_written_into_a_folder() {
    let anywhere = Sandbox::empty();
    let schema = anywhere.run("schema component").json();
    assert_eq!(schema["$ref"], "#/$defs/Component");
    anywhere.run("schema --all schemas").is("schema-all");
    assert_eq!(anywhere.read("schemas/component.schema.json"), anywhere.run("schema component").stdout);
    anywhere.run("schema").is("schema-of-what");
    anywhere.run("schema compnent").is("schema-unknown");
}

#[test]
fn completions_for_each_shell() {
    let anywhere = Sandbox::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = anywhere.run(&format!("completions {shell}"));
        assert_eq!((said.code, said.stderr.as_str()), (0, ""), "{shell}");
        assert!(said.stdout.contains("explain"), "{shell}");
    }
}
