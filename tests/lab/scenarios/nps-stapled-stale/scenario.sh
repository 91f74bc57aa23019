# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The stapled OCSP response is two days too old, there is no CRL, and the profile
# insists.
PROFILE=(NPS.Revocation=hard)
NPS_KIND=alert NPS_STAPLE=stale NPS_REGISTRY=IgnoreRevocationOffline=1
scenario_inject() { cdp_remove issuing; }
