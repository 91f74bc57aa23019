# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The private key is another certificate's.
scenario_setup() {
	PROFILE=("Credential.PrivateKey=$(pki_key user2)")
}
