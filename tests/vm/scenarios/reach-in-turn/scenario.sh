# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Faults of the network, one after the other in one lab, for in an emulated
# machine it takes longer to set up a lab than to dial. Each is a scenario of the
# lab that does nothing but inject: its own hook, and its own expectation.

REACH="client-nft-drop-500 client-nft-drop-4500 client-nft-input-500
	client-nft-reject-500 gateway-host-silent icmp-port-unreachable
	router-admin-prohibited router-host-unreachable udp500-dropped
	udp4500-dropped"
# Nobody answers, so that there is nothing slow to wait for. (An honest dial could
# take longer than this allows, in such a machine.)
CLIENT_CHARON="retransmit_timeout = 1.0"

# Prints the record of the last dial.
scenario_dial() {
	local name
	for name in $REACH; do
		_reach_one "$name" </dev/null
	done
	cat "$LAB_DIR/reach.json"
	return 1
}

_reach_one() {
	local dir=$LAB_HOME/scenarios/$1 code causes stage got
	(
		# shellcheck source=/dev/null
		. "$dir/scenario.sh" && scenario_inject
	) || return
	lab_dial >"$LAB_DIR/reach.json"
	faults_clear
	got=$(tail -n 1 "$LAB_DIR/reach.json" | jq -r \
		'"\(.ras_code) \(.causes[0].cause) \(.stage)"')
	IFS=' ' read -r code causes stage <<<"$(_reach_expects "$dir")"
	check "$1: got ${got:-no record}, expected $code $causes $stage" \
		_play_fits "$code" "$causes" "$stage" "$got"
}

# code, causes and stage of a folder's expect, "-" for what it leaves open.
_reach_expects() {
	local expect_code expect_causes expect_stage
	_expect_read "$1" &&
		echo "$expect_code ${expect_causes:--} ${expect_stage:--}"
}

scenario_check() {
	check "each fault was dialled" [ \
		"$(wc -w <<<"$REACH")" = "$(wc -l <"$LAB_DIR/checks.json")" ]
}
