# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# No candidate may be used for clientAuth, not even a valid one.
PROFILE=(Credential.Certificate= Credential.PrivateKey=
	"Credential.CertificateDirectory=$LAB_DIR/client/candidates")

scenario_setup() { candidate_add user1-noeku; }

scenario_check() {
	check_fails "nothing was sent to the gateway" grep -q IKE_SA_INIT \
		"$LAB_DIR/log/charon-gateway.log"
}
