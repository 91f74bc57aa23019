# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CRL of the NPS server's issuing CA is stale, and the profile insists.
PROFILE=(NPS.Revocation=hard)
NPS_REGISTRY=NoRevocationCheck=1

scenario_inject() { cdp_stale issuing; }
