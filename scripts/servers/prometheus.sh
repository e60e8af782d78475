# shellcheck shell=bash disable=SC2034
# Prometheus. Tests run it, each with targets of its own.
variable=TEST_PROMETHEUS
program=prometheus
packages=prometheus
