# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's certificate is signed with SHA-1: charon would take it, this
# machine's crypto policy does not.
LAB_NOT_STOCK='stock strongSwan takes SHA-1 for certificates'
GATEWAY_CERT=gateway-sha1
scenario_check() {
	check "the algorithm is named" says "sha1WithRSAEncryption"
	check "and whose rule it is" says "crypto policy"
}
says() { record '[.causes[0].evidence[]] | join("; ")' | grep -F "$1"; }
