//! The recorded answers of `tests/helm`, and what the real Helm says today.

use std::path::Path;
use std::process::Command;

use crate::helm::tool;

#[test]
fn what_is_recorded_is_what_the_real_helm_says() {
    let Some(helm) = tool("STACKGEN_HELM", "helm") else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/helm/record.sh");
    let output = Command::new("bash").arg(script).arg("--check").env("HELM", helm).output().unwrap();
    let (said, problem) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "`tests/helm/record.sh` records it anew:\n{said}{problem}");
}
