# shellcheck shell=bash disable=SC2034
# The checker of metrics that comes with Prometheus.
variable=TEST_PROMTOOL
program=promtool
packages=prometheus
