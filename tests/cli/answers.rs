//! `explain` and `why`.

use crate::sandbox::Sandbox;

#[test]
fn explain_a_code() {
    let anywhere = Sandbox::empty();
    anywhere.run("explain SG0412").is("explain-code");
    anywhere.run("explain 0412 --format json").is("explain-code-json");
    anywhere.run("explain SG0413x").is("explain-unknown-code");
    anywhere.run("explain SG9999").is("explain-no-such-code");
}

#[test]
fn explain_values() {
    let platform = Sandbox::of("platform");
    for (name, arguments) in [
        ("environment", "prod"),
        ("environment-json", "prod --format json"),
        ("values", "west components.entry.values.resources.requests.memory"),
        ("expression", "prod components.door.values.clients"),
        ("published", "prod door.provides.sign-in.issuer"),
        ("replaced", "west components.shop.parameters.opening"),
        ("parameter", "envs/prod components.shop.parameters.motto"),
        ("resource", "prod components.shop.resources.ConfigMap/shop.data"),
        ("chart", "prod components.entry.chart.version"),
        ("cluster", "west cluster.nodes[1].address"),
        ("default", "dev gitops.path"),
        ("select", "dev select.entrance"),
        ("component", "prod components.entry"),
        ("no-parameters", "prod entry-crds"),
        ("json", "prod components.shop.parameters.host --format json"),
        ("component-json", "prod components.entry --format json"),
    ] {
        platform.run(&format!("explain {arguments}")).is(&format!("explain-{name}"));
    }
}

#[test]
fn explain_says_which_names_there_are() {
    let platform = Sandbox::of("platform");
    for (name, arguments) in [
        ("no-environment", "prd cluster.domain"),
        ("no-component", "prod components.shp.values"),
        ("no-part", "prod components.shop.value"),
        ("no-key", "prod components.shop.parameters.moto"),
        ("no-root", "prod clster.domain"),
    ] {
        platform.run(&format!("explain {arguments}")).is(&format!("explain-{name}"));
    }
}

#[test]
fn explain_answers_about_broken_environments_too() {
    let platform = Sandbox::of("platform");
    platform.edit("overlays/envs/prod.yaml", "ConfigMap/shop:", "ConfigMap/shp:");
    platform.run("explain prod components.shop.parameters.motto").is("explain-broken");
    platform.write("overlays/base.yaml", "a: b\n");
    platform.run("explain prod components.shop.parameters.motto").is("explain-too-broken");
}

#[test]
fn why_a_component_is_where_it_is() {
    let platform = Sandbox::of("platform");
    platform.run("why prod door").is("why");
    platform.run("why prod door --format json").is("why-json");
    platform.run("why prod shop").is("why-contributor");
    platform.run("why prod entry-crds").is("why-companion");
    platform.run("why prod namespaces").is("why-namespaces");
    platform.run("why prod dor").is("why-unknown");
}
