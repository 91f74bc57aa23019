# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The NPS server's certificate is signed with SHA-1, which this machine's crypto
# policy refuses. It must be called that, not "untrusted".
NPS_CERT=nps-sha1
# The server's own policy would keep it from using such a certificate.
NPS_SECURITY_LEVEL=0
scenario_check() {
	check "the algorithm is named" says "sha1WithRSAEncryption"
	check "and whose rule it is" says "crypto policy"
}
says() { record '[.causes[0].evidence[]] | join("; ")' | grep -F "$1"; }
