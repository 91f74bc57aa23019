# shellcheck shell=bash disable=SC2034
# The gateway's certificate is for another name.
GATEWAY_CERT=gateway-wrong-name
