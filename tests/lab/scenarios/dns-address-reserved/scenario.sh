# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The name resolves to an address that no machine has.
scenario_inject() { dns_set vpn.contoso.test 240.0.0.9; }
