#!/usr/bin/env bash
# Pin everything that setup.cfg, the plugins' setup.cfg and requirements/*.in ask for, with hashes.
#
# The pins hold for every supported Python and platform (--universal), and say nothing of where a package came from:
# that is the business of the machine that installs them.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv

ours=(--no-emit-package labelwright)
distributions=(-e .)
for folder in plugins/*/; do
    name=$(basename "$folder")
    ours+=(--no-emit-package "labelwright-${name#_}")
    distributions+=(-e "./${folder%/}")
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf -- '%s %s\n' "${distributions[@]}" >"$work/ours.in"

pin() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --python .venv/bin/python --no-build-isolation \
        --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" "$@"
}

# What is pinned already stays where it still fits; `make lock UPGRADE=1` asks for the newest of all.
[ -n "${UPGRADE:-}" ] || sed -n 's/^\([A-Za-z0-9][^ ]*==[^ ]*\).*/\1/p' requirements/*.lock | sort -u >"$work/all.lock"

# One resolution for all, so that what the tests bring along agrees with what the server runs on; then cut into files.
pin "$work/ours.in" requirements/{build,test,lint,node}.in "${ours[@]}" -o "$work/all.lock"
pin "$work/ours.in" "${ours[@]}" -c "$work/all.lock" --generate-hashes -o requirements/runtime.lock
for name in build test lint node; do
    pin "requirements/$name.in" -c "$work/all.lock" --generate-hashes -o "requirements/$name.lock"
done
