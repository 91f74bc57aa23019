/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * form.h - a structure as a JSON object, and back, by a table of its fields.
 *
 * Writing and reading go by the same table, so each is the other's inverse:
 * what was written comes back as it was (a flag that is neither 0 nor 1 as 1, a
 * count above INT64_MAX as that). Reading trusts nothing: a key that is in no
 * table, a wrong type, a number that does not fit, a name that is none, a text
 * or list too long is an error that names the place and the value; what is
 * missing is 0.
 */
#ifndef AOVPN_FORM_H
#define AOVPN_FORM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum form_type {
	FORM_UNSIGNED, /* a number of 1, 2, 4 or 8 bytes */
	FORM_SIGNED,   /* of 4 or 8 */
	FORM_TIME,     /* time_t as a number: seconds since 1970, 0: unknown */
	FORM_FLAG,     /* true or false, of 1 byte */
	FORM_TEXT,     /* char[size], exact_text.h */
	FORM_BYTES,    /* uint8_t[size], in hexadecimal */
	FORM_NAME,     /* a number out of names; one that has none as digits */
	FORM_CHOICE,   /* the same, and one that has none is an error */
	FORM_ERRNO,    /* "ECONNREFUSED", 0: "" */
	FORM_GAI,      /* "EAI_NONAME", 0: "" */
	FORM_HEX,      /* a number in hexadecimal, all its digits */
	FORM_ADDRESS, /* uint8_t[16], of the family (uint8_t) at other; "": 0 */
	FORM_NUMBERS, /* uint16_t[], as many as the number at other says and
			 fit; that is a field of its own, before this one */
	/* Lists whose length is the number (uint32_t) at other: */
	FORM_TEXTS,   /* char[][each] */
	FORM_OBJECTS, /* structures of each bytes, by fields */
	FORM_OBJECT,  /* a structure, by fields */
	FORM_WITHIN,  /* told by another field */
};

struct form {
	const char *name; /* the key; NULL ends a table */
	enum form_type type;
	size_t offset; /* in the structure */
	size_t size;   /* bytes there */
	size_t other;  /* offset of what it depends on */
	size_t each;
	const char *const *names; /* by number; NULL: has none */
	uint32_t name_count;
	const struct form *fields;
};

/* For tables. */
#define FORM_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FORM_AT(structure, type_, member)      \
	.name = #member, .type = FORM_##type_, \
	.offset = offsetof(structure, member), \
	.size = sizeof(((structure *)0)->member)
#define FORM_NAMES(list) .names = list, .name_count = FORM_COUNT(list)
#define FORM_LIST(structure, member, count)  \
	.other = offsetof(structure, count), \
	.each = sizeof(((structure *)0)->member[0])
#define FORM_END             \
	{                    \
		.name = NULL \
	}

/* Where in a document something stands: for errors. */
struct form_place {
	const struct form_place *within; /* NULL: the document */
	const char *name;                /* key, or NULL for an element */
	size_t index;                    /* of an element */
};

/* Set error to "PLACE: ..." and return code. */
int form_error(const struct form_place *place, struct aovpn_error *error,
	       int code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* One field of the structure at base. Returns a new reference; NULL without
 * memory and for FORM_WITHIN. */
json_t *form_write_field(const struct form *form, const void *base);

/* All that are not 0, empty or false, as an object: new reference or NULL. */
json_t *form_write(const struct form *table, const void *base);

/* Set these keys of object. Returns 0 or -ENOMEM. */
int form_write_into(const struct form *table, const void *base, json_t *object);

/*
 * Read one field; place is value's. Errors: -EBADMSG with a text.
 */
int form_read_field(const struct form *form, const json_t *value, void *base,
		    const struct form_place *place, struct aovpn_error *error);

/* Read what object has of the table's fields; base is zeroed before. Other keys
 * are not looked at. Errors as above. */
int form_read_known(const struct form *table, const json_t *object, void *base,
		    const struct form_place *place, struct aovpn_error *error);

/* The same, and a key that is not in the table is an error. */
int form_read(const struct form *table, const json_t *object, void *base,
	      const struct form_place *place, struct aovpn_error *error);

/* The table's field of that key, or NULL; FORM_WITHIN have none. */
const struct form *form_find(const struct form *table, const char *key);

#endif
