# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# An EAP server that sends TLS alerts at every step.
# Each line of "plays" is a dial; the last dial is to an honest server.
NPS_KIND=hostile

scenario_dial() { plays_run "$scenario/plays"; }
