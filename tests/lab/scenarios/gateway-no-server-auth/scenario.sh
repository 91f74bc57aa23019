# shellcheck shell=bash disable=SC2034
# The gateway's certificate is not for serverAuth.
GATEWAY_CERT=gateway-no-server-auth
