# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway answers each IKE_SA_INIT with a cookie, for ever.

scenario_inject() { gateway_answers 16390 00112233445566778899aabbccddeeff; }
