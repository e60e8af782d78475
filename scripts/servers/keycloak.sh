# shellcheck shell=bash disable=SC2034,SC2154
# Keycloak, with the realm that stands beside this file. It comes from Maven Central; it is built, and its database made, once.
variable=TEST_KEYCLOAK
program=curl
packages=curl
patience=180
release=26.7.3
realm=$root/scripts/servers/keycloak/shop-realm.json
folder_of_keycloak=$root/.plinth/keycloak-$release-$(cksum <"$realm" | cut -d ' ' -f 1)
kc() { JAVA_HOME=$jdk JAVA_OPTS_KC_HEAP='-Xms64m -Xmx384m' bash "$folder_of_keycloak/keycloak-$release/bin/kc.sh" "$@"; }
obtain() {
  [ ! -e "$folder_of_keycloak/data" ] || return 0
  local plugin
  plugin=$(sed -n 's|.*<maven-dependency-plugin.version>\(.*\)</.*|\1|p' "$root/pom.xml")
  rm -rf "$root"/.plinth/keycloak-*
  # Outside the project, whose parts are not built yet.
  (cd "$root/.plinth" && "$maven" -B -ntp -q "org.apache.maven.plugins:maven-dependency-plugin:$plugin:unpack" -Dartifact="org.keycloak:keycloak-quarkus-dist:$release:zip" -Dmdep.overWriteReleases=true \
    -DoutputDirectory="$folder_of_keycloak") &&
    kc build --db=dev-file --cache=local &&
    kc import --optimized --file "$realm" &&
    mv "$folder_of_keycloak/keycloak-$release/data" "$folder_of_keycloak/data"
}
start() {
  rm -rf "$folder_of_keycloak/keycloak-$release/data"
  cp -r "$folder_of_keycloak/data" "$folder_of_keycloak/keycloak-$release/data"
  export JAVA_HOME=$jdk JAVA_OPTS_KC_HEAP='-Xms64m -Xmx384m'
  exec bash "$folder_of_keycloak/keycloak-$release/bin/kc.sh" start --optimized --http-enabled=true \
    --hostname-strict=false --http-host=127.0.0.1 --http-port="$port" --http-management-port="$(free_port)"
}
answers() { curl -sf "http://127.0.0.1:$port/realms/shop/.well-known/openid-configuration"; }
address() { echo "http://127.0.0.1:$port"; }
