# Short names for everyday commands: https://just.systems. CONTRIBUTING.md has the plain commands.

# Lists the recipes.
default:
    @just --list

# Everything in one process at http://127.0.0.1:8080, with sample data; mails are caught at /mailbox.
dev *ARGS:
    cargo run --locked -- demo --listen 127.0.0.1:8080 {{ ARGS }}

# Runs the tests whose names contain NAME.
test NAME:
    cargo test --locked --lib --test suite -- {{ NAME }}

# SQLite only: no PostgreSQL, no desk, no browser, no killed processes.
fast *NAME:
    tests/fast {{ NAME }}

# Form and lints.
check:
    cargo fmt --check && cargo clippy --locked --all-targets -- -D warnings

# Writes the mail snapshots anew and shows what changed.
snap:
    INSTA_UPDATE=always cargo test --locked --lib mail::tests && git status --short src/mail/snapshots && git diff src/mail/snapshots

# Measures what the product promises; the first lines of benches/measure name the measurements.
bench *WHAT:
    benches/measure {{ WHAT }}

# What a change must pass before it lands.
ci:
    .ci/run
