# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Another program had UDP 4500 when charon started: IKE_SA_INIT goes well, and
# what follows cannot be sent.
scenario_inject() { client_port_held 4500 && client_charon_back; }
