# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# charon with our plugin under valgrind: eight dials of several kinds and one
# that connects leave no error and no leak of ours. "make memcheck" dials more.
NPS_KIND=hostile
memory_settings

scenario_inject() { memory_profiles; }
scenario_dial() {
	memory_dials 8 >"$LAB_DIR/ended"
	nps_play honest
	lab_dial
}
scenario_check() {
	check "some of the dials failed" grep -q failed "$LAB_DIR/ended"
	check "charon ends" memory_end
	check "valgrind finds nothing of ours" memory_finds_nothing
}
memory_finds_nothing() {
	memory_findings
	[ -z "$(memory_findings)" ]
}
