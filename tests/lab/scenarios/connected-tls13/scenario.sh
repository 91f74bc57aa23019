# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS speaks TLS 1.3 (RFC 9190) and the profile allows nothing older.
LAB_NOT_STOCK='charon 5.9.8 dies of its own TLS 1.3 as EAP-TLS client'
NPS_TLS_MAX=1.3
PROFILE=(TLS.MinVersion=1.3)

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
