# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway takes 3DES, SHA-1 and DH group 2 only, as RRAS does until somebody
# sets a policy: a profile that does not name them proposes none of them.
GATEWAY_IKE=3des-sha1-modp1024
GATEWAY_ESP=3des-sha1
PROFILE=(Connection.IKEProposals= Connection.ESPProposals=)
