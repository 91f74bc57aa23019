# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile names a certificate file that is not there.
PROFILE=("Credential.Certificate=$LAB_DIR/no-such.pem")

scenario_check() {
	check "the file is named" record_says no-such.pem
}
record_says() { record '.causes[0].evidence | join(" ")' | grep -F "$1"; }
