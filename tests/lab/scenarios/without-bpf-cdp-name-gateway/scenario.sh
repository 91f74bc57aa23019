# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The same with the gateway's certificate, which charon's own plugin checks.
# shellcheck source=/dev/null
. "$LAB_HOME/scenarios/without-bpf-cdp-name-unknown/scenario.sh"
PROFILE=(Gateway.Revocation=hard)
