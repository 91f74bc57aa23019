# SPDX-License-Identifier: GPL-2.0-or-later
# read.awk - reads and checks the vocabulary; write_*.awk beside it turn what was
# read into one form each: C tables, the journal's catalog, a man page, a JSON
# schema.
#
#	LC_ALL=C awk -f read.awk -f write_c.awk codes.tsv hresults.tsv \
#		nps_reasons.tsv codes.txt causes.txt messages.txt
#
# In that order: what is referred to comes first. The forms of the files are
# described in README.md. Every mistake is reported as FILE:LINE: TEXT with the
# offending value; if there was one, nothing is written and the exit status is
# 1; else write() of the second program is called. Plain POSIX awk, so that any
# awk will do.

BEGIN {
	SUMMARY_MAX = 90	# characters: fits a line behind a code
	TEXT_MAX = 700		# characters of any other text
	LINE_MAX = 80		# characters of a line in a file of stanzas
	SLUG_MAX = 63		# an observation carries it (AOVPN_NAME_MAX)
	CODES_MAX = 4		# AOVPN_CAUSE_CODES_MAX
	REASONS_MAX = 8		# AOVPN_CAUSE_REASONS_MAX

	# The journal's MESSAGE_ID: these 24 digits and a number in 8.
	MESSAGE_PREFIX = "8f0a3d5c1f7b4a5e9c7e5d1e"
	STAGES = "resolve reach negotiate gateway-auth credential " \
		"eap-identity eap-tls authorize configure up"
	MEND_AT = "client dns network gateway nps ca ad any"

	words("codes.tsv hresults.tsv nps_reasons.tsv codes.txt causes.txt " \
	      "messages.txt", is_input)
	keys_of("codes.txt", "code symbol meaning", "causes")
	keys_of("causes.txt", "slug stages mend-at codes nps-reasons " \
		"summary why check fix", \
		"redial check-windows lowers-security unseen")
	keys_of("messages.txt", "message number events subject text", "")
	words(STAGES " any", is_stage)
	words(MEND_AT, is_place)
	words("progress connected disconnected waiting warning other", \
	      is_message)
	place_words()
}

# By what words a text shows where something is to be looked at or changed. A
# place may be named by another part of it: what is wrong with NPS can show on
# the gateway.
function place_words()
{
	PLACES = "[Hh]ere|this machine|this client|profile|evidence|[Dd]ial|" \
		"DNS|network|firewall|router|device|load balancer|capture|" \
		"gateway|NPS|RADIUS|CA|CAs|domain|Intune|[Ee]nrol|" \
		"Routing and Remote Access|Windows machine"
	# What gives security up may stand in lowers-security alone.
	LOWERING = "IgnoreNoRevocationCheck|IgnoreRevocationOffline|" \
		"NoRevocationCheck|DEFAULT:SHA1|Revocation=soft|modp1024|" \
		"rp_filter|StrongCertificateBindingEnforcement"
}

# The keys of a file of stanzas: those that each stanza has, those that it may
# have.
function keys_of(name, must, may,    list, i)
{
	for (i = split(must, list, " "); i > 0; i--)
		is_key[name, list[i]] = must_have[name, list[i]] = 1
	for (i = split(may, list, " "); i > 0; i--)
		is_key[name, list[i]] = 1
	all_keys[name] = must " " may
}

# Make set[word] true for each word of text.
function words(text, set,    list, i)
{
	for (i = split(text, list, " "); i > 0; i--)
		set[list[i]] = 1
}

function error_at(line, text)
{
	print file ":" line ": " text | "cat 1>&2"
	errors++
}

# --- values -------------------------------------------------------------------

# A decimal number in its one usual form, within min and max?
function is_number(text, min, max)
{
	return text ~ /^(0|-?[1-9][0-9]*)$/ && length(text) <= 11 && \
		text + 0 >= min && text + 0 <= max
}

# "0x800B0109" as the signed number of the same 32 bits.
function signed_of_hex(text,    number, i)
{
	number = 0
	for (i = 3; i <= length(text); i++)
		number = number * 16 + \
			index("0123456789ABCDEF", substr(text, i, 1)) - 1
	return number >= 2147483648 ? number - 4294967296 : number
}

