# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile does not trust the root of the gateway's certificate.
PROFILE=("Gateway.TrustedRoots=$(pki_cert rogue)"
	"NPS.TrustedRoots=$(pki_cert root)")
