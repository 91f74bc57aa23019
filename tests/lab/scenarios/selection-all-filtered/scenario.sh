# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Certificates that could be used, and a filter that names another CA and a usage
# that none has: refused before the first packet, and -v says why.
PROFILE=(Credential.Certificate= Credential.PrivateKey=
	"Credential.CertificateDirectory=$LAB_DIR/client/candidates"
	Selection.ClientAuthEKUs=1.3.6.1.4.1.311.87
	"Selection.IssuerThumbprints=$(pki_thumbprint issuing)")

scenario_setup() { candidate_add user1 user1-rogue; }

scenario_check() {
	check_fails "nothing was sent to the gateway" grep -q IKE_SA_INIT \
		"$LAB_DIR/log/charon-gateway.log"
	check "each candidate has its reason" [ "$(record \
		'[.candidates[].verdict] | join(" ")')" = \
		"issuer-filtered usage-filtered" ]
	lab_aovpn dial lab -v >"$LAB_DIR/log/verbose"
	check "-v names the file" grep -F "candidates/user1.pem" \
		"$LAB_DIR/log/verbose"
	check "-v says why" grep -F "usage-filtered: its usages do not fit" \
		"$LAB_DIR/log/verbose"
}
