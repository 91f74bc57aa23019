# generate.awk - turns the vocabulary into C tables for codes.c.
#
#	LC_ALL=C awk -f generate.awk codes.tsv hresults.tsv nps_reasons.tsv \
#		codes.txt causes.txt >vocabulary.inc.c
#
# In that order: what is referred to comes first. The forms of the files are
# described in README.md. Every mistake is reported as FILE:LINE: TEXT with the
# offending value; if there was one, nothing is written and the exit status is
# 1. Plain POSIX awk, so that any awk will do.

BEGIN {
	SUMMARY_MAX = 90	# characters: fits a line behind a code
	TEXT_MAX = 700		# characters of any other text
	SLUG_MAX = 63		# an observation carries it (AOVPN_NAME_MAX)
	CODES_MAX = 4		# AOVPN_CAUSE_CODES_MAX
	REASONS_MAX = 8		# AOVPN_CAUSE_REASONS_MAX

	words("codes.tsv hresults.tsv nps_reasons.tsv codes.txt causes.txt", \
	      is_input)
	words("code symbol meaning", code_keys)
	words("slug stages mend-at codes nps-reasons summary why check fix", \
	      cause_keys)
	words("resolve reach negotiate gateway-auth credential eap-identity " \
	      "eap-tls authorize configure up any", is_stage)
	words("client dns network gateway nps ca ad any", is_place)
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

# Split a line of a table into column[1..n]; true if it has exactly n, none
# empty and each of plain characters.
function columns(n, column,    found, i)
{
	found = split($0, column, "\t")
	if (found != n) {
		error_at(FNR, found " columns instead of " n ": \"" $0 "\"")
		return 0
	}
	for (i = 1; i <= n; i++)
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
	if (columns(3, column))
		add_code(column[1], column[2])
}

function read_hresult(    column)
{
	if (!columns(4, column))
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
	if (!columns(2, column))
		return
	if (!is_number(column[1], 0, 65535))
		error_at(FNR, "\"" column[1] "\" is no reason code")
	else if (column[1] in reason_meaning)
		error_at(FNR, "reason " column[1] " stands twice")
	else {
		reason_meaning[column[1]] = column[2]
		reason[++reason_count] = column[1]
		entries[kind]++
	}
}

# --- stanzas ------------------------------------------------------------------

# Take one line "key: value" of the stanza that is being read.
function take_key(keys,    key)
{
	if (!stanza_line)
		stanza_line = FNR
	key = $0
	sub(/:.*/, "", key)
	last_key = ""
	if (!(key in keys)) {
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
function read_stanza_line(keys)
{
	if ($0 ~ /^#/)
		return
	if ($0 ~ /^[ \t]*$/)
		end_stanza()
	else if ($0 ~ /^[ \t]/)
		take_continuation()
	else if ($0 ~ /^[^ \t:]+:/)
		take_key(keys)
	else
		error_at(FNR, "neither \"key: value\" nor a continuation: \"" \
			 $0 "\"")
}

# True if the stanza has a value for each of keys.
function is_complete(keys,    key, complete)
{
	complete = 1
	for (key in keys)
		if (!(key in value) || value[key] == "") {
			error_at(stanza_line, "\"" key "\" is missing in the " \
				 "stanza of \"" name_of_stanza() "\"")
			complete = 0
		}
	return complete
}

function name_of_stanza()
{
	return kind == "causes.txt" ? value["slug"] : value["code"]
}

function end_stanza(    key)
{
	if (stanza_line) {
		if (kind == "causes.txt")
			end_cause()
		else
			end_code()
	}
	for (key in value)
		delete value[key]
	stanza_line = 0
	last_key = ""
}

function end_code(    number)
{
	if (!is_complete(code_keys))
		return
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
	entries[kind]++
}

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

function check_cause()
{
	check_slug(value["slug"])
	check_list(line_of["stages"], "stages", value["stages"], is_stage, \
		   "stage", 99)
	check_list(line_of["mend-at"], "mend-at", value["mend-at"], is_place, \
		   "place", 99)
	if (value["codes"] !~ /^\((local|connected)\)$/)
		check_list(line_of["codes"], "codes", value["codes"], \
			   meaning, "code with a meaning in codes.txt", \
			   CODES_MAX)
	if (value["nps-reasons"] != "none")
		check_list(line_of["nps-reasons"], "nps-reasons", \
			   value["nps-reasons"], reason_meaning, \
			   "NPS reason", REASONS_MAX)
	check_text(line_of["summary"], "summary", value["summary"], SUMMARY_MAX)
	check_text(line_of["why"], "why", value["why"], TEXT_MAX)
	check_text(line_of["check"], "check", value["check"], TEXT_MAX)
	check_text(line_of["fix"], "fix", value["fix"], TEXT_MAX)
}

function end_cause(    key)
{
	if (!is_complete(cause_keys))
		return
	check_cause()
	cause[++cause_count] = value["slug"]
	for (key in cause_keys)
		cause_value[value["slug"], key] = value[key]
	entries[kind]++
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

kind == "codes.txt" {
	read_stanza_line(code_keys)
	next
}

kind == "causes.txt" {
	read_stanza_line(cause_keys)
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

function write_codes(    i)
{
	sort_numbers(code, code_count)
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
	sort_numbers(reason, reason_count)
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
	print "\t\t.fix = " literal(cause_value[slug, "fix"]) ","
	print "\t\t.codes = {" (codes ~ /^\(/ ? "0" : codes) "},"
	print "\t\t.nps_reasons = {" (reasons == "none" ? "0" : reasons) "},"
	print "\t},"
}

function write_causes(    i)
{
	sort_strings(cause, cause_count)
	print "_Static_assert(AOVPN_CAUSE_CODES_MAX == " CODES_MAX " &&"
	print "\t       AOVPN_CAUSE_REASONS_MAX == " REASONS_MAX ","
	print "\t       \"generate.awk and codes.h differ\");\n"
	print "/* By slug. */"
	print "static const struct aovpn_cause causes[] = {"
	for (i = 1; i <= cause_count; i++)
		write_cause(cause[i])
	print "};"
}

END {
	end_stanza()
	for (input in is_input)
		if (!entries[input]) {
			file = input
			error_at(0, "no entry was read")
		}
	if (errors) {
		close("cat 1>&2")
		exit 1
	}
	print "/* Made by generate.awk from the vocabulary: do not edit. */\n"
	write_codes()
	write_symbols()
	write_reasons()
	write_causes()
}
