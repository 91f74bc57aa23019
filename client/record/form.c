/* SPDX-License-Identifier: GPL-2.0-or-later */
/* form.c - see form.h. Writing comes first, then reading, field type by type.
 */
#include "form.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "exact_text.h"
#include "observation.h"

/* gmtime(3) and strftime(3) can do these: the years 0 to 9999. */
#define TIME_MIN (-62167219200)
#define TIME_MAX 253402300799

#define ERRNO_MAX 4095 /* the kernel's */

static const struct {
	int error;
	const char *name;
} gai_errors[] = {
	{0, ""},
	{EAI_AGAIN, "EAI_AGAIN"},
	{EAI_BADFLAGS, "EAI_BADFLAGS"},
	{EAI_FAIL, "EAI_FAIL"},
	{EAI_FAMILY, "EAI_FAMILY"},
	{EAI_MEMORY, "EAI_MEMORY"},
	{EAI_NODATA, "EAI_NODATA"},
	{EAI_NONAME, "EAI_NONAME"},
	{EAI_SERVICE, "EAI_SERVICE"},
	{EAI_SYSTEM, "EAI_SYSTEM"},
};

static const void *at(const void *base, size_t offset)
{
	return (const char *)base + offset;
}

static uint32_t count_at(const void *base, size_t offset)
{
	uint32_t count;

	memcpy(&count, at(base, offset), sizeof(count));
	return count;
}

static uint64_t unsigned_at(const void *base, const struct form *form)
{
	const void *from = at(base, form->offset);
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (form->size) {
	case sizeof(u16):
		memcpy(&u16, from, sizeof(u16));
		return u16;
	case sizeof(u32):
		memcpy(&u32, from, sizeof(u32));
		return u32;
	case sizeof(u64):
		memcpy(&u64, from, sizeof(u64));
		return u64;
	}
	return *(const uint8_t *)from;
}

static int64_t signed_at(const void *base, const struct form *form)
{
	int32_t i32;

	if (form->size == sizeof(i32)) {
		memcpy(&i32, at(base, form->offset), sizeof(i32));
		return i32;
	}
	return (int64_t)unsigned_at(base, form);
}

/* A type that can be negative has names, too: errno and EAI_*. */
static int64_t number_at(const void *base, const struct form *form)
{
	const uint64_t value = unsigned_at(base, form);

	switch (form->type) {
	case FORM_SIGNED:
	case FORM_TIME:
	case FORM_ERRNO:
	case FORM_GAI:
		return signed_at(base, form);
	default:
		return value > INT64_MAX ? INT64_MAX : (int64_t)value;
	}
}

/* --- names -----------------------------------------------------------------
 */

static const char *gai_name(int64_t value)
{
	size_t i;

	for (i = 0; i < FORM_COUNT(gai_errors); i++)
		if (gai_errors[i].error == value)
			return gai_errors[i].name;
	return NULL;
}

static const char *errno_name(int64_t value)
{
	if (value == 0)
		return "";
	return value > 0 && value <= ERRNO_MAX ? strerrorname_np((int)value)
					       : NULL;
}

static const char *name_of(const struct form *form, int64_t value)
{
	if (form->type == FORM_GAI)
		return gai_name(value);
	if (form->type == FORM_ERRNO)
		return errno_name(value);
	return value >= 0 && value < form->name_count ? form->names[value]
						      : NULL;
}

static json_t *write_name(const struct form *form, int64_t value)
{
	const char *name = name_of(form, value);
	char digits[24];

	if (name)
		return json_string(name);
	snprintf(digits, sizeof(digits), "%" PRId64, value);
	return json_string(digits);
}

/* --- writing ---------------------------------------------------------------
 */

