//! Charts that the build renders: what lies in git, what is missing, and what an upgrade changes.

use std::fmt::Write as _;

use crate::sandbox::{Sandbox, expect};

/// All files below a folder of the sandbox, with their texts.
fn texts(sandbox: &Sandbox, folder: &str) -> String {
    let root = sandbox.path(folder);
    let mut files: Vec<_> = walkdir::WalkDir::new(&root)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let mut all = String::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let _ = write!(all, "=== {name}\n{}", std::fs::read_to_string(&file).unwrap());
    }
    all
}

#[test]
fn the_objects_of_a_chart_lie_in_git() {
    let sandbox = Sandbox::of("rendered");
    let said = sandbox.run("build");
    assert_eq!((said.code, said.stderr.lines().count()), (0, 1), "{}", said.stderr);
    let out = "out/envs/live";
    expect(&texts(&sandbox, &format!("{out}/components/app")), "tests/cli/rendered-manifests.txt");
    let told = ["apps/app.yaml", "apps/project-data.yaml", "apps/project-network.yaml", "bootstrap/02-app.sh"];
    let told = told.map(|file| format!("=== {file}\n{}", sandbox.read(&format!("{out}/{file}"))));
    expect(&told.concat(), "tests/cli/rendered-argocd.txt");
    assert!(!sandbox.path(&format!("{out}/components/app/values.yaml")).exists());
}

#[test]
fn a_second_build_changes_nothing() {
    let sandbox = Sandbox::of("rendered");
    sandbox.run("build");
    let first = texts(&sandbox, "out");
    sandbox.run("build");
    assert_eq!(first, texts(&sandbox, "out"));
    assert_eq!(sandbox.run("build --check").code, 0);
}

#[test]
fn a_change_of_a_charts_folder_is_seen() {
    let sandbox = Sandbox::of("rendered");
    std::fs::rename(sandbox.path("charts/app-1.0.0"), sandbox.path("charts/app")).unwrap();
    sandbox.write("charts/app/.helmignore", "*.swp\nnotes/\n");
    for folders in ["", " --charts charts"] {
        assert_eq!(sandbox.run(&format!("build{folders}")).code, 0);
        // Neither an editor's files nor the folder's name are the chart.
        sandbox.write("charts/app/templates/app.yaml.swp", "x");
        sandbox.write("charts/app/notes/today", "x");
        std::fs::rename(sandbox.path("charts/app"), sandbox.path("charts/app-1.0.0")).unwrap();
        assert_eq!(sandbox.run(&format!("build --check{folders}")).code, 0);
        std::fs::rename(sandbox.path("charts/app-1.0.0"), sandbox.path("charts/app")).unwrap();
        // A file that no template reads yet.
        sandbox.write(&format!("charts/app/README{folders}.md"), "new");
        let said = sandbox.run(&format!("build --check{folders}"));
        assert_eq!(said.code, 1);
        assert!(said.stdout.contains("stackgen.sum") && !said.stdout.contains("manifests"), "{}", said.stdout);
    }
}

#[test]
fn a_component_may_differ_from_its_environment() {
    let sandbox = Sandbox::of("rendered");
    sandbox.edit("overlays/envs/live.yaml", "  app:\n", "  plain: { chart: { delivery: helm } }\n  app:\n");
    assert_eq!(sandbox.run("build").code, 0);
    let application = sandbox.read("out/envs/live/apps/plain.yaml");
    assert!(application.contains("chart: plain"), "{application}");
    assert!(sandbox.path("out/envs/live/components/plain/values.yaml").exists());
}

/// A `kubectl` that writes down what it is asked, and names what it makes.
const KUBECTL: &str = "#!/bin/sh\necho \"$*\" >>asked\ncase $1 in create) echo job.batch/app-once-x7k2p;; esac\n";

