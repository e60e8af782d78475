#!/usr/bin/env bash
# Proves that the jars that were just built come out the same, byte by byte, when the sources are built in another folder.
set -euo pipefail

readonly me=check-reproducible.sh
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/java.sh"
find_jdk
find_maven
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$root"
tar -c --exclude=target --exclude=.git --exclude=.plinth . | tar -x -C "$work"
(cd "$work" && JAVA_HOME=$jdk "$maven" -q -B -ntp -Dquick -DskipTests package)

compared=0
for jar in "$work"/*/target/*.jar "$work"/backends/*/target/*.jar "$work"/examples/*/target/*.jar; do
  cmp "$jar" "${jar#"$work"/}"
  compared=$((compared + 1))
done
[ "$compared" -ge 4 ] || { echo "$me: only $compared jars to compare; build first" >&2; exit 1; }
