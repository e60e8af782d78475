# shellcheck shell=bash disable=SC2034
# Chromium, by the driver that comes with it: tests start that, and it the browser.
variable=TEST_CHROMIUM
program=chromedriver
packages="chromium chromium-driver"
