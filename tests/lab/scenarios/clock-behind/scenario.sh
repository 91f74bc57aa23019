# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The clock is a year behind: our own certificate seems not to be valid yet, and so
# does everything else.
CLIENT_CLOCK=-1y

scenario_check() { check "the evidence is a CA that begins in the future" evidence_has "a CA of our own chain begins on"; }
