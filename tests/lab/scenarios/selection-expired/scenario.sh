# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The one candidate of the right kind has expired; that is said, not what is
# wrong with the one that would not do anyway.
PROFILE=(Credential.Certificate= Credential.PrivateKey=
	"Credential.CertificateDirectory=$LAB_DIR/client/candidates")

scenario_setup() { candidate_add user1-noeku user1-expired; }

scenario_check() {
	check_fails "nothing was sent to the gateway" grep -q IKE_SA_INIT \
		"$LAB_DIR/log/charon-gateway.log"
	check "the file is named" grep -F user1-expired.pem <<<"$(record \
		'.causes[0].evidence | join(" ")')"
}
