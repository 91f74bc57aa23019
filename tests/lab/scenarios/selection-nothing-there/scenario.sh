# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The directory of candidates is empty.
PROFILE=(Credential.Certificate= Credential.PrivateKey=
	"Credential.CertificateDirectory=$LAB_DIR/client/candidates")

scenario_setup() { mkdir -p "$LAB_DIR/client/candidates"; }
