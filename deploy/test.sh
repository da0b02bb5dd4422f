#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything that has to hold before a change lands: format, build without warnings, tests, and a short run of each
# acceptance script against real servers. Installs what is missing. Ends with `N passed, N failed`.
#   test.sh [--full]    --full: the acceptance runs at their full length, with a release build
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
full=no
case ${1:-} in
'') ;;
--full) full=yes ;;
*)
    echo "test.sh: '$1' is not known; write nothing or --full" >&2
    exit 2
    ;;
esac

"$root/deploy/install-dependencies.sh" test
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0
failed=0

# Runs a step with its output indented and kept in $logs/NAME; counts nothing.
run() {
    local name=$1
    shift
    echo "--- $name: $*"
    local status=0
    "$@" 2>&1 | tee "$logs/$name" | sed 's/^/    /' || status=1
    return "$status"
}

# A step that counts as one.
step() {
    if run "$@"; then passed=$((passed + 1)); else fail "$1"; fi
}

fail() {
    failed=$((failed + 1))
    echo "!!! failed: $1"
}

# The libraries that tables of ours are compared with, each at the version that the known differences are listed for.
oracles() {
    [[ -x .build/oracles/bin/pip ]] || python3 -m venv .build/oracles
    .build/oracles/bin/pip install --quiet --disable-pip-version-check \
        holidays==0.109 phonenumbers==9.0.43 pycountry==26.2.16 babel==2.18.0 \
        smsutil==1.1.3 smpplib==2.2.4 gsmcodecs==1.0.0
    # Of signing_check.py and verification_check.py.
    .build/oracles/bin/pip install --quiet --disable-pip-version-check \
        botocore==1.44.5 tencentcloud-sdk-python-common==3.1.195 alibabacloud-tea-openapi==0.4.6 \
        twilio==9.13.0 vonage-http-client==1.5.2 plivo==4.63.0 PyJWT==2.15.1 messagebird==2.2.0 \
        standardwebhooks==1.1.0 pynacl==1.6.2 sendgrid==6.12.5 cryptography==50.0.2 line-bot-sdk==3.27.0 \
        wechatpy==1.8.18 aws-sns-message-validator==0.0.5
    # Of moto_check.py.
    .build/oracles/bin/pip install --quiet --disable-pip-version-check \
        moto==5.2.5 boto3==1.44.5 flask==3.1.3 flask-cors==6.0.5
    # Of requests_check.py, beside those.
    .build/oracles/bin/pip install --quiet --disable-pip-version-check \
        vonage==4.9.1 telnyx==4.189.0 infobip-api-python-client==6.0.0 sinch==2.3.0 messagebird-sdk==0.106.0 \
        alibabacloud-dysmsapi20170525==4.6.0 alibabacloud-dysmsapi20180501==1.0.10 alibabacloud-dyvmsapi20170525==5.3.0 \
        alibabacloud-dm20151123==1.11.1 tencentcloud-sdk-python-sms==3.1.153 tencentcloud-sdk-python-vms==3.0.1459 \
        africastalking==2.0.3 mailgun==1.10.0 postmark-python==0.4.0 pywa==4.5.0 PyYAML==6.0.3
}

# An acceptance script: counts the checks it closes with.
acceptance() {
    local name=$1 python=python3
    # The oracles are asked with their own Python.
    if [[ $name =~ ^(holidays|places|segments|cldr|signing|verification|moto|requests)_check$ ]]; then python=.build/oracles/bin/python; fi
    shift
    local status=0 counts
    run "$name" timeout 1200 "$python" "Tests/acceptance/$name.py" "$@" || status=1
    counts=$(grep --extended-regexp '^[0-9]+ passed, [0-9]+ failed$' "$logs/$name" || true)
    while read -r good _ bad _; do
        [[ -n $good ]] || continue
        passed=$((passed + good))
        failed=$((failed + bad))
        if ((bad > 0)); then status=0; fi
    done <<<"$counts"
    # It stopped before it could count.
    if ((status != 0)); then fail "$name"; fi
}

build() {
    swift build --build-tests
}

# The dependencies' warnings are theirs; ours are errors.
no_warnings() {
    ! grep --extended-regexp "^$root/(Sources|Tests)/.*: warning: " "$logs/build"
}

# Runs the Swift tests and counts each.
unit_tests() {
    local status=0 tests broken
    run test swift test --skip-build || status=1
    tests=$(sed --quiet --regexp-extended 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$logs/test" | tail -n 1)
    broken=$(grep --extended-regexp ' Test .* failed after ' "$logs/test" | grep --count --invert-match 'Test run with' || true)
    passed=$((passed + ${tests:-0} - broken))
    failed=$((failed + broken))
    if [[ ${tests:-0} == 0 ]] || ((status != 0 && broken == 0)); then fail "swift test"; fi
}

step format swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests
if command -v systemd-analyze >/dev/null; then
    # The threshold is in tenths: 2.0.
    step unit systemd-analyze security --offline=true --no-pager --threshold=20 deploy/systemd/dunlin.service
fi
step sample python3 Tests/acceptance/sample_check.py

if ! run build build; then
    fail build
    echo "$passed passed, $failed failed"
    exit 1
fi
step warnings no_warnings
unit_tests

binary=$root/.build/debug/dunlin
step templates "$binary" templates check --policies deploy/etc/dunlin/policies templates
step policies "$binary" policies check deploy/etc/dunlin/policies
acceptance example_check --dunlin "$binary"
acceptance plan_check --dunlin "$binary"
acceptance packs_check --dunlin "$binary"
acceptance definitions_check
acceptance text_check --dunlin "$binary"
acceptance unsubscribe_check --dunlin "$binary"
acceptance why_check --dunlin "$binary"
step oracles oracles
acceptance holidays_check --dunlin "$binary"
acceptance places_check "$binary" policies where
acceptance segments_check "$binary" templates segments
acceptance cldr_check --dunlin "$binary" --tries 200
acceptance signing_check
acceptance verification_check
acceptance requests_check --dunlin "$binary"
if [[ $full == yes ]]; then
    step release swift build --configuration release --static-swift-stdlib --product dunlin
    binary=$root/.build/release/dunlin
    step preview python3 Tests/acceptance/preview_check.py --dunlin "$binary"
    acceptance mail_render_check --dunlin "$binary" --locales en-US,es-MX,zh-CN,ar,ja-JP,ru-RU,hi-IN
    acceptance twilio_check --dunlin "$binary"
    acceptance moto_check --dunlin "$binary"
    acceptance repeat --dunlin "$binary"
    acceptance peers --dunlin "$binary"
    acceptance pause --dunlin "$binary"
    acceptance crash --dunlin "$binary"
    acceptance failover --dunlin "$binary"
    acceptance ambiguity --dunlin "$binary"
else
    # A debug build is several times slower than what is shipped, so it is asked for less.
    step preview python3 Tests/acceptance/preview_check.py --dunlin "$binary" --seconds 15
    acceptance mail_render_check --dunlin "$binary" --locales en-US,ar
    acceptance twilio_check --dunlin "$binary" --count 40
    acceptance moto_check --dunlin "$binary"
    acceptance repeat --dunlin "$binary" --count 20
    acceptance peers --dunlin "$binary" --count 60
    acceptance pause --dunlin "$binary" --rows 20000 --at-least 200
    acceptance crash --dunlin "$binary" --crashes 20
    acceptance failover --dunlin "$binary" --per-second 500 --seconds 6
fi

echo "$passed passed, $failed failed"
((failed == 0))
