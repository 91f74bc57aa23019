# shellcheck shell=bash disable=SC2034
# The CRL of the issuing CA is outdated: NPS refuses with reason 259.
NPS_KIND=freeradius

scenario_inject() { cdp_stale issuing; }
