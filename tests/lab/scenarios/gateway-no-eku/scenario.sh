# shellcheck shell=bash disable=SC2034
# The gateway's certificate names no extended key usage at all: OpenSSL would
# take that for any, Windows does not.
GATEWAY_CERT=gateway-no-eku
