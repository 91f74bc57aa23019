# SPDX-License-Identifier: GPL-2.0-or-later
# report.jq - how right the diagnosis was: the results of tests/lab/run (an array
# of its JSON lines, all of one mode) become one object.
#
# A scenario of one cause, or of several of which each would be right, can be told
# apart. Where its expectation names the true one besides (true=), it cannot: then
# it must be among the first two, and none may be certain.

def codes: .expected.code | split("|");
def wanted: [.expected.causes[]? | select(. != "")];
def is_open: (.expected.true // "") != "";
def code_right: (.got.code | tostring) as $got | codes | index($got) != null;
def first_right: .got.causes[0] as $first | wanted | index($first) != null;
def true_within_two: .expected.true as $true |
	.got.causes[:2] | index($true) != null;
def is_healthy: .expected.code == "0";
def percent($of): if $of == 0 then null else 1000 * . / $of | round / 10 end;
def median: sort | if length == 0 then null else .[length / 2 | floor] end;

# Of what a tunnel's end or a warning is, scenario_check judges, not the code.
def false_alarm: is_healthy and
	((.got.code != 0) or
	 ((.scenario | startswith("healthy-")) and .result == "FAIL"));

map(select(.expected != null)) |
. as $all |
map(select(.result != "SKIP")) as $run |
($run | map(select(is_healthy | not))) as $failing |
($failing | map(select(wanted != []))) as $judged |
($judged | map(select(is_open | not))) as $told |
($judged | map(select(is_open))) as $open |
[$run[] | .got.decided_ms // empty] as $ms |
{
	mode: ($all[0].mode // "both"),
	scenarios: ($run | length),
	skipped: (($all | length) - ($run | length)),
	code_right: ($run | map(select(code_right)) | length),
	code_right_percent: ($run | map(select(code_right)) | length |
		percent($run | length)),
	told_apart: ($told | length),
	first_right: ($told | map(select(first_right)) | length),
	first_right_percent: ($told | map(select(first_right)) | length |
		percent($told | length)),
	open: ($open | length),
	true_within_two: ($open | map(select(true_within_two)) | length),
	open_and_certain: ($open | map(select(.got.certain)) | length),
	healthy: ($run | map(select(is_healthy)) | length),
	false_alarms: ($run | map(select(false_alarm)) | length),
	decided: ($ms | length),
	median_ms: ($ms | median),
	worst_ms: ($ms | max),
	wrong: [
		($run[] | select(code_right | not) |
		 "\(.scenario): code \(.got.code), not \(.expected.code)"),
		($told[] | select(first_right | not) |
		 "\(.scenario): first cause \(.got.causes[0] // "none"), not " +
		 (wanted | join(","))),
		($open[] | select(true_within_two | not) |
		 "\(.scenario): \(.expected.true) is not within \(.got.causes[:2])"),
		($open[] | select(.got.certain) |
		 "\(.scenario): certain of what cannot be told apart"),
		($run[] | select(false_alarm) | "\(.scenario): a false alarm"),
		($run[] | select((.got.decided_ms // 0) > 250) |
		 "\(.scenario): recorded \(.got.decided_ms | round) ms after " +
		 "the packet that decided")
	]
} |
# What must be reached, by mode; null: nothing is asked.
{both: [100, 95], plugin: [100, 85], stock: [80, null]}[.mode] as $goal |
.goals = [
	["code right (percent)", .code_right_percent, ">=", $goal[0]],
	["first cause right (percent)", .first_right_percent, ">=", $goal[1]],
	["open: true within two", .true_within_two, ">=",
	 (if .mode == "stock" then null else .open end)],
	["open: certain", .open_and_certain, "<=", 0],
	["false alarms", .false_alarms, "<=", 0],
	["median ms to the record", .median_ms, "<=", 50],
	["worst ms to the record", .worst_ms, "<=", 250]
] |
.goals |= map(select(.[1] != null and .[3] != null) |
	{what: .[0], got: .[1], goal: "\(.[2]) \(.[3])",
	 reached: (if .[2] == ">=" then .[1] >= .[3] else .[1] <= .[3] end)}) |
.reached = (.goals | all(.reached))
