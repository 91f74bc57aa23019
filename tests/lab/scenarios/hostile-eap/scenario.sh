# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# An EAP server that changes types and codes and ends EAP at the wrong time.
# Each line of "plays" is a dial; the last dial is to an honest server.
NPS_KIND=hostile
# charon gives up after a second and a half: some plays are silent, or seem to be.
CLIENT_CHARON="retransmit_timeout = 0.3"

scenario_dial() { plays_run "$scenario/plays"; }
