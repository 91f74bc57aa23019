/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Fields of an observation; see aovpn_report.h.
 */

#include "aovpn_report.h"

#include <openssl/x509v3.h>

#include "aovpn_verify.h"
#include "escape.h"

/**
 * Names of a refused certificate that are looked at. Its issuer need not be
 * honest.
 */
#define MAX_NAMES 64

/*
 * Described in header
 */
void aovpn_report_begin(uint32_t kind, ike_sa_t *ike_sa,
						struct aovpn_observation *ret)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	host_t *me = ike_sa->get_my_host(ike_sa);
	host_t *other = ike_sa->get_other_host(ike_sa);
	struct aovpn_flow *flow = &ret->flow;
	uint8_t family;

	memset(ret, 0, sizeof(*ret));
	ret->kind = kind;
	ret->source = AOVPN_SOURCE_PLUGIN;
	ret->time_ns = aovpn_boottime_ns();
	ret->ike_sa_id = ike_sa->get_unique_id(ike_sa);
	/* charon keeps SPIs as they are on the wire */
	ret->spi_i = be64toh(id->get_initiator_spi(id));
	ret->spi_r = be64toh(id->get_responder_spi(id));
	/* our names are never longer, see aovpn_connection_create() */
	snprintf(ret->connection, sizeof(ret->connection), "%s",
			 ike_sa->get_name(ike_sa));
	if (other && !other->is_anyaddr(other))
	{
		aovpn_address_from_sockaddr(other->get_sockaddr(other), &flow->family,
									flow->remote, &flow->remote_port);
	}
	if (flow->family && me)
	{
		/* the local address stays zero until charon has chosen one */
		aovpn_address_from_sockaddr(me->get_sockaddr(me), &family,
									flow->local, &flow->local_port);
	}
}

/**
 * vsnprintf() and escape.
 */
static void vtext(char *out, size_t size, const char *format, va_list args)
{
	char raw[2 * AOVPN_TEXT_MAX];

	vsnprintf(raw, sizeof(raw), format, args);
	aovpn_escape_string(raw, out, size);
}

/*
 * Described in header
 */
void aovpn_report_text(char *out, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vtext(out, size, format, args);
	va_end(args);
}

/*
 * Described in header
 */
void aovpn_report_append(char *out, size_t size, const char *format, ...)
{
	char item[AOVPN_TEXT_MAX];
	size_t used = strlen(out);
	va_list args;

	va_start(args, format);
	vtext(item, sizeof(item), format, args);
	va_end(args);
	if (used + strlen(", ") + strlen(item) < size)
	{
		snprintf(out + used, size - used, "%s%s", used ? ", " : "", item);
	}
}

/**
 * A distinguished name as RFC 2253 writes it, in UTF-8.
 */
static void name_text(X509_NAME *name, char *out, size_t size)
{
	unsigned long flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
	char *data = NULL;
	long len;
	BIO *bio;

	out[0] = '\0';
	bio = BIO_new(BIO_s_mem());
	if (bio && X509_NAME_print_ex(bio, name, 0, flags) >= 0)
	{
		len = BIO_get_mem_data(bio, &data);
		aovpn_escape(data, len > 0 ? len : 0, out, size);
	}
	BIO_free(bio);
}

/*
 * Described in header
 */
void aovpn_report_subject(certificate_t *cert, char *out, size_t size)
{
	X509 *x509;

	out[0] = '\0';
	x509 = aovpn_verify_import(cert);
	if (x509)
	{
		name_text(X509_get_subject_name(x509), out, size);
		X509_free(x509);
	}
}

/*
 * Described in header
 */
void aovpn_report_issuer(certificate_t *cert, char *out, size_t size)
{
	X509 *x509;

	out[0] = '\0';
	x509 = aovpn_verify_import(cert);
	if (x509)
	{
		name_text(X509_get_issuer_name(x509), out, size);
		X509_free(x509);
	}
}

/**
 * All dNSName alternative names.
 */
static void dns_names(X509 *cert, char *out, size_t size)
{
	GENERAL_NAMES *names;
	ASN1_STRING *dns;
	int i, type;

	names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names) && i < MAX_NAMES; i++)
	{
		dns = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
		if (type == GEN_DNS)
		{
			aovpn_report_append(out, size, "%.*s", ASN1_STRING_length(dns),
								ASN1_STRING_get0_data(dns));
		}
	}
	GENERAL_NAMES_free(names);
}

/**
 * How a certificate is signed and which key it holds: "sha1WithRSAEncryption,
 * 2048-bit RSA key".
 */
static void algorithm_text(X509 *cert, char *out, size_t size)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;

	aovpn_report_text(out, size, "%s, %d-bit %s key",
					  OBJ_nid2ln(X509_get_signature_nid(cert)) ?: "unknown",
					  key ? EVP_PKEY_get_bits(key) : 0, type ?: "unknown");
}

/*
 * Described in header
 */
void aovpn_report_ca_list(struct aovpn_observation *o,
						  const STACK_OF(X509_NAME) *names)
{
	char *list = o->u.ca_list.names, text[AOVPN_TEXT_MAX];
	size_t size = sizeof(o->u.ca_list.names), used;
	int i;

	o->u.ca_list.count = max(sk_X509_NAME_num(names), 0);
	for (i = 0; i < sk_X509_NAME_num(names) && i < MAX_NAMES; i++)
	{
		name_text(sk_X509_NAME_value(names, i), text, sizeof(text));
		used = strlen(list);
		snprintf(list + used, size - used, "%s%s", used ? " / " : "", text);
	}
}

/*
 * Described in header
 */
void aovpn_report_refused(struct aovpn_observation *o, uint32_t role,
						  int error, int depth, X509 *cert)
{
	o->u.cert_refused.role = role;
	o->u.cert_refused.x509_error = error;
	o->u.cert_refused.depth = depth > 0 ? depth : 0;
	if (cert)
	{
		name_text(X509_get_subject_name(cert), o->u.cert_refused.subject,
				  sizeof(o->u.cert_refused.subject));
		name_text(X509_get_issuer_name(cert), o->u.cert_refused.issuer,
				  sizeof(o->u.cert_refused.issuer));
		dns_names(cert, o->u.cert_refused.names,
				  sizeof(o->u.cert_refused.names));
		algorithm_text(cert, o->u.cert_refused.algorithm,
					   sizeof(o->u.cert_refused.algorithm));
	}
}
