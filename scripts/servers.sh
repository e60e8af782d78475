# shellcheck shell=bash disable=SC2154
# Installs and starts the servers that tests need, on loopback, in $root/.plinth/servers, and stops them by their pids.
# Sourced by verify, which sets $root. A server is a file in scripts/servers that says:
#
#   variable=TEST_REDIS            tests find it here; where it is set already, that server is taken and none is started
#   program=redis-server           what must be on the machine
#   packages="redis-server"        the Debian packages that bring it
#   start() { exec ...; }          runs it in the foreground, in a folder of its own, on 127.0.0.1:$port
#   answers() { ...; }             whether it serves yet
#   address() { echo ...; }        what the variable is set to
#
# and may say:
#
#   obtain() { ...; }              fetches what no Debian package brings, with $maven and $jdk, into a folder of .plinth that
#                                  stays, and does nothing where it is there already
#   patience=120                   how many seconds it may take to serve; 30 unless said
#
# Without start, tests run the program themselves, and the variable names it.

server_pids=()
not_run=()
PATH=$PATH:/usr/sbin:/sbin

# Reads the file of server $1 into variable, program, packages, and the functions.
describe() {
  unset -f obtain start answers address
  patience=30
  # shellcheck disable=SC1090
  . "$root/scripts/servers/$1.sh"
}

# The servers that a test names by their variable and that nobody gave.
needed_servers() {
  local file
  for file in "$root"/scripts/servers/*.sh; do
    file=${file##*/}
    describe "${file%.sh}"
    [ -n "${!variable:-}" ] || ! grep -rqws --include='*.java' "$variable" "$root" || echo "${file%.sh}"
  done
}

# Installs Debian packages, where this user may.
install_packages() {
  [ $# -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "verify: not installed, for want of root or apt-get: $*" >&2
    return 0
  fi
  echo "verify: installing $*" >&2
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
    >"$root/.plinth/apt.log" 2>&1 || echo "verify: apt-get failed; see $root/.plinth/apt.log" >&2
}

# Starts server $1, or notes why it is missing.
provide() {
  local port folder tries
  describe "$1"
  if ! command -v "$program" >/dev/null; then
    not_run+=("tests with $1, since $program is not here (apt install $packages, or set $variable)")
    return
  fi
  if ! declare -F start >/dev/null; then
    export "$variable=$(command -v "$program")"
    return
  fi
  if declare -F obtain >/dev/null && ! obtain >"$root/.plinth/servers/$1.obtain.log" 2>&1 </dev/null; then
    not_run+=("tests with $1, which could not be had; see $root/.plinth/servers/$1.obtain.log")
    return
  fi
  port=$(free_port)
  folder=$root/.plinth/servers/$1
  rm -rf "$folder"
  mkdir -p "$folder"
  (cd "$folder" && start) >"$folder.log" 2>&1 </dev/null &
  server_pids+=($!)
  for ((tries = 0; tries < patience * 10; tries++)); do
    if answers >/dev/null 2>&1; then
      export "$variable=$(address)"
      echo "verify: $1 serves at ${!variable}" >&2
      return
    fi
    sleep 0.1
  done
  not_run+=("tests with $1, which did not answer within $patience s; see $folder.log")
}

# Asks every server that was started to stop, and ends those that have not within 10 s.
stop_servers() {
  local tries
  [ ${#server_pids[@]} -gt 0 ] || return 0
  kill "${server_pids[@]}" 2>/dev/null
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 "${server_pids[@]}" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "${server_pids[@]}" 2>/dev/null
}

# Prints a port of loopback that nobody listens on.
free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)) && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}
