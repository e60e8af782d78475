# shellcheck shell=bash disable=SC2034
# HAProxy. Tests run it, each with a configuration of its own.
variable=TEST_HAPROXY
program=haproxy
packages=haproxy
