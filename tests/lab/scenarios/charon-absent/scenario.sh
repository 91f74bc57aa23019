# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# charon does not run.
LAB_NOT_STOCK='aovpnd itself finds it, before a dial'
scenario_inject() { process_stop charon-client KILL; }