function check_text(line, key, text, max)
{
	if (text ~ /[^ -~]/)
		error_at(line, key " has a character outside ASCII: \"" text \
			 "\"")
	if (text !~ /\.$/)
		error_at(line, key " does not end with a full stop: \"" text \
			 "\"")
	if (length(text) > max)
		error_at(line, key " has " length(text) " characters, " max \
			 " are allowed: \"" text "\"")
}

# Check a comma-separated list of key: each word is in the set known (what says
# of which kind it is) and stands once, none is 0, and there are at most max.
function check_list(line, key, text, known, what, max,    list, n, i, seen)
{
	n = split(text, list, ",")
	if (n > max)
		error_at(line, key " has " n " entries, " max \
			 " are allowed: \"" text "\"")
	for (i = 1; i <= n; i++) {
		if (!(list[i] in known) || list[i] == "0")
			error_at(line, key ": \"" list[i] "\" is no " what)
		if (list[i] in seen)
			error_at(line, key ": \"" list[i] "\" stands twice")
		seen[list[i]] = 1
	}
}

# --- tables -------------------------------------------------------------------

# Split a line of a table into column[1..n]; true if it has n of them, or one
# more if that may be, none empty and each of plain characters.
function columns(n, one_more, column,    found, i)
{
	found = split($0, column, "\t")
	if (found != n && found != n + one_more) {
		error_at(FNR, found " columns instead of " n ": \"" $0 "\"")
		return 0
	}
	for (i = 1; i <= found; i++)
		if (column[i] == "" || column[i] ~ /[^ -~]/) {
			error_at(FNR, "column " i " is empty or has a " \
				 "character outside ASCII: \"" $0 "\"")
			return 0
		}
	return 1
}

function add_code(number, symbol)
{
	if (!is_number(number, -2147483648, 2147483647))
		error_at(FNR, "\"" number "\" is no signed 32-bit decimal")
	else if (number in symbol_of)
		error_at(FNR, "code " number " stands twice")
	else if (symbol !~ /^[A-Z][A-Z0-9_]*(\([A-Z][A-Z0-9_]*\))?$/)
		error_at(FNR, "\"" symbol "\" is no symbol")
	else if (symbol in is_symbol)
		error_at(FNR, "symbol " symbol " stands twice")
	else {
		symbol_of[number] = symbol
		is_symbol[symbol] = 1
		code[++code_count] = number
		entries[kind]++
	}
}

function read_code(    column)
{
	if (columns(3, 0, column))
		add_code(column[1], column[2])
}

function read_hresult(    column)
{
	if (!columns(4, 0, column))
		return
	if (column[1] !~ /^0x[0-9A-F]+$/ || length(column[1]) != 10)
		error_at(FNR, "\"" column[1] "\" is not 0x and 8 digits")
	else if (signed_of_hex(column[1]) != column[2] + 0)
		error_at(FNR, column[1] " is not " column[2])
	else
		add_code(column[2], column[3])
}

function read_reason(    column)
{
	if (!columns(2, 1, column))
		return
	if (!is_number(column[1], 0, 65535))
		error_at(FNR, "\"" column[1] "\" is no reason code")
	else if (column[1] in reason_meaning)
		error_at(FNR, "reason " column[1] " stands twice")
	else {
		reason_meaning[column[1]] = column[2]
		reason_line[column[1]] = FNR
		if (3 in column)
			reason_causes[column[1]] = column[3]
		reason[++reason_count] = column[1]
		entries[kind]++
	}
}

# --- stanzas ------------------------------------------------------------------

# Take one line "key: value" of the stanza that is being read.
function take_key(    key)
{
	if (!stanza_line)
		stanza_line = FNR
	key = $0
	sub(/:.*/, "", key)
	last_key = ""
	if (!((kind, key) in is_key)) {
		error_at(FNR, "unknown key \"" key "\"")
		return
	}
	if (key in value) {
		error_at(FNR, "key \"" key "\" stands twice in one stanza")
		return
	}
	last_key = key
	value[key] = $0
	sub(/^[^:]*:[ \t]*/, "", value[key])
	line_of[key] = FNR
}

