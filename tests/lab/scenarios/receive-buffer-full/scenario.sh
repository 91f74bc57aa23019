# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A flood fills the buffer of charon's socket while charon gets no time to run:
# each answer of the gateway finds it full.
scenario_inject() { client_starves >/dev/null 2>&1 & }
