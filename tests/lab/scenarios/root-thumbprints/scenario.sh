# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A bundle of roots as a system has it, and the thumbprint of the one to trust,
# as Windows shows it.
PROFILE=("Gateway.TrustedRoots=$LAB_DIR/bundle.pem"
	"Gateway.RootThumbprints=$(pki_thumbprint root | tr : ' ')")
scenario_setup() {
	cat "$(pki_cert rogue)" "$(pki_cert root)" >"$LAB_DIR/bundle.pem"
}
