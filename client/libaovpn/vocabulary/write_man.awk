# SPDX-License-Identifier: GPL-2.0-or-later
# write_man.awk - the man page aovpn-codes(7): each code with a meaning, each
# cause, each reason of NPS. Its input is what read.awk has read; -v version=V
# names the version. The form is man(7)'s.

# Text of the vocabulary for a line of roff: what roff would take for a command,
# an escape or a typographic sign stays what it is.
function roff(text)
{
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	gsub(/'/, "\\(aq", text)
	gsub(/`/, "\\(ga", text)
	gsub(/\^/, "\\(ha", text)
	gsub(/~/, "\\(ti", text)
	gsub(/"/, "\\(dq", text)
	return text ~ /^[.']/ ? "\\&" text : text
}

# A sentence a line, as roff wants it, and none long.
function print_roff(text,    list, n, i, line)
{
	n = split(text, list, " ")
	for (i = 1; i <= n; i++) {
		if (line != "" && (length(line) + length(list[i]) > 75 || \
				   line ~ /[.]$/)) {
			print roff(line)
			line = ""
		}
		line = line (line == "" ? "" : " ") list[i]
	}
	print roff(line)
}

function section(title)
{
	print ".SH " title
}

# A paragraph with a bold tag; more follows it in roman.
function tag(bold, more)
{
	print ".TP"
	print ".B " roff(bold) (more == "" ? "" : " \\fR" roff(more) "\\fP")
}

# A labelled text below a tag.
function labelled(label, text)
{
	print ".IP"
	print ".I " label
	print ".br"
	print_roff(text)
}

# The same on one line with its label.
function short(label, text)
{
	print ".IP"
	print ".I " label
	print_roff(text)
}

function hex_of(number)
{
	return "0x" toupper(substr(message_id(number), 25))
}

function slugs_of(of, number,    i, text)
{
	for (i = 1; i <= ranked_count[of, number]; i++)
		text = text (i > 1 ? ", " : "") ranked[of, number, i]
	return text
}

function write_code(number,    slugs)
{
	tag(number, symbol_of[number] " (" hex_of(number) ")")
	print_roff(meaning[number])
	slugs = slugs_of("code", number)
	if (slugs != "")
		short("Causes:", slugs ".")
}

function write_cause(slug,    codes)
{
	tag(slug, "")
	print_roff(cause_value[slug, "summary"])
	print_roff(cause_value[slug, "why"])
	if ((slug, "unseen") in cause_value)
		labelled("No dial shows it:", cause_value[slug, "unseen"])
	labelled("Check:", cause_value[slug, "check"])
	if ((slug, "check-windows") in cause_value)
		labelled("Check on Windows:", \
			 cause_value[slug, "check-windows"])
	labelled("Fix:", cause_value[slug, "fix"])
	if ((slug, "lowers-security") in cause_value)
		labelled("What lowers security:", \
			 cause_value[slug, "lowers-security"])
	codes = cause_value[slug, "codes"]
	gsub(/,/, ", ", codes)
	short("Shows as:", codes ~ /^\(/ ? "no code of RasClient." : \
		 codes ".")
	if (cause_value[slug, "nps-reasons"] != "none") {
		codes = cause_value[slug, "nps-reasons"]
		gsub(/,/, ", ", codes)
		short("NPS reasons:", codes ".")
	}
}

function write_reason(number,    slugs)
{
	tag(number, "")
	print_roff(reason_meaning[number] ".")
	slugs = slugs_of("reason", number)
	if (slugs != "")
		short("Causes:", slugs ".")
}

function write_head()
{
	print ".\\\" Made by write_man.awk from aovpn's vocabulary: do not edit."
	print ".TH AOVPN\\-CODES 7 \"\" \"aovpn " version "\" \"aovpn\""
	# Commands and names of registry keys are neither cut nor stretched.
	print ".ad l"
	print ".nh"
	section("NAME")
	print "aovpn\\-codes \\- error codes of aovpn, and what is behind them"
	section("DESCRIPTION")
	print_roff("A dial that fails has a code, which is the one that " \
		   "Windows' RasClient shows in its event 20227, and one or " \
		   "more causes, the likeliest first.")
	print_roff("This page has what aovpn explain says of each: codes " \
		   "with their usual causes first, causes with a check and a " \
		   "fix, and the reason codes that NPS logs in its Security " \
		   "event 6273.")
	print ".PP"
	print_roff("The journal has an entry for each event; its MESSAGE_ID " \
		   "is " MESSAGE_PREFIX " followed by the code as eight " \
		   "hexadecimal digits (853: 00000355) or, where there is no " \
		   "code:")
}

function write_messages(    i)
{
	for (i = 1; i <= message_count; i++) {
		tag(substr(message_id(message_number[message[i]]), 25), "")
		print_roff(message[i] ".")
	}
}

function write(    i)
{
	write_head()
	write_messages()
	section("CODES")
	for (i = 1; i <= code_count; i++)
		if (code[i] >= 0 && code[i] in meaning)
			write_code(code[i])
	section("HRESULTS")
	for (i = 1; i <= code_count; i++)
		if (code[i] < 0 && code[i] in meaning)
			write_code(code[i])
	section("CAUSES")
	for (i = 1; i <= cause_count; i++)
		write_cause(cause[i])
	section("\"NPS REASONS\"")
	for (i = 1; i <= reason_count; i++)
		write_reason(reason[i])
	section("\"SEE ALSO\"")
	print ".BR journalctl (1)"
}
