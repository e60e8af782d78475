# shellcheck shell=bash disable=SC2034,SC2154
# Keycloak, with the realm that stands beside this file. It comes from Maven Central and builds itself once.
variable=TEST_KEYCLOAK
program=curl
packages=curl
patience=120
keycloak=$root/.plinth/keycloak-26.7.3
obtain() {
  [ ! -e "$keycloak/built" ] || return 0
  rm -rf "$keycloak"
  "$maven" -B -ntp -q -N dependency:unpack -Dartifact="org.keycloak:keycloak-quarkus-dist:${keycloak##*-}:zip" \
    -DoutputDirectory="$keycloak" &&
    JAVA_HOME=$jdk bash "$keycloak/keycloak-${keycloak##*-}/bin/kc.sh" build --db=dev-file --cache=local &&
    : >"$keycloak/built"
}
start() {
  local home=$keycloak/keycloak-${keycloak##*-}
  rm -rf "$home/data"
  mkdir -p "$home/data/import"
  cp "$root/scripts/servers/keycloak/shop-realm.json" "$home/data/import/"
  JAVA_HOME=$jdk JAVA_OPTS_KC_HEAP='-Xms64m -Xmx384m' KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD=admin \
    exec bash "$home/bin/kc.sh" start --optimized --import-realm --http-enabled=true --hostname-strict=false \
    --http-host=127.0.0.1 --http-port="$port" --http-management-port="$(free_port)"
}
answers() { curl -sf "http://127.0.0.1:$port/realms/shop/.well-known/openid-configuration"; }
address() { echo "http://127.0.0.1:$port"; }
