# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate of NPS is revoked, and a delta whose signature is wrong takes that
# back: somebody forged it on its way.
NPS_CERT=nps-revoked

scenario_setup() {
	local work=$LAB_DIR/delta-issuing http=$LAB_DIR/nps/http/crls
	cdp_delta issuing && cp "$LAB_PKI/ca-issuing/index.txt" "$work/base.txt" &&
		cp "$work/delta.txt.attr" "$work/base.txt.attr" &&
		awk -F'\t' -v OFS='\t' '$1 == "R" { sub(/,.*/, "", $3); $3 = $3 ",removeFromCRL" } 1' \
			"$work/base.txt" >"$work/delta.txt" || return
	CRL_OF=base _cdp_sign "$work/ca.cnf" "$http/issuing.crl" &&
		CRL_OF=delta _cdp_sign "$work/ca.cnf" "$work/genuine.crl" &&
		head -c -2 "$work/genuine.crl" >"$http/issuing-delta.crl" &&
		printf '\1\2' >>"$http/issuing-delta.crl"
}
