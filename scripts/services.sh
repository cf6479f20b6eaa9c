#!/usr/bin/env bash
# Install what the tests start by themselves: PostgreSQL, Redis, nginx, Chromium, and a font with Chinese in it so that
# screenshots can be read. What is there already is left alone.
set -euo pipefail

missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
command -v chromium-headless-shell >/dev/null || missing+=(chromium-headless-shell)
if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=zh-cn family)" ]; then
    missing+=(fontconfig fonts-wqy-microhei)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "make test: these are missing and only root can install them: ${missing[*]}" >&2
    echo "make test: run as root once: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi

# Debian starts what it installs; the tests start their own on ports of their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
echo "installing ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
