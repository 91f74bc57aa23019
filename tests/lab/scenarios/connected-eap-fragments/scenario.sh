# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Both sides of EAP-TLS send fragments of 300 bytes.
NPS_FRAGMENT=300
PROFILE=(TLS.FragmentSize=300)

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
