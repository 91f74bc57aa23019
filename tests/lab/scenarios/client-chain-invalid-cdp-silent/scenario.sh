# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# As client-chain-invalid-alert, and the client's way to the CDP swallows what is
# sent there: NPS refuses long before that is found out, and what is wrong with the
# chain shows without it.
NPS_KIND=alert
CLIENT_CERT=user1-sub
CLIENT_CHAIN=sub-chain
# charon itself would ask the same CDP about the gateway
CLIENT_CHARON='plugins { revocation { enable_crl = no } }'

scenario_inject() { router_drop_tcp 80; }
