# shellcheck shell=bash disable=SC2034
# No network policy matches: EAP-Failure right after the identity.
NPS_REJECT=identity
