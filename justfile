# What people do here. `just` lists it.

[private]
default:
    @just --list

# Builds every environment into out/.
build *targets:
    cargo run --quiet --release -- build {{targets}}

# The tests.
test *args:
    cargo test {{args}}

# Everything that CI asks for.
ci:
    .ci/run

# Formats all code.
fmt:
    cargo fmt

# Accepts the present output of tests as the expected one; review it as a diff.
update-tests:
    UPDATE=1 SNAPSHOTS=overwrite cargo test

# Makes docs/catalogue.md and the picture anew. Needs what .ci/tools installs.
catalogue: build
    eval "$(.ci/tools)" && .ci/proof && .ci/catalogue > docs/catalogue.md
    target/release/stackgen graph envs/prod --format svg > docs/images/prod.svg

# Measures stackgen beside its rivals; see docs/benchmarks.md.
bench *args:
    benches/run {{args}}

# The Helm engine beside the real Helm over a folder of charts, with the values of every environment; see docs/helm.md.
conformance charts *args:
    cargo run --quiet --release --example conformance -- {{charts}} out {{args}}

# Random templates, in the Helm engine and in the real Helm.
fuzz-helm count="12000" seed="1":
    cargo run --quiet --example fuzz_helm -- {{count}} {{seed}}
