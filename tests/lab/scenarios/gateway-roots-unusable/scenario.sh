# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile's file of trusted roots holds something else.
LAB_NOT_STOCK='swanctl says so when it loads the file, before any dial'
PROFILE=("Gateway.TrustedRoots=$LAB_DIR/garbage.pem")

scenario_setup() {
	printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' \
		>"$LAB_DIR/garbage.pem"
}

scenario_check() {
	check "the file is named" record_says garbage.pem
}
record_says() { record '.causes[0].evidence | join(" ")' | grep -F "$1"; }
