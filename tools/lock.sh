#!/bin/sh
# Writes the lock files anew: exact versions and SHA-256 of every package, no addresses.
# Needs uv and npm. Look at the changes before you commit them.
set -eu
cd "$(dirname "$0")/.."
lock() {
    out=$1
    shift
    uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
        pyproject.toml --extra server --extra sidecar --extra demo --group setup "$@" -o "requirements/$out"
}
lock run.lock
lock dev.lock --group dev
npm install --package-lock-only --ignore-scripts
# npm notes where authors ask for donations; a lock file holds no addresses.
node -e '
const fs = require("node:fs");
const lock = JSON.parse(fs.readFileSync("package-lock.json"));
for (const entry of Object.values(lock.packages)) { delete entry.funding; delete entry.resolved; }
fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");'
