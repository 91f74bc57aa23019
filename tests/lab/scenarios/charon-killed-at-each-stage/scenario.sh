# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# charon is killed in each stage of a dial and started again: the dial ends at
# once and says so, and afterwards one connects.
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() {
	killed_dials charon-client charon_again
	lab_dial
}
charon_again() { charon_launch client && client_ready; }

scenario_check() {
	killed_check charon-absent 3
	check "a packet crosses the tunnel" tunnel_works
}
