# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Revocation of the gateway cannot be checked and the profile does not insist.
# (NPS is told not to check the client: it asks the same CDP.)
NPS_REGISTRY=NoRevocationCheck=1

scenario_inject() { cdp_stop; }
