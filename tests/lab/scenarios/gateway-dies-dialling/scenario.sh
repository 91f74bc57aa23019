# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's IKE service dies while EAP-TLS is under way; its host says so.
scenario_inject() {
	router_drop_message in 4
	gateway_dies_at 4 >/dev/null 2>&1 &
}
gateway_dies_at() {
	wait_for 10 grep -q "generating IKE_AUTH request $1 " \
		"$LAB_DIR/log/charon-client.log"
	gateway_stop
}
