# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Nothing listens on the RADIUS port; no client can tell that from a refusal.

scenario_inject() { nps_stop; }
