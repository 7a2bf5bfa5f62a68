//! `init` and `new`: what they write compiles at once.

use crate::sandbox::Sandbox;

#[test]
fn a_new_repository_compiles_at_once() {
    let folder = Sandbox::empty();
    folder.run("init platform").is("init");
    folder.run("init platform").is("init-again");
    let check = folder.run_in("platform", "check");
    assert_eq!(check.code, 0, "{}", check.stdout);
    assert_eq!(folder.run_in("platform", "build -q").code, 0);
    assert_eq!(folder.run_in("platform", "build --check -q").code, 0);
}

#[test]
fn init_takes_where_git_is_and_the_domain() {
    let folder = Sandbox::empty();
    assert_eq!(folder.run("init --repository git@git.example.org:p.git --domain k8s.example.org").code, 0);
    assert!(folder.read("overlays/base.yaml").contains("repository: git@git.example.org:p.git"));
    assert!(folder.read("overlays/envs/dev.yaml").contains("domain: k8s.example.org"));
    Sandbox::empty().run("init --domain a:{b}").is("init-bad-domain");
}

#[test]
fn a_new_component_compiles_at_once() {
    let platform = Sandbox::of("platform");
    platform.run("new component guest-book").is("new-component");
    platform.run("new component guest-book").is("new-component-again");
    platform.run("new component Guest_Book").is("new-component-name");
    platform.edit("overlays/envs/dev.yaml", "cluster:", "components: { guest-book: { enabled: true } }\ncluster:");
    let build = platform.run("build dev");
    assert_eq!(build.code, 0, "{}", build.stderr);
    let object = platform.read("out/envs/dev/components/guest-book/resources/configmap-guest-book.yaml");
    assert!(object.contains("message: Hello from dev"), "{object}");
}

#[test]
fn a_new_environment_is_like_another() {
    let platform = Sandbox::of("platform");
    platform.run("new environment test").is("new-environment-like-which");
    platform.run("new environment test --like prod").is("new-environment");
    crate::sandbox::expect(&platform.read("overlays/envs/test.yaml"), "tests/cli/new-environment.yaml");
    platform.run("new environment north --like west -q");
    assert!(platform.read("overlays/envs/eu/north/environment.yaml").contains("north.example.com"));
    assert!(platform.path("overlays/envs/eu/north/shop.yaml").exists());
    platform.run("new environment test --like prod").is("new-environment-again");
    let check = platform.run("check");
    assert_eq!(check.code, 0, "{}", check.stdout);
}
