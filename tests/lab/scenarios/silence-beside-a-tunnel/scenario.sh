# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# One connection is up while another, to a gateway that is not there, gets no
# answer.
LAB_STOCK=1
scenario_inject() {
	profile_write up &&
		profile_write lab "Connection.Server=198.51.100.11" &&
		router_rule forward 0 "ip daddr 198.51.100.11 drop"
}
scenario_dial() {
	lab_dial up >&2 && lab_dial lab
}
scenario_check() { check "a packet crosses the tunnel" tunnel_works; }
