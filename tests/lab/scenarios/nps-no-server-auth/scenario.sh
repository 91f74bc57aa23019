# shellcheck shell=bash disable=SC2034
# The NPS server's certificate is not for servers.
NPS_CERT=nps-no-server-auth
