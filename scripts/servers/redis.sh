# shellcheck shell=bash disable=SC2034,SC2154
# Redis, in memory only.
variable=TEST_REDIS
program=redis-server
packages=redis-server
start() { exec redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no; }
answers() { [ "$(redis-cli -p "$port" ping)" = PONG ]; }
address() { echo "redis://127.0.0.1:$port"; }
