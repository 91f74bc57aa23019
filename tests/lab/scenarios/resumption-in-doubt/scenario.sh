# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Between two good dials one fails in the gateway's own authentication: whoever
# that was, the session of the first is not offered to NPS behind it again.
NPS_RESUME=yes

scenario_dial() { lab_dial_again doubtful_dial; }
doubtful_dial() {
	GATEWAY_CERT=gateway-wrong-name && gateway_restart || return
	lab_dial lab >"$LAB_DIR/doubtful"
	GATEWAY_CERT=gateway && gateway_restart
}

scenario_check() {
	check "the dial between failed with 13801" \
		jq -es 'last | .ras_code == 13801' "$LAB_DIR/doubtful"
	check "the last one did not resume" test "$(record .resumed)" = false
	check_fails "none was offered" grep "offering to resume a TLS session" \
		"$LAB_DIR/log/charon-client.log"
}
