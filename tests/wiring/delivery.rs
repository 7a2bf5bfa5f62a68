//! Delivery: the registry's accounts and proxies, pipelines, sign-in of CI systems, and who may read which secret.

use std::fs;
use std::path::{Path, PathBuf};

use stackgen::yaml::Node;

use crate::output::{Output, items, outputs, store_path, text, texts};

/// What Harbor's job is told to make: names with their settings, from one of its ConfigMaps.
fn wanted(output: &Output, of: &str) -> Vec<(String, String)> {
    let name = format!("harbor-setup-{of}");
    let maps = output.objects("ConfigMap");
    let map = maps.iter().find(|map| text(map, &["metadata", "name"]) == Some(&name)).expect("the ConfigMap");
    let data = map.at(&["data"]).and_then(Node::as_map).expect("data");
    data.iter().map(|(key, value)| (key.text.to_string(), value.as_str().expect("text").to_owned())).collect()
}

fn registry(output: &Output) -> String {
    let harbor = output.values("harbor").expect("values");
    text(&harbor, &["externalURL"]).expect("its address").trim_start_matches("https://").to_owned()
}

/// All files below `pipelines/`, with their text.
fn pipelines(output: &Output) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push((path.clone(), fs::read_to_string(&path).expect("text")));
            }
        }
    }
    let mut found = Vec::new();
    walk(&output.folder.with_file_name("pipelines"), &mut found);
    found
}

#[test]
fn a_robot_account_has_one_secret_at_the_registry_and_at_those_who_use_it() {
    let mut seen = 0;
    for output in outputs() {
        for (name, settings) in wanted(&output, "robots") {
            // Where the job reads it, and where it comes from.
            let at_harbor = store_path(&output, "harbor", &format!("harbor-robot-{name}"), "password");
            let at_harbor =
                at_harbor.unwrap_or_else(|| unreachable!("{}: nobody makes the secret of {name}", output.name));
            let (namespace, secret) = match name.as_str() {
                "github-actions" => ("arc-runners", "registry-robot"),
                "gitlab" => ("gitlab-runner", "registry-robot"),
                "jenkins" => ("jenkins", "jenkins-registry"),
                // One that no component asked for.
                _ => continue,
            };
            assert_eq!(Some(at_harbor), store_path(&output, namespace, secret, "password"), "{}: {name}", output.name);
            // It may push where pipelines push.
            let projects = wanted(&output, "projects");
            let (access, project) = settings.lines().next().and_then(|line| line.split_once(' ')).expect("two words");
            assert_eq!(access, "push", "{}: {name}", output.name);
            assert!(projects.iter().any(|(known, _)| known == project), "{}: {project}", output.name);
            let said = pipelines(&output);
            let host = registry(&output);
            assert!(
                said.iter().any(|(_, text)| text.contains(&format!("{host}/{project}"))
                    || text.contains(&host) && text.contains(&format!("PROJECT = '{project}'"))),
                "{}: no pipeline pushes to {host}/{project}",
                output.name
            );
            seen += 1;
        }
    }
    assert!(seen >= 3);
}

#[test]
fn pipelines_sign_in_at_the_registry_and_build_through_its_proxies() {
    let mut seen = 0;
    for output in outputs() {
        let host = registry(&output);
        let mirrors = wanted(&output, "mirrors");
        let robots = wanted(&output, "robots");
        // Pipelines in files, and what agents have besides.
        let mut said: Vec<String> = pipelines(&output).into_iter().map(|(_, text)| text).collect();
        for map in output.objects("ConfigMap") {
            if text(&map, &["metadata", "name"]) == Some("buildkit-mirrors") {
                texts(&map, &mut said);
            }
        }
        if said.is_empty() {
            continue;
        }
        let said = said.join("\n");
        for line in said.lines().filter(|line| line.trim_start().starts_with("mirrors = [")) {
            let project = line.split_once(&format!("\"{host}/")).and_then(|(_, rest)| rest.split('"').next());
            assert!(
                project.is_some_and(|project| mirrors.iter().any(|(known, _)| known == project)),
                "{}: {line}",
                output.name
            );
        }
        for (project, settings) in &mirrors {
            assert!(said.contains(&format!("{host}/{project}")), "{}: nobody pulls through {project}", output.name);
            let upstream = project.trim_start_matches("proxy-");
            assert!(
                settings.contains(upstream) || upstream == "docker.io" && settings.contains("hub.docker.com"),
                "{}: {project} proxies {settings}",
                output.name
            );
            assert!(said.contains(&format!("[registry.\"{upstream}\"]")), "{}: {upstream}", output.name);
        }
        let users = robots.iter().filter(|(name, _)| {
            said.contains(&format!("robot${name}"))
                || output.values("jenkins").is_some_and(|values| {
                    let mut all = Vec::new();
                    texts(&values, &mut all);
                    all.iter().any(|text| text.contains(&format!("robot${name}")))
                })
        });
        assert!(users.count() > 0, "{}: no pipeline signs in", output.name);
        seen += 1;
    }
    assert!(seen >= 3);
}

