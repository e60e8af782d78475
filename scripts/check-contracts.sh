#!/usr/bin/env bash
# Proves that contracts of the world outside are kept: three public documents of OpenAPI become services that compile and
# answer by them, and the example's own document comes out again of a service that was made from it.
set -euo pipefail

readonly me=check-contracts.sh
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/java.sh"
find_jdk
find_maven
documents=$root/.plinth/contracts
work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT
fail() {
  echo "$me: $*" >&2
  exit 1
}

# Swagger 2.0, OpenAPI 3.0 and 3.1. They are too large to keep here.
packages=(kubernetes-client@9.0.0 @octokit/openapi@23.0.2 @scalar/galaxy@0.2.20)
if [ "$(cat "$documents/installed" 2>/dev/null)" != "${packages[*]}" ]; then
  rm -rf "$documents"
  mkdir -p "$documents"
  (cd "$documents" && npm pack --silent "${packages[@]}" >/dev/null &&
    tar xzf kubernetes-client-*.tgz package/lib/specs/swagger-1.13.json.gz &&
    tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json &&
    tar xzf scalar-galaxy-*.tgz package/dist/3.1.yaml &&
    gunzip -c package/lib/specs/swagger-1.13.json.gz >kubernetes.json &&
    # Of two paths that no router can tell apart, /compare/{basehead} stays.
    node -e 'const fs = require("fs"), all = JSON.parse(fs.readFileSync(process.argv[1]));
      delete all.paths["/repos/{owner}/{repo}/compare/{base}...{head}"];
      fs.writeFileSync("github.json", JSON.stringify(all, null, 1))' package/generated/api.github.com.json && mv package/dist/3.1.yaml galaxy.yaml &&
    rm -rf package ./*.tgz)
  echo "${packages[*]}" >"$documents/installed"
fi

libraries="$root/cli/target/lib/*"

# Makes a service of document $2 under name $1, compiles it, and starts it on free ports; sets url.
start() {
  local name=$1 document=$2
  shift 2
  "$root/plinth" openapi generate "$document" "$work/$name" --package "com.example.$name" >"$work/said" || {
    cat "$work/said"
    fail "$document can't be generated from"
  }
  mkdir "$work/$name/classes"
  find "$work/$name/src/main/java" -name '*.java' >"$work/sources"
  "$jdk/bin/javac" -nowarn -proc:none -d "$work/$name/classes" -cp "$libraries" @"$work/sources"
  cp "$work/$name/src/main/resources/openapi.yaml" "$work/$name/classes/"
  launch "$name" "$@"
}

launch() {
  local name=$1
  shift
  (cd "$work/$name" && exec "$jdk/bin/java" -Xmx1g -cp "classes:$libraries" "com.example.$name.Main" \
    --set http.host=127.0.0.1 --set http.port=0 --set admin.port=0 --set stop.drain-delay=0s "$@" >"$work/$name/log" 2>&1) &
  service=$!
  for ((tries = 0; tries < 6000; tries++)); do
    ! grep -q "$name is ready" "$work/$name/log" || break
    kill -0 "$service" 2>/dev/null || fail "$name did not start: $(head -c 2000 "$work/$name/log")"
    sleep 0.1
  done
  url=http://127.0.0.1:$(sed -n 's/.*is ready: http on port \([0-9]*\).*/\1/p' "$work/$name/log")
}

stop() {
  kill "$service"
  wait "$service" || true
  service=
}

# Asks for $2 and expects status $1 and text $3 in the answer; what follows goes to curl.
ask() {
  local status=$1 path=$2 text=$3 code
  shift 3
  code=$(curl -sg -o "$work/answer" -w '%{http_code}' "$@" "$url$path")
  [ "$code" = "$status" ] || fail "$path answered $code (expected: $status): $(head -c 500 "$work/answer")"
  grep -q "$text" "$work/answer" || fail "$path does not say '$text': $(head -c 500 "$work/answer")"
}

start kubernetes "$documents/kubernetes.json"
ask 501 /api/v1/namespaces 'is not written yet'
ask 404 /api/v1/nothing NO_ROUTE
stop

start github "$documents/github.json"
ask 501 /repos/octocat/hello-world/issues/7 'issues/get is not written yet'
ask 400 /repos/octocat/hello-world/issues/seven '"pointer":"path:issue_number"'
ask 400 '/repos/octocat/hello-world/issues?state=odd' '"pointer":"query:state","code":"UNKNOWN_VALUE"'
ask 400 /repos/octocat/hello-world/issues/7/comments '"pointer":"/body","code":"REQUIRED"' -X POST --json '{}'
ask 501 /repos/octocat/hello-world/issues/7/comments 'is not written yet' -X POST --json '{"body":"me too"}'
ask 415 /repos/octocat/hello-world/issues/7/comments UNSUPPORTED_MEDIA_TYPE -X POST -H 'Content-Type: text/plain' -d x
stop

start galaxy "$documents/galaxy.yaml"
ask 501 /planets 'is not written yet'
ask 400 /planets/x '"pointer":"path:planetId"'
ask 200 /openapi.json 'Scalar Galaxy'
stop

# As its user builds it, its own test included.
(cd "$work/galaxy" && JAVA_HOME=$jdk "$maven" -q -B -ntp verify) >"$work/said" 2>&1 || {
  cat "$work/said"
  fail "the generated project does not build"
}

# Code first, then contract first from its document: one and the same.
"$jdk/bin/java" -jar "$root/examples/orders/target/orders.jar" openapi \
  --config "$root/examples/orders/service.yaml" >"$work/orders.yaml"
start orders "$work/orders.yaml"
curl -s "$url/openapi.yaml" | diff "$work/orders.yaml" - || fail "the document of a service made from a document is another"
ask 400 /orders '"pointer":"/quantity"' --json '{"id": "a1", "item": "lamp", "quantity": 0}'
ask 501 /orders 'placeOrder is not written yet' --json '{"id": "a1", "item": "lamp", "quantity": 2}'
stop
