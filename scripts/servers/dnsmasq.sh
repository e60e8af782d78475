# shellcheck shell=bash disable=SC2034
# dnsmasq, a name server. Tests run it, each with records of its own.
variable=TEST_DNSMASQ
program=dnsmasq
packages=dnsmasq-base
