# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# No root of the file is the one that the profile wants for NPS: the dial ends
# before the first packet and says which file that is.
PROFILE=("NPS.RootThumbprints=$(pki_thumbprint rogue)")
scenario_check() {
	check "the record names the file" record_names_file
	check "no IKE_SA was begun" no_ike_sa
}
record_names_file() {
	record '[.causes[].evidence[]] | tostring' |
		grep "$(pki_cert root): none of its 1 certificates"
}
