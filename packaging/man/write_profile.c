/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write_profile.c - writes what there is to read about profiles out of the
 * table of their keys (profile_key.h), at build time: "man" the page
 * aovpn-profile(5), in man(7)'s form, "example" a profile with every setting.
 */
#include <stdio.h>
#include <string.h>

#include "profile_key.h"
#include "profile_option.h"

/* Text for roff: what it would take for a command, an escape or a typographic
 * sign stays what it is. */
static void print_roff(const char *text)
{
	const char *c;

	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (c = text; *c != '\0'; c++) {
		switch (*c) {
		case '\\':
			fputs("\\e", stdout);
			break;
		case '-':
			fputs("\\-", stdout);
			break;
		case '\'':
			fputs("\\(aq", stdout);
			break;
		case '"':
			fputs("\\(dq", stdout);
			break;
		case '^':
			fputs("\\(ha", stdout);
			break;
		case '~':
			fputs("\\(ti", stdout);
			break;
		default:
			putchar(*c);
		}
	}
}

/* The same, a sentence a line. */
static void print_sentences(const char *text)
{
	char line[1024];
	const char *end;

	while (*text != '\0') {
		end = strstr(text, ". ");
		if (!end)
			end = text + strlen(text) - 1;
		snprintf(line, sizeof(line), "%.*s", (int)(end - text + 1),
			 text);
		print_roff(line);
		putchar('\n');
		text = end + 1 + strspn(end + 1, " ");
	}
}

static void print_labelled(const char *label, const char *text)
{
	printf(".br\n.I %s:\n", label);
	print_roff(text);
	putchar('\n');
}

static void print_older_names(enum aovpn_profile_key_index key)
{
	const struct aovpn_profile_alias *alias;
	char text[128];
	size_t i;

	for (i = 0; i < aovpn_profile_alias_count; i++) {
		alias = &aovpn_profile_aliases[i];
		snprintf(text, sizeof(text), "[%s] %s=", alias->section,
			 alias->name);
		if (alias->key == key)
			print_labelled("also as", text);
	}
}

static const char *default_of(const struct aovpn_profile_key *key)
{
	if (key->required)
		return "none: it must be given";
	return key->fallback ? key->fallback : key->otherwise;
}

static void print_key(enum aovpn_profile_key_index i)
{
	const struct aovpn_profile_key *key = &aovpn_profile_keys[i];
	char option[AOVPN_PROFILE_OPTION_MAX], example[256];

	aovpn_profile_option(key, option);
	snprintf(example, sizeof(example), "%s=%s", key->name, key->example);
	printf(".TP\n.BR ");
	print_roff(key->name);
	putchar('=');
	printf("\n");
	print_sentences(key->meaning);
	print_labelled(key->kind == AOVPN_KEY_LIST ? "each item" : "value",
		       key->must_be);
	print_labelled("default", default_of(key));
	print_labelled("example", example);
	print_older_names(i);
	snprintf(example, sizeof(example), "--%s", option);
	print_labelled("option of aovpn profile add", example);
}

static const char head[] =
	".SH NAME\n"
	"aovpn\\-profile \\- a connection of the Always On VPN client\n"
	".SH SYNOPSIS\n"
	".I /etc/aovpn/profiles/NAME.conf\n"
	".br\n"
	".I /run/aovpn/profiles/NAME.conf\n"
	".br\n"
	".I /usr/lib/aovpn/profiles/NAME.conf\n"
	".br\n"
	".I .../NAME.conf.d/*.conf\n"
	".SH DESCRIPTION\n"
	"A profile is one connection that\n"
	".BR aovpn (1)\n"
	"dials.\n"
	"NAME is 1 to 55 characters out of A\\-Z, a\\-z, 0\\-9, \".\", \"_\" "
	"and\n"
	"\"\\-\", not beginning with \".\" or \"\\-\".\n"
	".PP\n"
	"The file has sections, keys and values; a comment stands on a line "
	"of\n"
	"its own, behind \"#\" or \";\".\n"
	"The reader is strict: an unknown section or key, a key given twice, "
	"a\n"
	"value that cannot be and a line that is nothing are errors that name\n"
	"file, line and value.\n"
	"Items of a list are separated by \",\" unless it says otherwise.\n"
	"A profile holds no secret, so that everybody may read it; nobody but\n"
	"root may write it or its directory, else it is refused.\n"
	".SH \"WHERE IT IS LOOKED FOR\"\n"
	"NAME.conf of the administrator, in /etc, masks that in /run, which\n"
	"masks the vendor's in /usr/lib.\n"
	"A link to /dev/null says that there is no such profile.\n"
	".PP\n"
	"Drop\\-ins, NAME.conf.d/*.conf of all three places, are read behind "
	"it,\n"
	"in the order of their names; of one name the first place counts, as\n"
	"above.\n"
	"What is read later overrides what was before; a list is appended to.\n"
	"In a drop\\-in \"Key=\" without a value takes back what the files "
	"before\n"
	"it said; the key may be given once more behind that.\n"
	".PP\n"
	"A change counts from the next dial on.\n";

static const char tail[] = ".SH \"SEE ALSO\"\n"
			   ".BR aovpn (1),\n"
			   ".BR aovpn\\-codes (7),\n"
			   ".BR aovpnd (8)\n";

static void print_manual(void)
{
	const char *section = "";
	size_t i;

	printf(".TH aovpn\\-profile 5 \"\" \"aovpn %s\"\n%s", AOVPN_VERSION,
	       head);
	for (i = 0; i < KEY_COUNT; i++) {
		if (strcmp(section, aovpn_profile_keys[i].section) != 0)
			printf(".SH \"[%s]\"\n", aovpn_profile_keys[i].section);
		section = aovpn_profile_keys[i].section;
		print_key((enum aovpn_profile_key_index)i);
	}
	fputs(tail, stdout);
}

/* A comment in lines of at most 77 bytes. */
static void print_comment(const char *text)
{
	size_t column = 0, length;

	for (; *text != '\0'; text += length + strspn(text + length, " ")) {
		length = strcspn(text, " ");
		if (column > 0 && column + 1 + length > 77) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf("%s%.*s", column ? " " : "# ",
					 (int)length, text);
	}
	putchar('\n');
}

static void print_example(void)
{
	const struct aovpn_profile_key *key;
	const char *section = "";
	size_t i;

	puts("# Every setting of a profile, with its default where there is "
	     "one, else an\n# example. Only what is not commented out must be "
	     "given.");
	for (i = 0; i < KEY_COUNT; i++) {
		key = &aovpn_profile_keys[i];
		if (strcmp(section, key->section) != 0)
			printf("\n[%s]\n", key->section);
		else
			putchar('\n');
		section = key->section;
		print_comment(key->meaning);
		if (!key->fallback && !key->required) {
			printf("# Without it: ");
			puts(key->otherwise);
		}
		printf("%s%s=%s\n",
		       key->required || i == KEY_CERTIFICATE ? "" : "#",
		       key->name, key->fallback ? key->fallback : key->example);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "man") == 0)
		print_manual();
	else if (argc == 2 && strcmp(argv[1], "example") == 0)
		print_example();
	else
		return 2;
	return fflush(stdout) == 0 ? 0 : 1;
}