static json_t *write_bytes(const void *base, const struct form *form)
{
	const uint8_t *bytes = at(base, form->offset);
	char out[2 * 64 + 1] = "";
	size_t i;

	for (i = 0; i < form->size && 2 * i + 2 < sizeof(out); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return json_string(out);
}

static json_t *write_hex(const void *base, const struct form *form)
{
	char out[24];

	snprintf(out, sizeof(out), "%0*" PRIx64, (int)(2 * form->size),
		 unsigned_at(base, form));
	return json_string(out);
}

static json_t *write_address(const void *base, const struct form *form)
{
	const uint8_t *family = at(base, form->other);
	char out[INET6_ADDRSTRLEN];

	return json_string(aovpn_address_text(*family, at(base, form->offset),
					      out, sizeof(out)));
}

/* How many numbers the list has in JSON. */
static size_t numbers_count(const void *base, const struct form *form)
{
	const size_t room = form->size / sizeof(uint16_t);
	const uint32_t count = count_at(base, form->other);

	return count < room ? count : room;
}

static json_t *write_numbers(const void *base, const struct form *form)
{
	const size_t count = numbers_count(base, form);
	json_t *list = json_array();
	uint16_t value;
	size_t i;

	for (i = 0; i < count; i++) {
		memcpy(&value, at(base, form->offset + i * sizeof(value)),
		       sizeof(value));
		json_array_append_new(list, json_integer(value));
	}
	return list;
}

static json_t *write_list(const void *base, const struct form *form)
{
	const size_t room = form->size / form->each;
	uint32_t count = count_at(base, form->other), i;
	json_t *list = json_array();
	const void *from;

	for (i = 0; i < count && i < room; i++) {
		from = at(base, form->offset + i * form->each);
		json_array_append_new(list,
				      form->type == FORM_TEXTS
					      ? exact_text_json(from)
					      : form_write(form->fields, from));
	}
	return list;
}

json_t *form_write_field(const struct form *form, const void *base)
{
	switch (form->type) {
	case FORM_UNSIGNED:
	case FORM_SIGNED:
	case FORM_TIME:
		return json_integer(number_at(base, form));
	case FORM_FLAG:
		return json_boolean(number_at(base, form) != 0);
	case FORM_TEXT:
		return exact_text_json(at(base, form->offset));
	case FORM_BYTES:
		return write_bytes(base, form);
	case FORM_NAME:
	case FORM_CHOICE:
	case FORM_ERRNO:
	case FORM_GAI:
		return write_name(form, number_at(base, form));
	case FORM_HEX:
		return write_hex(base, form);
	case FORM_ADDRESS:
		return write_address(base, form);
	case FORM_NUMBERS:
		return write_numbers(base, form);
	case FORM_TEXTS:
	case FORM_OBJECTS:
		return write_list(base, form);
	case FORM_OBJECT:
		return form_write(form->fields, at(base, form->offset));
	case FORM_WITHIN:
		break;
	}
	return NULL;
}

/* Would reading nothing give the same? */
static bool is_empty(const struct form *form, const json_t *value)
{
	switch (form->type) {
	case FORM_UNSIGNED:
	case FORM_SIGNED:
	case FORM_TIME:
		return json_integer_value(value) == 0;
	case FORM_FLAG:
		return json_is_false(value);
	case FORM_TEXT:
	case FORM_ERRNO:
	case FORM_GAI:
	case FORM_ADDRESS:
		return json_string_length(value) == 0;
	case FORM_NAME:
	case FORM_CHOICE:
		return strcmp(json_string_value(value),
			      name_of(form, 0) ?: "0") == 0;
	case FORM_NUMBERS:
	case FORM_TEXTS:
	case FORM_OBJECTS:
		return json_array_size(value) == 0;
	case FORM_OBJECT:
		return json_object_size(value) == 0;
	case FORM_BYTES:
	case FORM_HEX:
	case FORM_WITHIN:
		break;
	}
	return false;
}

int form_write_into(const struct form *table, const void *base, json_t *object)
{
	const struct form *form;
	json_t *value;

	for (form = table; form->name; form++) {
		if (form->type == FORM_WITHIN)
			continue;
		value = form_write_field(form, base);
		if (!value)
			return -ENOMEM;
		if (is_empty(form, value))
			json_decref(value);
		else if (json_object_set_new(object, form->name, value) < 0)
			return -ENOMEM;
	}
	return 0;
}

json_t *form_write(const struct form *table, const void *base)
{
	json_t *object = json_object();

	if (object && form_write_into(table, base, object) < 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

/* --- errors ----------------------------------------------------------------
 */

static size_t put_place(const struct form_place *place, char *out, size_t size)
{
	size_t used;
	int n;

	if (!place || size == 0)
		return 0;
	used = put_place(place->within, out, size);
	if (place->name)
		n = snprintf(out + used, size - used, "%s%.64s",
			     used > 0 ? "." : "", place->name);
	else
		n = snprintf(out + used, size - used, "[%zu]", place->index);
	return n < 0 || used + (size_t)n >= size ? size - 1 : used + (size_t)n;
}

int form_error(const struct form_place *place, struct aovpn_error *error,
	       int code, const char *format, ...)
{
	char where[160] = "", what[256];
	va_list args;

	put_place(place, where, sizeof(where));
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return aovpn_error_set(error, code, "%s%s%s", where,
			       where[0] ? ": " : "", what);
}

/* "..., not VALUE". */
static int wrong(const struct form_place *place, struct aovpn_error *error,
		 const json_t *value, const char *expected)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	int r = form_error(place, error, -EBADMSG, "must be %s, not %.80s",
			   expected, text ? text : "this");

	free(text);
	return r;
}

/* --- reading ---------------------------------------------------------------
 */

static void *into(void *base, size_t offset)
{
	return (char *)base + offset;
}

/* value is in the field's range. */
static void put_number(const struct form *form, void *base, int64_t value)
{
	void *to = into(base, form->offset);
	const uint16_t u16 = (uint16_t)value;
	const uint32_t u32 = (uint32_t)value;

	switch (form->size) {
	case sizeof(uint8_t):
		*(uint8_t *)to = (uint8_t)value;
		break;
	case sizeof(u16):
		memcpy(to, &u16, sizeof(u16));
		break;
	case sizeof(u32):
		memcpy(to, &u32, sizeof(u32));
		break;
	default:
		memcpy(to, &value, sizeof(value));
		break;
	}
}

static bool in_range(const struct form *form, int64_t value)
{
	const unsigned int bits = 8 * (unsigned int)form->size;

	if (form->type == FORM_TIME)
		return value >= TIME_MIN && value <= TIME_MAX;
	if (form->type == FORM_SIGNED || form->type == FORM_ERRNO ||
	    form->type == FORM_GAI)
		return bits == 64 || (value >= INT32_MIN && value <= INT32_MAX);
	return value >= 0 && (bits == 64 || value >> bits == 0);
}

static int read_number(const struct form *form, const json_t *value, void *base,
		       const struct form_place *place,
		       struct aovpn_error *error)
{
	if (!json_is_integer(value))
		return wrong(place, error, value, "a number");
	if (!in_range(form, json_integer_value(value)))
		return wrong(place, error, value, "a number in its range");
	put_number(form, base, json_integer_value(value));
	return 0;
}

static int read_text(char *out, size_t size, const json_t *value,
		     const struct form_place *place, struct aovpn_error *error)
{
	int r;

	if (!json_is_string(value))
		return wrong(place, error, value, "a text");
	r = exact_text_read(json_string_value(value), out, size);
	if (r == -E2BIG)
		return form_error(place, error, -EBADMSG,
				  "a text of at most %zu bytes, not %.40s...",
				  size - 1, json_string_value(value));
	return r < 0 ? wrong(place, error, value, "a text without zeros") : 0;
}

/* A number by its name. Returns whether there is one. */
static bool find_name(const struct form *form, const char *name, int64_t *ret)
{
	const int64_t last =
		form->type == FORM_ERRNO ? ERRNO_MAX : form->name_count - 1;
	const char *one;
	int64_t i;
	size_t k;

	for (k = 0; form->type == FORM_GAI && k < FORM_COUNT(gai_errors); k++)
		if (strcmp(gai_errors[k].name, name) == 0) {
			*ret = gai_errors[k].error;
			return true;
		}
	for (i = 0; form->type != FORM_GAI && i <= last; i++) {
		one = name_of(form, i);
		if (one && strcmp(one, name) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* Only a number without a name is written in digits, and only so. */
static bool read_digits(const struct form *form, const char *text, int64_t *ret)
{
	char *end, again[24];

	errno = 0;
	*ret = strtoll(text, &end, 10);
	snprintf(again, sizeof(again), "%" PRId64, *ret);
	return form->type != FORM_CHOICE && errno == 0 &&
	       strcmp(again, text) == 0 && in_range(form, *ret) &&
	       !name_of(form, *ret);
}

static int read_name(const struct form *form, const json_t *value, void *base,
		     const struct form_place *place, struct aovpn_error *error)
{
	const char *text = json_string_value(value);
	int64_t number;

	if (!text || (!find_name(form, text, &number) &&
		      !read_digits(form, text, &number)))
		return wrong(place, error, value, "one of its names");
	put_number(form, base, number);
	return 0;
}

static bool is_hex(const char *text, size_t digits)
{
	return text && strlen(text) == digits &&
	       strspn(text, "0123456789abcdef") == digits;
}

static int read_hex(const struct form *form, const json_t *value, void *base,
		    const struct form_place *place, struct aovpn_error *error)
{
	const char *text = json_string_value(value);

	if (!is_hex(text, 2 * form->size))
		return wrong(place, error, value, "hexadecimal digits");
	put_number(form, base, (int64_t)strtoull(text, NULL, 16));
	return 0;
}

static int read_bytes(const struct form *form, const json_t *value, void *base,
		      const struct form_place *place, struct aovpn_error *error)
{
	const char *text = json_string_value(value);
	uint8_t *to = into(base, form->offset);
	char two[3] = "";
	size_t i;

	if (!is_hex(text, 2 * form->size))
		return wrong(place, error, value, "hexadecimal digits");
	for (i = 0; i < form->size; i++) {
		memcpy(two, text + 2 * i, 2);
		to[i] = (uint8_t)strtoul(two, NULL, 16);
	}
	return 0;
}

/* Two addresses may share a family: it must be the same. */
static int read_address(const struct form *form, const json_t *value,
			void *base, const struct form_place *place,
			struct aovpn_error *error)
{
	const char *text = json_string_value(value);
	uint8_t *family = into(base, form->other), found = AF_UNSPEC;
	uint8_t address[16] = {0};

	if (text && inet_pton(AF_INET, text, address) == 1)
		found = AF_INET;
	else if (text && inet_pton(AF_INET6, text, address) == 1)
		found = AF_INET6;
	else if (!text || text[0] != '\0')
		return wrong(place, error, value, "an address");
	if (*family != AF_UNSPEC && *family != found)
		return wrong(place, error, value, "of the other's family");
	*family = found;
	memcpy(into(base, form->offset), address, sizeof(address));
	return 0;
}

static int read_numbers(const struct form *form, const json_t *value,
			void *base, const struct form_place *place,
			struct aovpn_error *error)
{
	const struct form element = {.size = sizeof(uint16_t)};
	struct form_place here = {.within = place};
	const json_t *one;
	int r = 0;

	if (!json_is_array(value) ||
	    json_array_size(value) != numbers_count(base, form))
		return wrong(place, error, value, "a list of as many numbers");
	json_array_foreach(value, here.index, one)
	{
		r = read_number(
			&element, one,
			into(base, form->offset + here.index * element.size),
			&here, error);
		if (r < 0)
			break;
	}
	return r;
}

static int read_list(const struct form *form, const json_t *value, void *base,
		     const struct form_place *place, struct aovpn_error *error)
{
	const size_t room = form->size / form->each;
	struct form_place here = {.within = place};
	const json_t *one;
	uint32_t count;
	void *to;
	int r = 0;

	if (!json_is_array(value))
		return wrong(place, error, value, "a list");
	if (json_array_size(value) > room)
		return form_error(place, error, -EBADMSG,
				  "%zu elements, more than %zu allowed",
				  json_array_size(value), room);
	json_array_foreach(value, here.index, one)
	{
		to = into(base, form->offset + here.index * form->each);
		r = form->type == FORM_TEXTS
			    ? read_text(to, form->each, one, &here, error)
			    : form_read(form->fields, one, to, &here, error);
		if (r < 0)
			return r;
	}
	count = (uint32_t)json_array_size(value);
	memcpy(into(base, form->other), &count, sizeof(count));
	return 0;
}

int form_read_field(const struct form *form, const json_t *value, void *base,
		    const struct form_place *place, struct aovpn_error *error)
{
	switch (form->type) {
	case FORM_UNSIGNED:
	case FORM_SIGNED:
	case FORM_TIME:
		return read_number(form, value, base, place, error);
	case FORM_FLAG:
		if (!json_is_boolean(value))
			return wrong(place, error, value, "true or false");
		put_number(form, base, json_is_true(value));
		return 0;
	case FORM_TEXT:
		return read_text(into(base, form->offset), form->size, value,
				 place, error);
	case FORM_BYTES:
		return read_bytes(form, value, base, place, error);
	case FORM_NAME:
	case FORM_CHOICE:
	case FORM_ERRNO:
	case FORM_GAI:
		return read_name(form, value, base, place, error);
	case FORM_HEX:
		return read_hex(form, value, base, place, error);
	case FORM_ADDRESS:
		return read_address(form, value, base, place, error);
	case FORM_NUMBERS:
		return read_numbers(form, value, base, place, error);
	case FORM_TEXTS:
	case FORM_OBJECTS:
		return read_list(form, value, base, place, error);
	case FORM_OBJECT:
		return form_read(form->fields, value, into(base, form->offset),
				 place, error);
	case FORM_WITHIN:
		break;
	}
	return form_error(place, error, -EBADMSG, "is no key");
}

const struct form *form_find(const struct form *table, const char *key)
{
	for (; table->name; table++)
		if (table->type != FORM_WITHIN && strcmp(table->name, key) == 0)
			return table;
	return NULL;
}

int form_read_known(const struct form *table, const json_t *object, void *base,
		    const struct form_place *place, struct aovpn_error *error)
{
	struct form_place here = {.within = place};
	const struct form *form;
	const json_t *value;
	int r = 0;

	if (!json_is_object(object))
		return wrong(place, error, object, "an object");
	for (form = table; form->name && r == 0; form++) {
		here.name = form->name;
		value = json_object_get(object, form->name);
		if (value && form->type != FORM_WITHIN)
			r = form_read_field(form, value, base, &here, error);
	}
	return r;
}

int form_read(const struct form *table, const json_t *object, void *base,
	      const struct form_place *place, struct aovpn_error *error)
{
	struct form_place here = {.within = place};
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		here.name = key;
		if (!form_find(table, key))
			return form_error(&here, error, -EBADMSG, "is no key");
	}
	return form_read_known(table, object, base, place, error);
}
