# SPDX-License-Identifier: GPL-2.0-or-later
# write_c.awk - the C tables behind codes.h, which codes.c includes. Its input is
# what read.awk has read.

# Text as a C string literal.
function literal(text,    out, i, c)
{
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		# "?" because of trigraphs
		out = out (c == "\\" || c == "\"" || c == "?" ? "\\" c : c)
	}
	return "\"" out "\""
}

function write_codes(    i)
{
	print "/* By number. */"
	print "static const struct aovpn_code codes[] = {"
	for (i = 1; i <= code_count; i++)
		print "\t{" code[i] ", " literal(symbol_of[code[i]]) ", " \
			literal(meaning[code[i]]) "},"
	print "};\n"
}

function write_symbols(    i, symbol, position_of)
{
	for (i = 1; i <= code_count; i++) {
		symbol[i] = symbol_of[code[i]]
		position_of[symbol[i]] = i - 1
	}
	sort_strings(symbol, code_count)
	print "/* Positions in codes[], by symbol. */"
	print "static const uint16_t codes_by_symbol[] = {"
	for (i = 1; i <= code_count; i++)
		print "\t" position_of[symbol[i]] ", /* " symbol[i] " */"
	print "};\n"
}

function write_reasons(    i)
{
	print "/* By number. */"
	print "static const struct aovpn_nps_reason nps_reasons[] = {"
	for (i = 1; i <= reason_count; i++)
		print "\t{" reason[i] ", " \
			literal(reason_meaning[reason[i]]) "},"
	print "};\n"
}

function write_cause(slug,    codes, reasons)
{
	codes = cause_value[slug, "codes"]
	reasons = cause_value[slug, "nps-reasons"]
	print "\t{"
	print "\t\t.slug = " literal(slug) ","
	print "\t\t.stages = " literal(cause_value[slug, "stages"]) ","
	print "\t\t.mend_at = " literal(cause_value[slug, "mend-at"]) ","
	print "\t\t.summary = " literal(cause_value[slug, "summary"]) ","
	print "\t\t.why = " literal(cause_value[slug, "why"]) ","
	print "\t\t.check = " literal(cause_value[slug, "check"]) ","
	print "\t\t.check_windows = " \
		literal(cause_value[slug, "check-windows"]) ","
	print "\t\t.fix = " literal(cause_value[slug, "fix"]) ","
	print "\t\t.lowers_security = " \
		literal(cause_value[slug, "lowers-security"]) ","
	print "\t\t.redial_after_change = " \
		(((slug, "redial") in cause_value) ? "true" : "false") ","
	print "\t\t.unseen = " literal(cause_value[slug, "unseen"]) ","
	print "\t\t.codes = {" (codes ~ /^\(/ ? "0" : codes) "},"
	print "\t\t.nps_reasons = {" (reasons == "none" ? "0" : reasons) "},"
	print "\t},"
}

function write_causes(    i)
{
	print "_Static_assert(AOVPN_CAUSE_CODES_MAX == " CODES_MAX " &&"
	print "\t       AOVPN_CAUSE_REASONS_MAX == " REASONS_MAX ","
	print "\t       \"read.awk and codes.h differ\");\n"
	print "/* By slug. */"
	print "static const struct aovpn_cause causes[] = {"
	for (i = 1; i <= cause_count; i++)
		write_cause(cause[i])
	print "};\n"
}

# Which causes belong to each of numbers[1..n], the usual ones first, as
# positions in causes[]; and behind each table where the causes of the i-th
# number begin in it.
function write_ranks(of, numbers, n,    i, k, at, line, begins)
{
	print "static const uint16_t causes_of_" of "[] = {"
	for (i = 1; i <= n; i++) {
		begins = begins "\t" at + 0 ",\n"
		line = ""
		for (k = 1; k <= ranked_count[of, numbers[i]]; k++)
			line = line " " \
				position[ranked[of, numbers[i], k]] ","
		at += k - 1
		if (line != "")
			print "\t/* " numbers[i] " */" line
	}
	print "};\n"
	print "/* One more than there are, so that each ends where the next" \
		" begins. */"
	print "static const uint16_t begin_of_" of "[] = {"
	printf "%s\t%d,\n};\n\n", begins, at
}

function write_messages(    event)
{
	print "#define MESSAGE_PREFIX \"" MESSAGE_PREFIX "\""
	print "#define MESSAGE_OTHER " message_number["other"] "\n"
	print "static uint32_t number_of_event(uint32_t event_id)"
	print "{"
	print "\tswitch (event_id) {"
	for (event = 20221; event <= 20299; event++)
		if (event in event_number && \
		    event_number[event] != message_number["other"])
			print "\tcase " event ":\n\t\treturn " \
				event_number[event] ";"
	print "\tdefault:"
	print "\t\treturn MESSAGE_OTHER;"
	print "\t}"
	print "}"
}

function write(    i)
{
	print "/* Made by write_c.awk from the vocabulary: do not edit. */\n"
	for (i = 1; i <= cause_count; i++)
		position[cause[i]] = i - 1
	write_codes()
	write_symbols()
	write_reasons()
	write_causes()
	write_ranks("code", code, code_count)
	write_ranks("reason", reason, reason_count)
	write_messages()
}
