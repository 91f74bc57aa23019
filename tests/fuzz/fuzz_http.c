/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_http.c - what aovpn-fetch reads of a web server's answer beside
 * OpenSSL's client: status, date, where a redirect leads, and URLs. What comes
 * out can be asked for as it is: no header can be smuggled into the request.
 */
#include <errno.h>

#include "client/aovpn-fetch/watch.h"
#include "fuzz.h"

/* Of a certificate or a redirect: where it is taken, it is printable. */
static void check_url(const char *text)
{
	struct url url;
	char *c;
	int r;

	memset(&url, 0xff, sizeof(url));
	r = url_parse(text, &url);
	PROMISE(r == 0 || r == -EPROTONOSUPPORT || r == -EINVAL || r == -E2BIG);
	if (r < 0)
		return;
	PROMISE(fuzz_is_clean(url.host, sizeof(url.host)));
	PROMISE(fuzz_is_clean(url.authority, sizeof(url.authority)));
	PROMISE(fuzz_is_clean(url.target, sizeof(url.target)));
	PROMISE(memchr(url.port, 0, sizeof(url.port)));
	PROMISE(url.host[0] != '\0' && !strpbrk(url.host, "/?#"));
	PROMISE(url.target[0] == '/' && !strchr(url.target, '#'));
	for (c = url.target; *c; c++)
		PROMISE(*c > ' ' && *c <= '~');
	PROMISE(atoi(url.port) > 0 && atoi(url.port) <= 65535);
}

static void check_redirect(const struct watch *watch)
{
	static const char *const bases[] = {
		"http://pki.contoso.test/a/b.crl?c=d",
		"https://[2001:db8::1]:8443",
		"HTTP://pki.contoso.test?x",
	};
	char location[URL_MAX], target[URL_MAX];
	size_t i;

	if (!watch_location(watch, location))
		return;
	PROMISE(memchr(location, 0, sizeof(location)));
	PROMISE(!strpbrk(location, "\r\n"));
	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (url_resolve(bases[i], location, target) == 0)
			check_url(target);
}

/* Read as OpenSSL's client does, in pieces. */
static void read_all(struct watch *watch, const uint8_t *data, size_t size)
{
	BIO *memory = BIO_new_mem_buf(data, (int)size);
	BIO *bio = watch_new(watch);
	char piece[97];

	PROMISE(memory && bio);
	BIO_set_mem_eof_return(memory, 0);
	BIO_push(bio, memory);
	while (BIO_read(bio, piece, sizeof(piece)) > 0)
		;
	PROMISE(watch->broken || watch->too_long);
	BIO_free_all(bio);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct watch watch;
	unsigned int status;
	char *text = fuzz_string(data, size);

	memset(&watch, 0, sizeof(watch));
	read_all(&watch, data, size);
	PROMISE(watch.length <= WATCH_HEADER_MAX && watch.length <= size);
	status = watch_status(&watch);
	PROMISE(status == 0 || (status >= 100 && status <= 999));
	watch_date(&watch);
	check_redirect(&watch);
	check_url(text);
	free(text);
	return 0;
}
