# shellcheck shell=bash disable=SC2034
# The profile insists on a revocation check, and it can be made.
PROFILE=(Gateway.Revocation=hard)
