# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The issuing CA's certificate has no CDP and NPS is told to ignore that.
LAB_ISSUING=issuing-nocdp
NPS_REGISTRY=IgnoreNoRevocationCheck=1

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
