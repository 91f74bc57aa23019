/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complaint.c - see complaint.h. libbpf's print function has no user data. */
#include "complaint.h"

#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char kept[96];

/* The verifier's last words stand before its statistics. */
static void keep_verdict(char *log)
{
	char *end, *line;

	end = strstr(log, "\nprocessed ");
	if (!end)
		return;
	*end = '\0';
	line = strrchr(log, '\n');
	snprintf(kept, sizeof(kept), "%s", line ? line + 1 : log);
}

static int keep(enum libbpf_print_level level, const char *format, va_list args)
{
	char *text;

	if (level != LIBBPF_WARN || vasprintf(&text, format, args) < 0)
		return 0;
	if (strstr(text, "BEGIN PROG LOAD LOG"))
		keep_verdict(text);
	else if (kept[0] == '\0')
		snprintf(kept, sizeof(kept), "%.*s", (int)strcspn(text, "\n"),
			 text);
	free(text);
	return 0;
}

void complaint_listen(void)
{
	libbpf_set_print(keep);
}

void complaint_clear(void)
{
	kept[0] = '\0';
}

const char *complaint(void)
{
	return kept;
}