#[test]
fn runners_belong_to_the_controller_that_starts_them() {
    let mut seen = 0;
    for output in outputs() {
        let (Some(set), Some(controller)) =
            (output.values("github-actions"), output.values("github-actions-controller"))
        else {
            continue;
        };
        assert_eq!(
            text(&set, &["controllerServiceAccount", "name"]),
            text(&controller, &["serviceAccount", "name"]),
            "{}",
            output.name
        );
        let version = |name: &str| {
            let file = output.folder.with_file_name("apps").join(format!("{name}.yaml"));
            let app = crate::output::read(&file).expect("the Application");
            let source = &items(&app, &["spec", "sources"])[0];
            let namespace = text(&app, &["spec", "destination", "namespace"]).expect("a namespace").to_owned();
            (text(source, &["targetRevision"]).expect("a version").to_owned(), namespace)
        };
        let (ours, namespace) = version("github-actions-controller");
        assert_eq!(version("github-actions").0, ours, "{}", output.name);
        assert_eq!(text(&set, &["controllerServiceAccount", "namespace"]), Some(&*namespace), "{}", output.name);
        // Workflows ask for the runners by the name that these have.
        let name = text(&set, &["runnerScaleSetName"]).expect("a name");
        for (path, text) in pipelines(&output) {
            for line in text.lines().filter(|line| line.contains("runs-on:")) {
                assert!(line.contains(&format!("\"{name}\"")), "{}: {line}", path.display());
            }
        }
        let secret = text(&set, &["githubConfigSecret"]).expect("a secret");
        for key in ["github_app_id", "github_app_installation_id", "github_app_private_key"] {
            assert!(store_path(&output, "arc-runners", secret, key).is_some(), "{}: {key}", output.name);
        }
        seen += 1;
    }
    assert!(seen >= 3);
}

/// Where an environment has them.
#[test]
fn ci_systems_sign_people_in_by_the_client_that_the_realm_has() {
    for output in outputs() {
        let realm = output.objects("KeycloakRealmImport").pop().expect("a realm");
        let clients = items(&realm, &["spec", "realm", "clients"]);
        let client = |id: &str| clients.iter().find(|client| text(client, &["clientId"]) == Some(id));
        let redirect = |id: &str| {
            client(id).and_then(|client| items(client, &["redirectUris"])[0].as_str()).expect("a redirect").to_owned()
        };
        if let Some(jenkins) = output.values("jenkins") {
            let host = text(&jenkins, &["controller", "jenkinsUrl"]).expect("its address");
            assert_eq!(redirect("jenkins"), format!("{host}/securityRealm/finishLogin"), "{}", output.name);
            let said = text(&jenkins, &["controller", "JCasC", "securityRealm"]).expect("who signs in");
            assert!(said.contains("clientId: jenkins"), "{}", output.name);
            assert_eq!(
                store_path(&output, "jenkins", "jenkins-oidc", "client-secret"),
                store_path(&output, "keycloak", "oidc-jenkins", "client-secret"),
                "{}",
                output.name
            );
        }
        if let Some(gitlab) = output.values("gitlab") {
            let host = text(&gitlab, &["global", "hosts", "gitlab", "name"]).expect("its host");
            let callback = format!("https://{host}/users/auth/openid_connect/callback");
            assert_eq!(redirect("gitlab"), callback, "{}", output.name);
            let file = output.folder.with_file_name("bootstrap").join("gitlab/openid-connect.yaml");
            let provider = crate::output::read(&file).expect("the provider");
            let options = &["args", "client_options"];
            assert_eq!(text(&provider, &[options[0], options[1], "identifier"]), Some("gitlab"));
            assert_eq!(text(&provider, &[options[0], options[1], "redirect_uri"]), Some(&*callback));
            let providers = items(&gitlab, &["global", "appConfig", "omniauth", "providers"]);
            let (secret, key) = (text(&providers[0], &["secret"]), text(&providers[0], &["key"]));
            let path = store_path(&output, "gitlab", secret.expect("a secret"), key.expect("a key")).expect("a path").0;
            let at_realm = store_path(&output, "keycloak", "oidc-gitlab", "client-secret").expect("a path").0;
            assert_eq!(path, at_realm, "{}: the two halves lie apart", output.name);
        }
    }
}

