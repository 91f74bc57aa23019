# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's root lies in the file, but the profile lists another one of it.
PROFILE=("Gateway.TrustedRoots=$LAB_DIR/bundle.pem"
	"Gateway.RootThumbprints=$(pki_thumbprint rogue)"
	"NPS.TrustedRoots=$(pki_cert root)")
scenario_setup() {
	cat "$(pki_cert rogue)" "$(pki_cert root)" >"$LAB_DIR/bundle.pem"
}
