#!/usr/bin/env python3
"""platform.py E OUT [C]: the benchmark's platform (E environments of C components, 4 files for each) as stackgen's sources.

The model is the one that the shared generator writes for `cp -r`, kustomize, helm and jsonnet: for each component a chart
with values that every environment patches, a Kyverno policy and an address pool.
"""
import json
import os
import sys


def q(value, indent=0):
    """YAML of a value: block maps, JSON for the rest."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            if isinstance(item, dict) and item:
                lines.append(f"{pad}{json.dumps(key)}:\n{q(item, indent + 1)}")
            else:
                lines.append(f"{pad}{json.dumps(key)}: {json.dumps(item)}")
        return "\n".join(lines)
    return pad + json.dumps(value)


def base_values(c, i):
    host = f"{c}.example.internal"
    return {
        "nameOverride": c,
        "image": {"registry": "registry.example.internal", "repository": f"platform/{c}", "tag": f"1.{i}.0", "pullPolicy": "IfNotPresent"},
        "replicaCount": 1,
        "imagePullSecrets": [{"name": "regcred"}],
        "serviceAccount": {"create": True, "name": c, "annotations": {"team": "platform"}},
        "podSecurityContext": {"fsGroup": 2000, "runAsNonRoot": True, "runAsUser": 1000},
        "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
        "service": {"type": "ClusterIP", "port": 8000 + i, "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": str(8000 + i)}},
        "ingress": {
            "enabled": True,
            "className": "nginx",
            "annotations": {"cert-manager.io/cluster-issuer": "internal-ca"},
            "hosts": [{"host": host, "paths": [{"path": "/", "pathType": "Prefix"}]}],
            "tls": [{"secretName": f"{c}-tls", "hosts": [host]}],
        },
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "500m", "memory": "256Mi"}},
        "autoscaling": {"enabled": False, "minReplicas": 1, "maxReplicas": 5, "targetCPUUtilizationPercentage": 80},
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"key": "node-role", "operator": "Equal", "value": "platform", "effect": "NoSchedule"}],
        "persistence": {"enabled": True, "storageClass": "longhorn", "size": "8Gi", "accessModes": ["ReadWriteOnce"]},
        "metrics": {"enabled": True, "serviceMonitor": {"enabled": True, "interval": "30s", "labels": {"release": "kps"}}},
        "extraEnv": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "CLUSTER", "value": "unset"}],
    }


def patch(c, i, n, e):
    host = f"{c}.{n}.example.internal"
    values = {
        "image": {"tag": f"1.{i}.{e % 7}"},
        "replicaCount": 1 + (e + i) % 4,
        "ingress": {"hosts": [{"host": host, "paths": [{"path": "/", "pathType": "Prefix"}]}], "tls": [{"secretName": f"{c}-tls", "hosts": [host]}]},
        "resources": {"requests": {"cpu": f"{100 + 10 * (e % 5)}m"}},
        "persistence": {"size": f"{8 + e % 9}Gi"},
        "extraEnv": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "CLUSTER", "value": n}],
    }
    return {
        "chart": {"version": f"2.{i}.{e % 5}"},
        "parameters": {"addresses": [f"10.{e % 250}.{i}.10-10.{e % 250}.{i}.20"], "action": "Enforce" if e % 2 else "Audit"},
        "values": values,
    }


def main():
    environments, out = int(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 30
    names = [f"comp-{i:02d}" for i in range(1, count + 1)]

    def write(path, text):
        path = os.path.join(out, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "\n")

    def head(kind, name):
        return f"apiVersion: stackgen.dev/v1\nkind: {kind}\nmetadata: {{ name: {name} }}\n"

    write("blueprints/architectures/bench.yaml", head("Architecture", "bench") + "include: " + json.dumps(names))
    for i, c in enumerate(names):
        crds = "crds: [metallb.io, kyverno.io]\nclusterCrds: [ClusterPolicy.kyverno.io]\n" if i == 0 else ""
        folder = f"blueprints/components/{c}"
        write(f"{folder}/component.yaml", head("Component", c) + crds + f"""parameters:
  addresses: {{ type: list, items: {{ type: ip-range }}, minLength: 1, description: Addresses of the pool. }}
  action: {{ type: enum, values: [Audit, Enforce], default: Audit, description: What the policy does. }}
chart: {{ repository: "https://charts.example.internal", name: {c}, version: 0.0.0 }}
sync: {{ serverSideApply: true }}""")
        write(f"{folder}/values.yaml", q(base_values(c, i)))
        write(f"{folder}/resources/pool.yaml", f"""apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {{ name: pool-{c}, namespace: metallb-system }}
spec:
  addresses: "${{{{ params.addresses }}}}"
  autoAssign: false""")
        write(f"{folder}/resources/policy.yaml", f"""apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {{ name: require-labels-{c} }}
spec:
  validationFailureAction: "${{{{ params.action }}}}"
  background: true
  rules:
    - name: check-labels
      match: {{ any: [{{ resources: {{ kinds: [Pod], namespaces: [{c}] }} }}] }}
      validate:
        message: label app.kubernetes.io/name is required
        pattern: {{ metadata: {{ labels: {{ app.kubernetes.io/name: "?*" }} }} }}""")
    write("overlays/base.yaml", head("Overlay", "base") + """architecture: bench
cluster: { domain: example.internal, kubernetes: "1.34.2" }
gitops: { repository: "https://git.example.internal/platform/gitops.git" }""")
    for e in range(environments):
        n = f"env-{e + 1:03d}"
        components = {c: patch(c, i, n, e) for i, c in enumerate(names)}
        write(f"overlays/envs/{n}.yaml", head("Environment", n) + q({"components": components}))


main()
