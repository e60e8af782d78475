# shellcheck shell=bash disable=SC2034
# nginx, with its module for streams. Tests run it, each with a configuration of its own.
variable=TEST_NGINX
program=nginx
packages="nginx-light libnginx-mod-stream"
