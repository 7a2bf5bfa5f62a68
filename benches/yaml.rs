//! How fast YAML is read and written: `cargo bench --bench yaml`.

#![allow(clippy::print_stdout)] // A measurement is printed.

use std::hint::black_box;
use std::time::{Duration, Instant};

use stackgen::diagnostic::Sink;
use stackgen::yaml::{FileId, Node, Order, parse, write};

/// Objects in the document: together about 1 MB.
const OBJECTS: usize = 900;
/// The fastest of so many runs counts.
const RUNS: usize = 20;

fn main() {
    let text = document();
    let Some(node) = read(&text) else { return };
    println!("{} KB, {} objects", text.len() / 1000, OBJECTS);
    report("read", text.len(), || drop(black_box(read(&text))));
    for order in [Order::Object, Order::Sorted, Order::AsIs] {
        let mut out = String::new();
        report(&format!("write {order:?}"), text.len(), || {
            out.clear();
            write(black_box(&node), order, &mut out);
        });
    }
}

fn read(text: &str) -> Option<Node> {
    let mut sink = Sink::default();
    let node = parse(FileId(0), text, &mut sink);
    assert!(!sink.has_errors(), "the document has no mistakes");
    node
}

fn report(what: &str, bytes: usize, mut run: impl FnMut()) {
    let fastest = (0..RUNS).map(|_| time(&mut run)).min().unwrap_or_default();
    let speed = bytes as f64 / 1e6 / fastest.as_secs_f64();
    println!("{what:<14} {:>7.2} ms  {speed:>5.0} MB/s", fastest.as_secs_f64() * 1e3);
}

fn time(run: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Deployments with what such objects have: labels, lists of maps, numbers, long text and a script.
fn document() -> String {
    (0..OBJECTS).map(|number| OBJECT.replace("NUMBER", &number.to_string())).collect()
}

const OBJECT: &str = r#"- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: app-NUMBER
    namespace: apps
    labels:
      app.kubernetes.io/name: app
      app.kubernetes.io/instance: app-NUMBER
      app.kubernetes.io/managed-by: "someone else"
    annotations:
      checksum/config: 3f0d1e8c9f4b5a6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d
      example.com/description: A text that says what this is, and goes on for a while (it's long).
  spec:
    replicas: 3
    selector:
      matchLabels: { app.kubernetes.io/name: app, app.kubernetes.io/instance: app-NUMBER }
    template:
      spec:
        containers:
        - name: main
          image: registry.example.com/group/app:v1.2.NUMBER
          args: ["--port=8080", "--verbose", "--format={{ .format }}"]
          # The port is the one of the Service.
          ports:
          - name: http
            containerPort: 8080
            protocol: TCP
          command:
          - sh
          - -c
          - |
            set -e
            if [ -f /etc/app/config ]; then
              exec app --config /etc/app/config
            fi
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits: { memory: 256Mi }
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 10
"#;
