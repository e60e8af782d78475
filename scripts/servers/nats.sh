# shellcheck shell=bash disable=SC2034,SC2154
# NATS with JetStream.
variable=TEST_NATS
program=nats-server
packages=nats-server
start() { exec nats-server -a 127.0.0.1 -p "$port" -js -sd data; }
answers() { head -c 4 <"/dev/tcp/127.0.0.1/$port" | grep -q INFO; }
address() { echo "nats://127.0.0.1:$port"; }
