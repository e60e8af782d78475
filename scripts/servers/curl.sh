# shellcheck shell=bash disable=SC2034
# curl, as a client that is not the JDK's.
variable=TEST_CURL
program=curl
packages=curl
