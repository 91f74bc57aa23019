# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A router drops UDP 4500: IKE_SA_INIT is answered, IKE_AUTH is not.

scenario_inject() { router_drop_udp 4500; }
