//! Values with methods: files, capabilities, versions and times.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::base64;
use super::error::{Outcome, fail};
use super::file::File;
use super::functions::Param;
use super::glob::Glob;
use super::semver::Version;
use super::value::{Items, List, Map, Value};
use super::yaml;

/// A chart's files by path.
pub(crate) type Files = BTreeMap<Arc<str>, Arc<File>>;

/// A value with methods.
#[derive(Debug)]
pub(crate) enum Object {
    /// `.Files`
    Files(Arc<Files>),
    /// `.Capabilities.APIVersions`
    ApiVersions(Vec<Arc<str>>),
    /// `.Capabilities`
    Capabilities { kube: Value, api_versions: Value, helm: Value },
    /// `.Capabilities.KubeVersion`
    KubeVersion { version: String, normalized: String, major: String, minor: String },
    /// `.Capabilities.HelmVersion`
    HelmVersion,
    /// A moment: seconds since 1970, in UTC.
    Time(i64),
    /// A semantic version.
    Semver(Version),
    /// A certificate and its key.
    Certificate { cert: String, key: String },
}

/// A method: its parameters and what it does.
pub(crate) struct Method {
    pub(crate) params: &'static [Param],
    pub(crate) call: fn(&Object, &[Value]) -> Outcome<Value>,
}

/// What this engine says of the Helm that it stands for.
const HELM: [(&str, &str); 5] = [
    ("Version", "v4.1.4"),
    ("GitCommit", "05fa37973dc9e42b76e1d2883494c87174b6074f"),
    ("GitTreeState", "clean"),
    ("GoVersion", "go1.25.9"),
    ("KubeClientVersion", "v1.35"),
];

impl Object {
    pub(crate) fn truth(&self) -> bool {
        match self {
            Object::Files(files) => !files.is_empty(),
            Object::ApiVersions(versions) => !versions.is_empty(),
            _ => true,
        }
    }

    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Object::Files(_) => "engine.files",
            Object::ApiVersions(_) => "common.VersionSet",
            Object::Capabilities { .. } => "*common.Capabilities",
            Object::KubeVersion { .. } => "common.KubeVersion",
            Object::HelmVersion => "version.BuildInfo",
            Object::Time(_) => "time.Time",
            Object::Semver(_) => "*semver.Version",
            Object::Certificate { .. } => "sprig.certificate",
        }
    }

    pub(crate) fn kind_name(&self) -> &'static str {
        match self {
            Object::Files(_) => "map",
            Object::ApiVersions(_) => "slice",
            Object::Capabilities { .. } | Object::Semver(_) => "ptr",
            _ => "struct",
        }
    }

    /// The list or map that this is to `range`, `len` and `index`.
    pub(crate) fn contents(&self) -> Option<Value> {
        match self {
            Object::Files(files) => {
                Some(Value::map(files.iter().map(|(name, file)| (name.clone(), Value::Bytes(file.data())))))
            }
            Object::ApiVersions(versions) => {
                Some(Value::List(List::of(Items::Str, versions.iter().cloned().map(Value::Str).collect())))
            }
            _ => None,
        }
    }

    pub(crate) fn print(&self, out: &mut String) {
        match self {
            Object::KubeVersion { normalized, .. } => out.push_str(normalized),
            Object::Semver(version) => out.push_str(&version.to_string()),
            Object::Time(seconds) => out.push_str(&super::time::format(*seconds, "2006-01-02 15:04:05 -0700 MST")),
            Object::Certificate { cert, key } => {
                out.push_str(&format!("{{{cert} {key}}}"));
            }
            Object::HelmVersion => {
                let values: Vec<&str> = HELM.iter().map(|(_, value)| *value).collect();
                out.push_str(&format!("{{{}}}", values.join(" ")));
            }
            Object::Capabilities { kube, api_versions, helm } => {
                let parts: Vec<String> = [kube, api_versions, helm].into_iter().map(super::print::text).collect();
                out.push_str(&format!("&{{{}}}", parts.join(" ")));
            }
            other => {
                if let Some(contents) = other.contents() {
                    super::print::value(out, &contents);
                }
            }
        }
    }

    /// A field of a struct, or an entry of the files.
    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        let text = |text: &str| Some(Value::str(text));
        match (self, name) {
            (Object::Files(files), _) => Some(files.get(name).map_or(Value::Nil, |file| Value::Bytes(file.data()))),
            (Object::Capabilities { kube, .. }, "KubeVersion") => Some(kube.clone()),
            (Object::Capabilities { api_versions, .. }, "APIVersions") => Some(api_versions.clone()),
            (Object::Capabilities { helm, .. }, "HelmVersion") => Some(helm.clone()),
            (Object::KubeVersion { version, .. }, "Version") => text(version),
            (Object::KubeVersion { major, .. }, "Major") => text(major),
            (Object::KubeVersion { minor, .. }, "Minor") => text(minor),
            (Object::HelmVersion, _) => HELM.iter().find(|(key, _)| *key == name).map(|(_, value)| Value::str(*value)),
            (Object::Certificate { cert, .. }, "Cert") => text(cert),
            (Object::Certificate { key, .. }, "Key") => text(key),
            _ => None,
        }
    }

    pub(crate) fn method(&self, name: &str) -> Option<Method> {
        const TEXT: &[Param] = &[Param::Str];
        let method = |params, call| Some(Method { params, call });
        match (self, name) {
            (Object::Files(_), "Get") => {
                method(TEXT, |o, a| Ok(o.file(a).map_or_else(|| Value::str(""), |data| Value::text(&data))))
            }
            (Object::Files(_), "GetBytes") => method(TEXT, |o, a| Ok(Value::Bytes(o.file(a).unwrap_or_default()))),
            (Object::Files(_), "Glob") => method(TEXT, glob),
            (Object::Files(_), "AsConfig") => method(&[], |o, _| o.as_data(Value::text)),
            (Object::Files(_), "AsSecrets") => method(&[], |o, _| o.as_data(|data| Value::str(base64::encode(data)))),
            (Object::Files(_), "Lines") => method(TEXT, lines),
            (Object::ApiVersions(_), "Has") => method(TEXT, has),
            (Object::KubeVersion { .. }, "GitVersion") => {
                method(&[], |o, _| Ok(o.field("Version").unwrap_or(Value::Nil)))
            }
            (Object::KubeVersion { .. } | Object::Semver(_) | Object::Time(_), "String") => method(&[], |o, _| {
                let mut out = String::new();
                o.print(&mut out);
                Ok(Value::str(out))
            }),
            (Object::Semver(_), "Major" | "Minor" | "Patch" | "Prerelease" | "Metadata" | "Original") => {
                semver_method(name)
            }
            (Object::Semver(_), "Compare" | "Equal" | "LessThan" | "GreaterThan") => compare_method(name),
            (Object::Time(_), "Unix") => method(&[], |o, _| Ok(Value::Int64(o.seconds()))),
            (Object::Time(_), "UTC") => method(&[], |o, _| Ok(Value::object(Object::Time(o.seconds())))),
            (Object::Time(_), "Year") => method(&[], |o, _| Ok(Value::Int(super::time::date(o.seconds()).0))),
            (Object::Time(_), "Format") => method(TEXT, |o, a| match a {
                [Value::Str(layout)] => Ok(Value::str(super::time::format(o.seconds(), layout))),
                _ => Ok(Value::str("")),
            }),
            _ => None,
        }
    }

    fn seconds(&self) -> i64 {
        if let Object::Time(seconds) = self { *seconds } else { 0 }
    }

    fn file(&self, args: &[Value]) -> Option<Arc<Vec<u8>>> {
        match (self, args) {
            (Object::Files(files), [Value::Str(name), ..]) => files.get(name).map(|file| file.data()),
            _ => None,
        }
    }

    /// The files as a YAML map by their base names.
    fn as_data(&self, each: fn(&[u8]) -> Value) -> Outcome<Value> {
        let Object::Files(files) = self else { return Ok(Value::str("")) };
        let map = Map::empty();
        for (name, file) in files.iter() {
            map.set(name.rsplit('/').next().unwrap_or(name).into(), each(&file.data()));
        }
        Ok(Value::str(yaml::write(&Value::Map(map)).unwrap_or_default().trim_end_matches('\n')))
    }
}

