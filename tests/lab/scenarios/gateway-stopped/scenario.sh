# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's host is up, its IKE service is not.

scenario_inject() { gateway_stop; }
