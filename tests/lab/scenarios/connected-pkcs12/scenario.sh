# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The credential is a PKCS#12 file with key and chain.
PROFILE=("Credential.Certificate=$LAB_PKI/user1.p12" Credential.PrivateKey=
	Credential.Chain= "Credential.PasswordFile=$LAB_PKI/user1.password")

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
