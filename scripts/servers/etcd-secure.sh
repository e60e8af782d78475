# shellcheck shell=bash disable=SC2034,SC2154
# etcd, one node, over TLS and only for those who show a certificate; tests make its users. The variable names a folder with
# url, ca.crt, client.crt and .key, and named.crt and .key with a common name. Tokens run out after 2 s without use.
variable=TEST_ETCD_SECURE
program=etcd
packages="etcd-server etcd-client openssl"
start() {
  local client=https://127.0.0.1:$port peer
  peer=http://127.0.0.1:$(free_port)
  authority && signed server /CN=server && signed client /O=desk && signed named /CN=desk && echo "$client" >url || return
  exec etcd --name one --data-dir data --unsafe-no-fsync --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "one=$peer" \
    --cert-file server.crt --key-file server.key --client-cert-auth --trusted-ca-file ca.crt --auth-token-ttl 2 --bcrypt-cost 4
}
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Test Authority" -keyout ca.key -out ca.crt
}
# A certificate $1 of the authority for subject $2. etcd calls itself with its own, so each is for both sides; where it has
# users, it takes none with a common name from callers of its JSON form.
signed() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$1.key" -out "$1.csr" &&
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" \
      -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost"; echo "extendedKeyUsage=serverAuth,clientAuth")
}
answers() { (cd "$folder" && curl -sf --cacert ca.crt --cert client.crt --key client.key "https://127.0.0.1:$port/health"); }
address() { echo "$folder"; }
