# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# TLS 1.2 without the extended master secret (RFC 7627), but with
# renegotiation_info: a server before 2015.
NPS_KIND=alert
NPS_EMS=no

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "there was no extended master secret" grep -F \
		"aovpn: extended master secret: no, renegotiation_info: yes" \
		"$LAB_DIR/log/charon-client.log"
}
