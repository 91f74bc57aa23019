# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile names no PIN and nobody can be asked.
PROFILE=("Credential.Certificate=pkcs11:token=lab;object=user1"
	Credential.PrivateKey=)

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1; }

scenario_check() {
	check "the record says that one would help" \
		[ "$(record .password_wanted)" = true ]
}
