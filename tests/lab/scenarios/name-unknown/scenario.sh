# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# DNS answers NXDOMAIN for the gateway's name.

scenario_inject() { dns_set vpn.contoso.test; }
