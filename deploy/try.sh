#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a bare Debian 12 machine with Swift 6.3 to delivered sample messages: installs what is missing, builds, runs the
# demo against a sandbox on this machine. Arguments go to `dunlin demo`, such as --stay.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/deploy/install-dependencies.sh" build
cd "$root"
echo "building dunlin (the first time this takes some minutes)"
# Static: a binary that needs no Swift on the machine it is copied to, and a fifth faster.
swift build --configuration release --static-swift-stdlib --product dunlin
exec .build/release/dunlin demo "$@"
