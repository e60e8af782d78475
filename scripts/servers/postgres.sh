# shellcheck shell=bash disable=SC2034,SC2154
# PostgreSQL, without waiting for disks. It refuses to run as root, so there it runs as the user of its package.
variable=TEST_POSTGRES
program=pg_createcluster
packages=postgresql
start() {
  local as=() bin
  for bin in /usr/lib/postgresql/*/bin; do :; done
  [ "$(id -u)" -ne 0 ] || { chown postgres . && as=(runuser -u postgres --); }
  "${as[@]}" "$bin/initdb" -D data -U app -A trust -E UTF8 --no-sync
  exec "${as[@]}" "$bin/postgres" -D data -h 127.0.0.1 -p "$port" -k '' -c fsync=off -c synchronous_commit=off
}
answers() { pg_isready -h 127.0.0.1 -p "$port"; }
address() { echo "jdbc:postgresql://127.0.0.1:$port/postgres?user=app"; }
