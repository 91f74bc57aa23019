# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# An EC certificate and key in PEM files; TLS 1.3.
CLIENT_CERT=user1-ec
NPS_TLS_MAX=1.3

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
