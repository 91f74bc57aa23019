# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The root is removed: the profile's file of trusted roots is not there.
LAB_NOT_STOCK='swanctl says so when it loads the file, before any dial'
PROFILE=("Gateway.TrustedRoots=$LAB_DIR/no-roots.pem")

scenario_check() {
	check "the file is named" record_says no-roots.pem
}
record_says() { record '.causes[0].evidence | join(" ")' | grep -F "$1"; }
