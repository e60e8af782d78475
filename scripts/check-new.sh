#!/usr/bin/env bash
# Proves that what `plinth new` writes is a small project that builds, tests and checks itself without Plinth's command.
set -euo pipefail

readonly me=check-new.sh
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/java.sh"
find_jdk
find_maven
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "$me: $*" >&2
  exit 1
}

project="$work/with a space/orders"
"$root/plinth" new orders --dir "$project" --package com.example.orders
cd "$project"

lines=$(find . -type f ! -name README.md ! -name pom.xml -exec cat {} + | wc -l)
[ "$lines" -lt 150 ] || fail "$lines lines outside README and pom (expected: under 150)"
grep -qx 'key.key' .gitignore || fail ".gitignore does not name key.key"
grep -A1 '^http:' service.yaml | grep -q '^  port: [0-9]' || fail "service.yaml does not set http.port"

# Maven as users have it, often on an older JDK: the toolchain plugin finds the newer one.
for older in /usr/lib/jvm/*-17-*; do
  [ -x "$older/bin/java" ] || older=$jdk
done
JAVA_HOME=$older "$maven" -q -B -ntp verify
grep -q '<testsuite .*tests="[1-9]' target/surefire-reports/*.xml || fail "mvn verify ran no test"

"$jdk/bin/java" -jar target/orders.jar check

# Three mistakes in one file: all told at once, with their places, before anything is opened.
cat >broken.yaml <<'END'
http:
  prot: 8080
  read-timeout: 30
settings: { max-quantity: -1 }
END
code=0
"$jdk/bin/java" -jar target/orders.jar --config broken.yaml >"$work/out" 2>"$work/err" || code=$?
[ "$code" -eq 78 ] || fail "with three mistakes in its file the service ended with exit code $code (expected: 78)"
diff - "$work/err" <<'END' || fail "with three mistakes in its file the service did not tell just these"
broken.yaml has 3 problems:
  http.prot: unknown key (did you mean http.port?) [broken.yaml:2:3]
  http.read-timeout: '30' has no unit (expected: d, h, m, s, ms, us or ns, such as 30s or 1h30m) [broken.yaml:3:17]
  settings.max-quantity: -1 (expected: > 0) [broken.yaml:4:27]
END
code=0
"$root/plinth" check broken.yaml service.yaml >"$work/out" 2>"$work/err" || code=$?
[ "$code" -eq 78 ] || fail "plinth check of a broken and a good file ended with exit code $code (expected: 78)"
grep -q 'service.yaml: the configuration is valid' "$work/out" || fail "plinth check did not judge the second file"
rm broken.yaml

# The schema that editors use is kept, and is the one that the service prints.
"$root/plinth" schema >"$work/schema"
cmp "$work/schema" service.schema.json || fail "service.schema.json is not what plinth schema prints"
grep -q '^# yaml-language-server: .schema=service.schema.json$' service.yaml || fail "service.yaml names no schema"

# `plinth run`, here through a link, becomes the service: standard output is the log and nothing else, SIGTERM reaches it,
# and the exit code is its own.
ln -s "$root/plinth" "$work/a link"
"$work/a link" run --set http.port=0 --set admin.port=0 --set stop.drain-delay=0s >"$work/out" 2>"$work/err" &
service=$!
for ((tries = 0; tries < 600; tries++)); do
  ! grep -q 'orders is ready' "$work/out" || break
  sleep 0.1
done
kill -TERM "$service"
code=0
wait "$service" || code=$?
cat "$work/err"
[ "$code" -eq 0 ] || fail "after SIGTERM the service ended with exit code $code"
grep -q 'orders stopped\|stop 1/' "$work/out" || fail "the service did not say that it stopped: $(cat "$work/out")"
! grep -v '^{.*}$' "$work/out" || fail "standard output holds more than log lines"
[ -s target/orders.aot ] || fail "there is no ahead-of-time cache"