#[test]
#[cfg(unix)]
fn a_hook_whose_name_is_made_runs_once_a_run() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::of("rendered");
    let hook = |kind: &str, event: &str| {
        format!(
            "---\napiVersion: batch/v1\nkind: {kind}\nmetadata:\n  generateName: app-once-\n  annotations: {{ helm.sh/hook: {event} }}\n"
        )
    };
    let text = [hook("Job", "pre-install"), hook("Pod", "post-install"), hook("ConfigMap", "pre-install")];
    sandbox.write("charts/app-1.0.0/templates/once.yaml", &text.concat());
    assert_eq!(sandbox.run("build").code, 0);
    let step = "out/envs/live/bootstrap/02-app.sh";
    let lines: Vec<String> = sandbox.read(step).lines().map(str::to_owned).collect();
    let at = lines.iter().position(|line| line.starts_with("made=")).unwrap();
    let folder = "components/app/manifests/hooks";
    assert_eq!(
        lines[at..at + 3],
        [
            &format!("made=$(kubectl create --output name --filename {folder}/job-app-once-.yaml)"),
            "kubectl wait --for=condition=Complete --timeout=10m --namespace app \"$made\"",
            "kubectl delete --namespace app \"$made\"",
        ]
    );
    sandbox.write("bin/kubectl", KUBECTL);
    std::fs::set_permissions(sandbox.path("bin/kubectl"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", sandbox.path("bin").display(), std::env::var("PATH").unwrap());
    let run = std::process::Command::new("sh").arg(sandbox.path(step)).env("PATH", path).status().unwrap();
    assert!(run.success());
    let asked = sandbox.read("out/envs/live/asked");
    let made: Vec<&str> = asked.lines().filter(|line| line.contains("once")).collect();
    assert_eq!(
        made,
        [
            &*format!("create --output name --filename {folder}/job-app-once-.yaml"),
            "wait --for=condition=Complete --timeout=10m --namespace app job.batch/app-once-x7k2p",
            "delete --namespace app job.batch/app-once-x7k2p",
            &*format!("create --output name --filename {folder}/pod-app-once-.yaml"),
            "wait --for=jsonpath={.status.phase}=Succeeded --timeout=10m --namespace app job.batch/app-once-x7k2p",
            "delete --namespace app job.batch/app-once-x7k2p",
        ]
    );
}

#[test]
fn a_chart_that_is_missing_says_where_to_put_it() {
    let sandbox = Sandbox::of("rendered");
    std::fs::remove_dir_all(sandbox.path("charts")).unwrap();
    let said = sandbox.run("build");
    assert_eq!(said.code, 1);
    expect(&said.stderr, "tests/cli/rendered-missing.txt");
    assert!(!sandbox.path("out").join("envs").exists());
}

#[test]
fn charts_may_lie_elsewhere() {
    let sandbox = Sandbox::of("rendered");
    std::fs::rename(sandbox.path("charts"), sandbox.path("elsewhere")).unwrap();
    assert_eq!(sandbox.run("build --charts elsewhere").code, 0);
    std::fs::rename(sandbox.path("elsewhere/app-1.0.0"), sandbox.path("elsewhere/app")).unwrap();
    assert_eq!(sandbox.run("build --check --charts elsewhere").code, 0);
    sandbox.edit("elsewhere/app/Chart.yaml", "1.0.0", "1.0.1");
    let said = sandbox.run("build --charts elsewhere");
    assert!(said.stderr.contains("`elsewhere/app` is app 1.0.1"), "{}", said.stderr);
}

#[test]
fn a_chart_that_fails_names_the_value() {
    let sandbox = Sandbox::of("rendered");
    sandbox.edit("overlays/envs/live.yaml", "      replicas: 2\n", "      replicas: 2\n      host: \"\"\n");
    let said = sandbox.run("build");
    assert_eq!(said.code, 1);
    expect(&said.stderr, "tests/cli/rendered-fails.txt");
}

#[test]
fn what_a_chart_draws_is_found() {
    let sandbox = Sandbox::of("rendered");
    sandbox.edit("overlays/envs/live.yaml", "      auth: { existingSecret: app-auth }\n", "");
    let said = sandbox.run("check");
    expect(&said.stdout, "tests/cli/rendered-random.txt");
}

#[test]
fn an_upgrade_shows_what_it_changes() {
    let sandbox = Sandbox::of("rendered");
    sandbox.run("build");
    sandbox.edit("overlays/envs/live.yaml", "  app:\n", "  app:\n    chart: { version: 1.1.0 }\n");
    let said = sandbox.run("diff");
    assert_eq!(said.code, 1);
    expect(&said.stdout, "tests/cli/rendered-upgrade.txt");
}

#[test]
fn a_component_is_printed_as_helm_prints_it() {
    let sandbox = Sandbox::of("rendered");
    let said = sandbox.run("render app live --set replicas=3 --show-only templates/app.yaml");
    expect(&said.stdout, "tests/cli/rendered-print.txt");
    let whole = sandbox.run("render app live --set replicas=3").stdout;
    assert!(whole.contains("kind: CustomResourceDefinition") && whole.contains("name: app-test"), "{whole}");
    let own = sandbox.run("render some ./charts/plain-2.0.0 --kube-version 1.33");
    assert!(own.stdout.contains("kube: \"v1.33\""), "{}{}", own.stdout, own.stderr);
    let unknown = sandbox.run("render ap live");
    assert_eq!((unknown.code, unknown.stderr.contains("did you mean `app`?")), (2, true), "{}", unknown.stderr);
}
