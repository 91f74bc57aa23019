# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The PKCS#12 file needs another password.
LAB_NOT_STOCK='swanctl says so when it loads the file, before any dial'
scenario_setup() {
	echo wrong >"$LAB_DIR/password"
	chmod 600 "$LAB_DIR/password"
	PROFILE=("Credential.Certificate=$LAB_PKI/user1.p12"
		"Credential.PrivateKey=" "Credential.Chain="
		"Credential.PasswordFile=$LAB_DIR/password")
}
