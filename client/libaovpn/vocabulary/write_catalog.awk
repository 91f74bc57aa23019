# SPDX-License-Identifier: GPL-2.0-or-later
# write_catalog.awk - the journal's message catalog, which journalctl -x shows
# beside an entry: one text for each code that has a meaning, and those of
# messages.txt. Its input is what read.awk has read. The form is that of
# systemd's "Journal Message Catalogs".
#
# Advice that lowers security is left out: whether the evidence bears it is known
# for one failure, never for a code.

function heading(number, subject)
{
	print ""
	print "-- " message_id(number)
	print "Subject: " subject
	print "Defined-By: aovpn"
	print "Support: man:aovpn-codes(7)"
	print "Documentation: man:aovpn-codes(7)"
	print ""
}

function write_whole_cause(place, slug)
{
	print ""
	print place ". " slug
	print_wrapped("   ", 3, cause_value[slug, "summary"])
	print_wrapped("   Check: ", 10, cause_value[slug, "check"])
	if ((slug, "check-windows") in cause_value)
		print_wrapped("   On Windows: ", 10, \
			      cause_value[slug, "check-windows"])
	print_wrapped("   Fix: ", 10, cause_value[slug, "fix"])
}

# The first causes whole, of the others what they are.
function write_causes(number,    i, slug, n)
{
	n = ranked_count["code", number]
	if (n) {
		print ""
		print "Known causes of " number ", the usual ones first:"
	}
	for (i = 1; i <= n; i++) {
		slug = ranked["code", number, i]
		if (i <= WHOLE_CAUSES)
			write_whole_cause(i, slug)
		else
			print_wrapped((i == WHOLE_CAUSES + 1 ? "\n" : "") \
				      i ". " slug ": ", 4, \
				      cause_value[slug, "summary"])
	}
	if (n > WHOLE_CAUSES) {
		print ""
		print "`aovpn explain " number "` tells of each how to check" \
			" and to fix it."
	}
}

function write_code(number)
{
	heading(number, "Connection @AOVPN_CONNECTION@ has failed: " number \
		" " symbol_of[number])
	print_wrapped("", 0, meaning[number])
	print ""
	print_wrapped("", 0, "The first cause here is @AOVPN_CAUSE@, at the " \
		      "stage @AOVPN_STAGE@. `aovpn explain " \
		      "@AOVPN_ATTEMPT_ID@` shows the causes that were found, " \
		      "with their evidence.")
	write_causes(number)
}

# Why connections end: the causes of the stage "up" that have a code.
function write_ends(    i, slug)
{
	for (i = 1; i <= cause_count; i++) {
		slug = in_file[i]
		if (cause_value[slug, "stages"] != "up" || \
		    cause_value[slug, "codes"] ~ /^\(/)
			continue
		print ""
		print cause_value[slug, "codes"] " " slug
		print_wrapped("   ", 3, cause_value[slug, "summary"])
		print_wrapped("   Check: ", 10, cause_value[slug, "check"])
		print_wrapped("   Fix: ", 10, cause_value[slug, "fix"])
	}
}

function write_message(name)
{
	heading(message_number[name], message_subject[name])
	print_wrapped("", 0, message_text[name])
	if (name == "disconnected")
		write_ends()
}

function write(    i)
{
	WHOLE_CAUSES = 5
	print "# Made by write_catalog.awk from aovpn's vocabulary: do not edit."
	for (i = 1; i <= message_count; i++)
		write_message(message[i])
	for (i = 1; i <= code_count; i++)
		if (code[i] != 0 && code[i] in meaning)
			write_code(code[i])
}
