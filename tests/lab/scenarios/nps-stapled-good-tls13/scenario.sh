# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CRL of NPS's certificate is out of reach and the profile insists, but the
# server staples an OCSP response, here in TLS 1.3. The CRL of the issuing CA's
# certificate can be had.
PROFILE=(NPS.Revocation=hard)
NPS_KIND=alert NPS_STAPLE=good NPS_TLS_MAX=1.3 NPS_REGISTRY=IgnoreRevocationOffline=1
scenario_inject() { cdp_remove issuing; }
scenario_check() {
	check "the response was believed" grep "stapled.* says good" \
		"$LAB_DIR/log/charon-client.log"
}