#[test]
fn whoever_puts_secrets_into_the_cluster_may_read_them_all_and_nothing_else() {
    for output in outputs() {
        let script = fs::read_to_string(output.folder.with_file_name("bootstrap").join("vault/2-configure.sh"));
        let script = script.expect("the step that configures Vault");
        let readable: Vec<&str> = script.lines().filter_map(|line| line.strip_prefix("path \"")).collect();
        let (external, vault) = (output.objects("ExternalSecret"), output.objects("VaultStaticSecret"));
        assert!(external.is_empty() != vault.is_empty(), "{}: one of the two puts secrets there", output.name);
        let mut paths: Vec<String> = Vec::new();
        for object in &external {
            paths.extend(
                items(object, &["spec", "data"])
                    .iter()
                    .filter_map(|d| text(d, &["remoteRef", "key"]))
                    .map(str::to_owned),
            );
        }
        for object in &vault {
            paths.extend(text(object, &["spec", "path"]).map(str::to_owned));
            // It signs in by what its namespace has.
            let namespace = text(object, &["metadata", "namespace"]).expect("a namespace");
            let auths = output.objects("VaultAuth");
            let auth = auths.iter().find(|auth| text(auth, &["metadata", "namespace"]) == Some(namespace));
            let auth = auth.unwrap_or_else(|| unreachable!("{}: no VaultAuth in {namespace}", output.name));
            let role = text(auth, &["spec", "kubernetes", "role"]).expect("a role");
            let account = text(auth, &["spec", "kubernetes", "serviceAccount"]).expect("an account");
            assert!(
                script.contains(&format!("auth/kubernetes/role/{role} \\\n  bound_service_account_names={account} bound_service_account_namespaces={namespace} ")),
                "{}: Vault does not know {role}",
                output.name
            );
            let accounts = output.objects("ServiceAccount");
            assert!(accounts.iter().any(|a| text(a, &["metadata", "name"]) == Some(account)
                && text(a, &["metadata", "namespace"]) == Some(namespace)));
        }
        for path in &paths {
            assert!(
                readable.iter().any(|allowed| allowed.contains(&format!("/data/{path}\""))),
                "{}: nobody may read {path}",
                output.name
            );
        }
        for store in output.objects("ClusterSecretStore") {
            let role = text(&store, &["spec", "provider", "vault", "auth", "kubernetes", "role"]).expect("a role");
            assert!(script.contains(&format!("auth/kubernetes/role/{role} ")), "{}: {role}", output.name);
        }
    }
}

#[test]
fn clients_that_come_after_the_import_are_those_of_the_import() {
    let mut seen = 0;
    for output in outputs() {
        let realm = output.objects("KeycloakRealmImport").pop().expect("a realm");
        let maps = output.objects("ConfigMap");
        let map = maps.iter().find(|map| text(map, &["metadata", "name"]) == Some("keycloak-setup-clients"));
        let data = map.and_then(|map| map.at(&["data"])).and_then(Node::as_map).expect("what the job makes");
        let jobs = output.objects("CronJob");
        let job = jobs.iter().find(|job| text(job, &["metadata", "name"]) == Some("keycloak-setup")).expect("the job");
        let mut mounted = Vec::new();
        texts(job, &mut mounted);
        let mut clients = 0;
        for client in items(&realm, &["spec", "realm", "clients"]) {
            let id = text(client, &["clientId"]).expect("an id");
            if id == "platform-setup" {
                // It signs in by the secret that the import gave it.
                let placeholder = text(client, &["secret"]).expect("a secret").trim_matches(['$', '{', '}']);
                let secret = realm.at(&["spec", "placeholders", placeholder, "secret"]).expect("the placeholder");
                assert!(mounted.iter().any(|said| Some(said.as_str()) == text(secret, &["name"])), "{}", output.name);
                continue;
            }
            let (_, made) = data.iter().find(|(key, _)| &*key.text == id).expect("the client");
            let made = made.as_str().expect("JSON");
            for uri in items(client, &["redirectUris"]).iter().filter_map(Node::as_str) {
                assert!(made.contains(&format!("\"{uri}\"")), "{}: {id} lacks {uri}", output.name);
            }
            if text(client, &["secret"]).is_some() {
                assert!(mounted.contains(&format!("oidc-{id}")), "{}: {id} has no secret", output.name);
                assert!(store_path(&output, "keycloak", &format!("oidc-{id}"), "client-secret").is_some());
            }
            clients += 1;
        }
        assert_eq!(data.iter().count(), clients, "{}", output.name);
        seen += 1;
    }
    assert!(seen >= 3);
}
