# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's certificate is valid; that of its issuing CA has expired.
GATEWAY_CHAIN=issuing-expired
LAB_NOT_STOCK="stock charon has a valid certificate of that CA, above the client's own"
scenario_setup() { pki_issuing_expired; }
pki_issuing_expired() {
	pki_extensions issuing | pki_leaf issuing-expired root \
		"/O=Contoso/CN=Contoso Cloud PKI Issuing CA" \
		-startdate 20230101000000Z -enddate "$(pki_date "-1 day")"
}
