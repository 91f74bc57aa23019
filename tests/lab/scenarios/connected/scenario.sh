# shellcheck shell=bash disable=SC2034
# The reference: nothing is wrong.

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