fn glob(object: &Object, args: &[Value]) -> Outcome<Value> {
    let (Object::Files(files), [Value::Str(pattern)]) = (object, args) else { return Ok(Value::Nil) };
    let glob = Glob::new(pattern);
    let found: Files =
        files.iter().filter(|(name, _)| glob.matches(name)).map(|(k, v)| (k.clone(), v.clone())).collect();
    Ok(Value::Object(Rc::new(Object::Files(Arc::new(found)))))
}

fn lines(object: &Object, args: &[Value]) -> Outcome<Value> {
    match object.file(args) {
        None => Ok(Value::strings(Vec::<String>::new())),
        Some(data) if data.is_empty() => fail("runtime error: index out of range [-1]"),
        Some(data) => {
            let text = String::from_utf8_lossy(&data);
            Ok(Value::strings(text.strip_suffix('\n').unwrap_or(&text).split('\n').map(str::to_owned)))
        }
    }
}

fn has(object: &Object, args: &[Value]) -> Outcome<Value> {
    Ok(Value::Bool(match (object, args) {
        (Object::ApiVersions(versions), [Value::Str(wanted)]) => versions.contains(wanted),
        _ => false,
    }))
}

fn semver_method(name: &str) -> Option<Method> {
    let call: fn(&Object, &[Value]) -> Outcome<Value> = match name {
        "Major" => |o, _| Ok(o.version().map_or(Value::Nil, |v| Value::Uint(v.major))),
        "Minor" => |o, _| Ok(o.version().map_or(Value::Nil, |v| Value::Uint(v.minor))),
        "Patch" => |o, _| Ok(o.version().map_or(Value::Nil, |v| Value::Uint(v.patch))),
        "Prerelease" => |o, _| Ok(o.version().map_or(Value::Nil, |v| Value::str(v.pre.as_str()))),
        "Metadata" => |o, _| Ok(o.version().map_or(Value::Nil, |v| Value::str(v.metadata.as_str()))),
        _ => |o, _| Ok(o.version().map_or(Value::Nil, |v| Value::str(v.original.as_str()))),
    };
    Some(Method { params: &[], call })
}

fn compare_method(name: &str) -> Option<Method> {
    fn order(object: &Object, args: &[Value]) -> Outcome<i64> {
        match (object.version(), args) {
            (Some(version), [Value::Object(other)]) if other.version().is_some() => {
                Ok(other.version().map_or(0, |other| version.compare(other) as i64))
            }
            _ => fail("the argument is no version"),
        }
    }
    let call: fn(&Object, &[Value]) -> Outcome<Value> = match name {
        "Compare" => |o, a| order(o, a).map(Value::Int),
        "Equal" => |o, a| order(o, a).map(|order| Value::Bool(order == 0)),
        "LessThan" => |o, a| order(o, a).map(|order| Value::Bool(order < 0)),
        _ => |o, a| order(o, a).map(|order| Value::Bool(order > 0)),
    };
    Some(Method { params: &[Param::Any], call })
}

impl Object {
    fn version(&self) -> Option<&Version> {
        if let Object::Semver(version) = self { Some(version) } else { None }
    }
}
