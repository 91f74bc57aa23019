# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A PKCS#12 file as old Windows exports it: RC2-40, 3DES, SHA-1.
PROFILE=("Credential.Certificate=$LAB_PKI/user1-legacy.p12" Credential.PrivateKey=
	Credential.Chain= "Credential.PasswordFile=$LAB_PKI/user1.password")

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
