#!/usr/bin/env bash
# Proves that documents of OpenAPI are clean: by the rules that Spectral and Redocly recommend, and by the schema of OpenAPI.
set -euo pipefail

readonly me=check-openapi.sh
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/java.sh"
find_jdk
tools=$root/.plinth/openapi-linters
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The newest of each that also runs on the Node 18 of Debian.
packages=(@stoplight/spectral-cli@6.16.3 @redocly/cli@1.34.21 @seriousme/openapi-schema-validator@2.11.0)
if [ "$(cat "$tools/installed" 2>/dev/null)" != "${packages[*]}" ]; then
  rm -rf "$tools"
  mkdir -p "$tools"
  (cd "$tools" && echo '{ "private": true }' >package.json &&
    npm install --ignore-scripts --no-audit --no-fund --loglevel=error "${packages[@]}")
  echo "${packages[*]}" >"$tools/installed"
fi
bin=$tools/node_modules/.bin
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

# Lints document $1 by the recommended rules, without exception $2 of each linter: any finding is a failure.
lint() {
  local document=$1 spectral=${2:-} redocly=${3:-}
  printf 'extends: ["spectral:oas"]\nrules: { %s }\n' "$spectral" >"$work/spectral.yaml"
  printf 'extends: [recommended-strict]\nrules: { %s }\n' "$redocly" >"$work/redocly.yaml"
  "$bin/spectral" lint --ruleset "$work/spectral.yaml" --fail-severity=hint "$document"
  "$bin/redocly" lint --config "$work/redocly.yaml" "$document"
  "$bin/validate-api" "$document" | tee "$work/valid"
  grep -q '"valid": true' "$work/valid" || {
    echo "$me: $document is not valid by the schema of OpenAPI" >&2
    exit 1
  }
}

# One of everything, without exceptions.
lint "$root/core/src/test/resources/openapi/shop.yaml"

# What a new service has. Whom to ask and under which terms is nothing that its template could know.
"$jdk/bin/java" -jar "$root/examples/orders/target/orders.jar" openapi \
  --config "$root/examples/orders/service.yaml" >"$work/orders.yaml"
lint "$work/orders.yaml" 'info-contact: off' 'info-license: off'
