/* SPDX-License-Identifier: GPL-2.0-or-later */
/* whole_json.c - see whole_json.h. */
#include "whole_json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 1024

static _Thread_local bool short_of_memory;

static void *allocate(size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		short_of_memory = true;
	return memory;
}

void whole_json_watch(void)
{
	json_set_alloc_funcs(allocate, free);
}

void whole_json_begin(void)
{
	short_of_memory = false;
}

bool whole_json_failed(void)
{
	return short_of_memory;
}

struct text {
	char *bytes;
	size_t length, size;
	bool failed; /* jansson goes on behind some failures */
};

static bool make_room(struct text *text, size_t more)
{
	size_t size = text->size ? text->size : FIRST_SIZE;
	char *bytes;

	while (size - text->length <= more)
		size *= 2;
	if (size == text->size)
		return true;
	bytes = realloc(text->bytes, size);
	if (!bytes)
		return false;
	text->bytes = bytes;
	text->size = size;
	return true;
}

static int append(const char *buffer, size_t size, void *user)
{
	struct text *text = user;

	if (text->failed || !make_room(text, size)) {
		text->failed = true;
		return -1;
	}
	memcpy(text->bytes + text->length, buffer, size);
	text->length += size;
	text->bytes[text->length] = '\0';
	return 0;
}

char *whole_json_text(const json_t *value)
{
	struct text text = {0};
	bool failed = json_dump_callback(value, append, &text,
					 JSON_COMPACT | JSON_ENCODE_ANY) < 0;

	if (!failed && !text.failed && !short_of_memory && text.bytes)
		return text.bytes;
	free(text.bytes);
	return NULL;
}
