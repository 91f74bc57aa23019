# shellcheck shell=bash disable=SC2034
# NPS's certificate is not on the CRL, but the OCSP response that the server
# staples says that it is revoked.
NPS_KIND=alert NPS_STAPLE=revoked
