# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CA above NPS's certificate demands that each certificate below it names a
# certificate policy (RFC 5280 4.2.1.11), and that of NPS names none.
NPS_STORE=issuing-explicit
LAB_NOT_STOCK="stock charon has another certificate of that CA, above the client's own"

scenario_setup() {
	{
		pki_extensions issuing
		echo "policyConstraints = critical,requireExplicitPolicy:0"
	} | pki_leaf issuing-explicit root \
		"/O=Contoso/CN=Contoso Cloud PKI Issuing CA"
}
