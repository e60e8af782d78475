# shellcheck shell=bash disable=SC2034,SC2154
# etcd, one node.
variable=TEST_ETCD
program=etcd
packages="etcd-server etcd-client"
start() {
  local client=http://127.0.0.1:$port peer
  peer=http://127.0.0.1:$(free_port)
  exec etcd --name one --data-dir data --unsafe-no-fsync --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "one=$peer"
}
answers() { ETCDCTL_API=3 etcdctl --endpoints "127.0.0.1:$port" endpoint health; }
address() { echo "http://127.0.0.1:$port"; }
