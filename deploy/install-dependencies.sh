#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing on Debian 12, and only that: install-dependencies.sh build|test
#   build   what compiling and running Dunlin needs
#   test    also the real servers that the acceptance tests send through; they are started by hand, never as services
set -euo pipefail

purpose=${1:-build}
case $purpose in
build | test) ;;
*)
    echo "install-dependencies.sh: '$purpose' is not known; write 'build' or 'test'" >&2
    exit 2
    ;;
esac

packages=(
    ca-certificates git pkg-config python3 tzdata
    libc6-dev libstdc++-12-dev
    libcurl4-openssl-dev libsqlite3-dev libcmark-dev
)
if [[ $purpose == test ]]; then
    packages+=(openssl nginx-light kannel kannel-extras python3-venv python3-yaml python3-jsonschema)
    # A machine has one mail transport agent. If it has another one already it keeps it, and aiosmtpd is tested against.
    if [[ -x /usr/sbin/postfix || ! -e /usr/sbin/sendmail ]]; then
        packages+=(postfix)
    fi
    packages+=(python3-aiosmtpd)
fi

missing=()
for package in "${packages[@]}"; do
    if [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
        missing+=("$package")
    fi
done

if ((${#missing[@]} > 0)); then
    as_root=()
    if [[ $(id -u) != 0 ]]; then
        if ! command -v sudo >/dev/null; then
            echo "install-dependencies.sh: ${missing[*]} are missing: run this as root, or install sudo" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    echo "installing ${missing[*]}"
    "${as_root[@]}" apt-get update --quiet=2
    # SYSTEMD_OFFLINE keeps the packages from starting their services; postfix asks nothing and configures nothing.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1 \
        apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}"
fi

needed=6.3
if ! command -v swift >/dev/null; then
    cat >&2 <<TEXT
install-dependencies.sh: swift is missing, and Debian has no package of it; install Swift $needed or later for Debian 12 from
https://www.swift.org/install/linux/ and put its usr/bin on PATH
TEXT
    exit 1
fi
found=$(swift --version 2>/dev/null | grep --only-matching --max-count=1 'Swift version [0-9.]*' | cut -d' ' -f3 || true)
if [[ $(printf '%s\n' "$needed" "$found" | sort --version-sort | head -n 1) != "$needed" ]]; then
    echo "install-dependencies.sh: swift is ${found:-of an unknown version}; $needed or later is needed:" \
        "https://www.swift.org/install/linux/" >&2
    exit 1
fi
