# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate's file holds something else.
PROFILE=("Credential.Certificate=$LAB_DIR/garbage.pem")

scenario_setup() { head -c 3000 /dev/urandom >"$LAB_DIR/garbage.pem"; }

scenario_check() {
	check "the file is named" record_says garbage.pem
}
record_says() { record '.causes[0].evidence | join(" ")' | grep -F "$1"; }
