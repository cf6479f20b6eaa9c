#!/usr/bin/env bash
# Make .venv, with uv in it. Needs a Python of 3.11 or newer and nothing else; on Debian and its children, root may
# lack the venv module (a package of its own there), which is then installed.
set -euo pipefail
cd "$(dirname "$0")/.."

die() {
    echo "make install: $*" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3 python3.11 python3.12 python3.13 python3.14 python; do
        if command -v "$name" >/dev/null && is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

python=$(find_python) || die "no Python 3.11 or newer found; install one, or name it: make install PYTHON=/path/to/python3.11"

if [ -x .venv/bin/uv ] && is_new_enough .venv/bin/python; then
    exit 0
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if command -v virtualenv >/dev/null; then
        virtualenv --quiet --clear --python "$python" .venv
    elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "python$version-venv" >/dev/null
    else
        die "this Python has no venv module; install the package python$version-venv (or virtualenv), then try again"
    fi
fi
[ -x .venv/bin/pip ] || "$python" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.5"
