# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Two faults: a CA that NPS does not trust, by the list of CAs that it sends, and
# no SID. Trust is asked before the account.
NPS_ACCOUNTS="user1@contoso.test=$PKI_SID"
CLIENT_CHAIN=rogue
CLIENT_CERT=user1-roguenosid
scenario_setup() {
	pki_extensions user-nosid |
		pki_leaf user1-roguenosid rogue "/CN=$PKI_USER"
}
