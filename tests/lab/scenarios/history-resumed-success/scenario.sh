# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# All that aovpnd knows of before the dial that fails is a success by a resumed
# TLS session, in which nobody looked at the certificate: it excuses nothing.
LAB_ISSUING=issuing-nocdp
NPS_RESUME=yes
NPS_REGISTRY=IgnoreNoRevocationCheck=1

scenario_dial() {
	lab_dial_again forget >"$LAB_DIR/resumed" || return
	{
		lab_aovpn hangup lab && wait_for 3 _client_is_idle &&
			NPS_REGISTRY="" && nps_restart
	} >&2
	lab_dial lab
}

# What the first dial, which shook hands in full, has proven.
forget() {
	daemon_down && rm "$LAB_DIR/client/state/history.json" && daemon_up
}

scenario_check() {
	check "the second dial was resumed" \
		jq -es 'last | .event_id == 20225 and .resumed' "$LAB_DIR/resumed"
	check "it is all that history knows" jq -e \
		'.history.success_at > 0 and (.history | has("shown_at") | not)' \
		"$LAB_DIR/client/state/attempts/$(record .attempt_id).json"
}
