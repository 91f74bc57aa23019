# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway is killed in each stage of a dial and started again: the dial ends
# by charon's timers and says that nobody answers (or that the port is closed),
# and afterwards one connects.
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() {
	killed_dials charon-gateway gateway_restart
	lab_dial
}

scenario_check() {
	killed_check "gateway-service-stopped|.*icmp.*|.*unreach.*|.*silent.*|.*dropped.*|.*stopped.*|.*lost.*" 12
	check "a packet crosses the tunnel" tunnel_works
}
