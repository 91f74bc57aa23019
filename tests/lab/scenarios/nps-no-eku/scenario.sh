# shellcheck shell=bash disable=SC2034
# The NPS server's certificate names no extended key usage at all.
NPS_CERT=nps-no-eku
