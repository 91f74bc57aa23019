# SPDX-License-Identifier: GPL-2.0-or-later
# write_schema.awk - the JSON schema of the record: record.schema.json.in, named
# by -v template=FILE, with the lists of the vocabulary in it. Its input is what
# read.awk has read.

# Elements of a JSON list of strings: values of list[1..n].
function strings(list, n,    i, text)
{
	for (i = 1; i <= n; i++)
		text = text (i > 1 ? ", " : "") "\"" list[i] "\""
	return text
}

function numbers(list, n,    i, text)
{
	for (i = 1; i <= n; i++)
		text = text (i > 1 ? ", " : "") list[i]
	return text
}

function all_symbols(    i, list)
{
	for (i = 1; i <= code_count; i++)
		list[i] = symbol_of[code[i]]
	return strings(list, code_count)
}

function all_places(    text)
{
	text = MEND_AT
	gsub(/ /, "|", text)
	return text
}

# The line with each @NAME@ replaced, where it has one.
function filled(line,    name)
{
	for (name in filling)
		gsub("@" name "@", filling[name], line)
	return line
}

function write(    line, list, status)
{
	filling["CODES"] = numbers(code, code_count)
	filling["SYMBOLS"] = all_symbols()
	filling["CAUSES"] = strings(cause, cause_count)
	filling["REASONS"] = numbers(reason, reason_count)
	filling["STAGES"] = strings(list, split(STAGES, list, " "))
	filling["PLACES"] = all_places()
	while ((status = (getline line <template)) > 0)
		print filled(line)
	if (status < 0) {
		print "cannot read " template | "cat 1>&2"
		exit 1
	}
}