function take_continuation(    text)
{
	if (!stanza_line)
		error_at(FNR, "a continuation without a key: \"" $0 "\"")
	if (last_key == "")
		return
	text = $0
	sub(/^[ \t]+/, "", text)
	value[last_key] = value[last_key] " " text
}

# Read one line of a file of stanzas.
function read_stanza_line()
{
	if (length($0) > LINE_MAX)
		error_at(FNR, "a line has " length($0) " characters, " \
			 LINE_MAX " are allowed: \"" $0 "\"")
	if ($0 ~ /^#/)
		return
	if ($0 ~ /^[ \t]*$/)
		end_stanza()
	else if ($0 ~ /^[ \t]/)
		take_continuation()
	else if ($0 ~ /^[^ \t:]+:/)
		take_key()
	else
		error_at(FNR, "neither \"key: value\" nor a continuation: \"" \
			 $0 "\"")
}

# True if the stanza has a value for each key that it must have, and none that
# is empty.
function is_complete(    list, n, i, complete)
{
	complete = 1
	n = split(all_keys[kind], list, " ")
	for (i = 1; i <= n; i++) {
		if (!(list[i] in value) ? !((kind, list[i]) in must_have) : \
		    value[list[i]] != "")
			continue
		error_at(stanza_line, "\"" list[i] "\" is missing in the " \
			 "stanza of \"" name_of_stanza() "\"")
		complete = 0
	}
	return complete
}

function name_of_stanza()
{
	return kind == "causes.txt" ? value["slug"] : \
		kind == "codes.txt" ? value["code"] : value["message"]
}

function end_stanza(    key)
{
	if (stanza_line && is_complete()) {
		if (kind == "causes.txt")
			end_cause()
		else if (kind == "codes.txt")
			end_code()
		else
			end_message()
	}
	for (key in value)
		delete value[key]
	stanza_line = 0
	last_key = ""
}

# --- codes.txt ----------------------------------------------------------------

function end_code(    number)
{
	number = value["code"]
	if (!(number in symbol_of))
		error_at(line_of["code"], "code \"" number "\" is in no table")
	else if (number in meaning)
		error_at(line_of["code"], "code " number " stands twice")
	else if (symbol_of[number] != value["symbol"])
		error_at(line_of["symbol"], "the symbol of " number " is " \
			 symbol_of[number] ", not \"" value["symbol"] "\"")
	check_text(line_of["meaning"], "meaning", value["meaning"], TEXT_MAX)
	meaning[number] = value["meaning"]
	code_line[number] = line_of["code"]
	if ("causes" in value) {
		gsub(/, */, ",", value["causes"])
		first_causes[number] = value["causes"]
		code_line[number] = line_of["causes"]
	}
	entries[kind]++
}

# --- causes.txt ---------------------------------------------------------------

function check_slug(slug)
{
	if (slug !~ /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
		error_at(line_of["slug"], "bad characters in slug \"" slug \
			 "\": a-z, 0-9 and single hyphens are allowed")
	if (length(slug) > SLUG_MAX)
		error_at(line_of["slug"], "slug \"" slug "\" has more than " \
			 SLUG_MAX " characters")
	if (slug in is_slug)
		error_at(line_of["slug"], "slug \"" slug "\" stands twice")
	is_slug[slug] = 1
}

function check_numbers()
{
	if (value["codes"] !~ /^\((local|connected)\)$/)
		check_list(line_of["codes"], "codes", value["codes"], \
			   meaning, "code with a meaning in codes.txt", \
			   CODES_MAX)
	if (value["nps-reasons"] != "none")
		check_list(line_of["nps-reasons"], "nps-reasons", \
			   value["nps-reasons"], reason_meaning, \
			   "NPS reason", REASONS_MAX)
}

# A text of a cause: no other cause has the same.
function check_cause_text(key, max)
{
	if (!(key in value))
		return
	check_text(line_of[key], key, value[key], max)
	if ((key, value[key]) in text_of)
		error_at(line_of[key], key " is that of \"" \
			 text_of[key, value[key]] "\" too: \"" value[key] "\"")
	text_of[key, value[key]] = value["slug"]
}

# What is to be done must say where.
function check_place(key)
{
	if (value[key] !~ ("(^|[^A-Za-z])(" PLACES ")"))
		error_at(line_of[key], key " names no place: \"" value[key] \
			 "\"")
}

# The fix keeps security as it is; what does not says what it gives up.
function check_security()
{
	if (value["fix"] ~ LOWERING)
		error_at(line_of["fix"], "fix lowers security, which belongs " \
			 "into lowers-security: \"" value["fix"] "\"")
	if ("lowers-security" in value && \
	    value["lowers-security"] !~ /[Ii]t gives up/)
		error_at(line_of["lowers-security"], "lowers-security does " \
			 "not say what \"It gives up\": \"" \
			 value["lowers-security"] "\"")
}

# Whether redialling by itself can help; it can where nothing is said.
function check_redial()
{
	if ("redial" in value && value["redial"] != "after-change")
		error_at(line_of["redial"], "redial is not after-change: \"" \
			 value["redial"] "\"")
}

function end_cause(    key)
{
	check_slug(value["slug"])
	check_list(line_of["stages"], "stages", value["stages"], is_stage, \
		   "stage", 99)
	check_list(line_of["mend-at"], "mend-at", value["mend-at"], is_place, \
		   "place", 99)
	check_redial()
	check_numbers()
	check_cause_text("summary", SUMMARY_MAX)
	check_cause_text("why", TEXT_MAX)
	check_cause_text("check", TEXT_MAX)
	check_cause_text("check-windows", TEXT_MAX)
	check_cause_text("fix", TEXT_MAX)
	check_cause_text("lowers-security", TEXT_MAX)
	check_cause_text("unseen", TEXT_MAX)
	check_place("check")
	check_place("fix")
	check_security()
	cause_count++
	in_file[cause_count] = cause[cause_count] = value["slug"]
	for (key in value)
		cause_value[value["slug"], key] = value[key]
	entries[kind]++
}

# --- messages.txt -------------------------------------------------------------

function check_events(    list, n, i)
{
	n = split(value["events"], list, ",")
	for (i = 1; i <= n; i++) {
		if (!is_number(list[i], 20221, 20227) && \
		    !is_number(list[i], 20298, 20299))
			error_at(line_of["events"], "\"" list[i] \
				 "\" is no event of RasClient, nor of ours")
		if (list[i] in event_number)
			error_at(line_of["events"], "event " list[i] \
				 " stands twice")
		event_number[list[i]] = value["number"]
	}
}

function end_message(    name)
{
	name = value["message"]
	if (!(name in is_message))
		error_at(line_of["message"], "\"" name "\" is no message")
	if (name in message_number)
		error_at(line_of["message"], "message \"" name \
			 "\" stands twice")
	if (!is_number(value["number"], 1, 2147483647))
		error_at(line_of["number"], "\"" value["number"] \
			 "\" is no number of a message")
	else if (value["number"] in number_taken || value["number"] in meaning)
		error_at(line_of["number"], "number " value["number"] \
			 " is taken")
	number_taken[value["number"]] = 1
	check_events()
	check_text(line_of["text"], "text", value["text"], TEXT_MAX)
	message[++message_count] = name
	message_number[name] = value["number"]
	message_subject[name] = value["subject"]
	message_text[name] = value["text"]
	entries[kind]++
}

# --- ranks --------------------------------------------------------------------

# Append slug to ranked[kind, number, 1..], once.
function rank(of, number, slug)
{
	if ((of, number, slug) in has_rank)
		return
	has_rank[of, number, slug] = 1
	ranked[of, number, ++ranked_count[of, number]] = slug
}

# Rank the causes by the place at which they name a number in key: what is usual
# for a cause is likelier behind it; else in the order of the file.
function rank_by(of, key, max,    place, i, list, n)
{
	for (place = 1; place <= max; place++)
		for (i = 1; i <= cause_count; i++) {
			n = split(cause_value[in_file[i], key], list, ",")
			if (place <= n)
				rank(of, list[place], in_file[i])
		}
}

# Those that a code or reason itself names stand before all others.
function rank_first(of, number, causes, line,    list, n, i)
{
	if (causes == "none")
		return
	n = split(causes, list, ",")
	for (i = 1; i <= n; i++) {
		if (!(list[i] in is_slug))
			error_at(line, "causes: \"" list[i] "\" is no cause")
		if ((of, number, list[i]) in has_rank)
			error_at(line, "causes: \"" list[i] "\" stands twice")
		rank(of, number, list[i])
	}
}

# Nothing without a cause, but for what says so.
function check_explained(of, number, causes, line)
{
	if (!ranked_count[of, number] && causes != "none")
		error_at(line, of " " number " has no cause: name some, or none")
}

function rank_codes(    number)
{
	file = "codes.txt"
	for (number in first_causes)
		rank_first("code", number, first_causes[number], \
			   code_line[number])
	rank_by("code", "codes", CODES_MAX)
	for (number in meaning)
		if (number != 0)
			check_explained("code", number, \
					first_causes[number], code_line[number])
}

function rank_reasons(    number)
{
	file = "nps_reasons.tsv"
	for (number in reason_causes)
		rank_first("reason", number, reason_causes[number], \
			   reason_line[number])
	rank_by("reason", "nps-reasons", REASONS_MAX)
	for (number in reason_meaning)
		check_explained("reason", number, reason_causes[number], \
				reason_line[number])
}

# --- input --------------------------------------------------------------------

FNR == 1 {
	end_stanza()
	file = FILENAME
	kind = FILENAME
	sub(/.*\//, "", kind)
	if (!(kind in is_input))
		error_at(FNR, "no file of the vocabulary")
}

kind ~ /\.txt$/ {
	read_stanza_line()
	next
}

/^#/ {
	next
}

kind == "codes.tsv" {
	read_code()
}

kind == "hresults.tsv" {
	read_hresult()
}

kind == "nps_reasons.tsv" {
	read_reason()
}

# --- output -------------------------------------------------------------------

# Sort list[1..n] as numbers.
function sort_numbers(list, n,    i, j, item)
{
	for (i = 2; i <= n; i++) {
		item = list[i]
		for (j = i - 1; j > 0 && list[j] + 0 > item + 0; j--)
			list[j + 1] = list[j]
		list[j + 1] = item
	}
}

# Sort list[1..n] as strings.
function sort_strings(list, n,    i, j, item)
{
	for (i = 2; i <= n; i++) {
		item = list[i]
		for (j = i - 1; j > 0 && (list[j] "") > (item ""); j--)
			list[j + 1] = list[j]
		list[j + 1] = item
	}
}

# The MESSAGE_ID of a number, negative ones as the same 32 bits.
function message_id(number,    digits, i)
{
	number += 0
	if (number < 0)
		number += 4294967296
	for (i = 0; i < 8; i++) {
		digits = substr("0123456789abcdef", number % 16 + 1, 1) digits
		number = int(number / 16)
	}
	return MESSAGE_PREFIX digits
}

# Print text in lines of at most 78 characters, all but the first behind hang
# blanks; the first begins with label.
function print_wrapped(label, hang, text,    list, n, i, line)
{
	n = split(text, list, " ")
	line = label list[1]
	for (i = 2; i <= n; i++)
		if (length(line) + 1 + length(list[i]) <= 78)
			line = line " " list[i]
		else {
			print line
			line = sprintf("%" hang "s", "") list[i]
		}
	print line
}

END {
	end_stanza()
	for (input in is_input)
		if (!entries[input]) {
			file = input
			error_at(0, "no entry was read")
		}
	for (name in is_message)
		if (!(name in message_number)) {
			file = "messages.txt"
			error_at(0, "message \"" name "\" is missing")
		}
	rank_codes()
	rank_reasons()
	if (errors) {
		close("cat 1>&2")
		exit 1
	}
	sort_numbers(code, code_count)
	sort_numbers(reason, reason_count)
	sort_strings(cause, cause_count)
	write()
}
