/*
 * profile_key.c - see profile_key.h, and profile.h for what each key means.
 */
#include "profile_key.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "certificate.h"
#include "profile.h"
#include "server_name.h"
#include "token.h"
#include "tpm.h"

#define DNS_NAME_MAX 253 /* RFC 1035 2.3.4, as text */

/* Digits with colons (IPv6) or dots. */
static bool is_address(const char *text)
{
	unsigned char address[16];

	return inet_pton(AF_INET, text, address) == 1 ||
	       inet_pton(AF_INET6, text, address) == 1;
}

/* RFC 1123 2.1, and "_", which Windows admits. */
static bool is_label(const char *text, size_t length)
{
	size_t i;

	if (length < 1 || length > 63)
		return false;
	for (i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '-' &&
		    text[i] != '_')
			return false;
	return text[0] != '-' && text[length - 1] != '-';
}

/* A DNS name or an address. A last label of digits alone is a mistyped IPv4
 * address, for no top-level domain is numeric. */
static bool is_host(const char *text)
{
	const char *label = text;
	size_t length;

	if (is_address(text))
		return true;
	if (strlen(text) > DNS_NAME_MAX)
		return false;
	for (;;) {
		length = strcspn(label, ".");
		if (!is_label(label, length))
			return false;
		if (label[length] == '\0')
			break;
		label += length + 1;
	}
	return strspn(label, "0123456789") < length;
}

static bool is_network(const char *text)
{
	char address[INET6_ADDRSTRLEN];
	unsigned char bytes[16];
	size_t length = strcspn(text, "/"), digits;
	unsigned int prefix = 0, i;

	if (length >= sizeof(address) || text[length] != '/')
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	text += length + 1;
	digits = strspn(text, "0123456789");
	if (digits < 1 || digits > 3 || text[digits] != '\0')
		return false;
	for (i = 0; i < digits; i++)
		prefix = prefix * 10 + (unsigned int)(text[i] - '0');
	if (inet_pton(AF_INET, address, bytes) == 1)
		return prefix <= 32;
	return inet_pton(AF_INET6, address, bytes) == 1 && prefix <= 128;
}

static bool is_proposal(const char *text)
{
	return text[0] != '\0' &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
		       '\0';
}

/* Number of digits of an arc without leading zeros at text, or 0. */
static size_t arc_length(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return text[0] == '0' && digits > 1 ? 0 : digits;
}

/* An OID in digits (X.660: two arcs at least, the first of which is 0, 1 or 2),
 * of which ".*" may stand for the rest. */
static bool is_usage(const char *text)
{
	size_t length = arc_length(text);

	if (strlen(text) >= AOVPN_OID_MAX || length != 1 || text[0] > '2')
		return false;
	text++;
	do {
		if (text[0] != '.')
			return false;
		if (strcmp(text, ".*") == 0)
			return true;
		length = arc_length(text + 1);
		text += 1 + length;
	} while (length > 0 && text[0] != '\0');
	return length > 0;
}

/* A SHA-1 thumbprint: 20 bytes, which Windows shows as "AA BB ..." and OpenSSL
 * with colons. */
static bool is_thumbprint(const char *text)
{
	size_t digits = 0;

	for (; *text != '\0'; text++) {
		if (isxdigit((unsigned char)*text))
			digits++;
		else if ((*text != ' ' && *text != ':') || digits == 0 ||
			 digits % 2 != 0 || !isxdigit((unsigned char)text[1]))
			return false;
	}
	return digits == 40;
}

static bool parse_text(const struct aovpn_profile_key *key, char *value,
		       void *out, const char **bad)
{
	(void)bad;
	snprintf(out, key->size, "%s", value);
	return true;
}

static bool parse_host(const struct aovpn_profile_key *key, char *value,
		       void *out, const char **bad)
{
	return is_host(value) && parse_text(key, value, out, bad);
}

static bool parse_path(const struct aovpn_profile_key *key, char *value,
		       void *out, const char **bad)
{
	return value[0] == '/' && parse_text(key, value, out, bad);
}

/* A file name, as systemd.exec(5) has it for LoadCredential=. */
static bool parse_credential_name(const struct aovpn_profile_key *key,
				  char *value, void *out, const char **bad)
{
	return value[0] != '.' && !strchr(value, '/') && !strchr(value, ':') &&
	       parse_text(key, value, out, bad);
}

/* A path, or what is on a token. */
static bool parse_certificate(const struct aovpn_profile_key *key, char *value,
			      void *out, const char **bad)
{
	if (aovpn_token_is_uri(value))
		return aovpn_token_check_uri(value, NULL) == 0 &&
		       parse_text(key, value, out, bad);
	return parse_path(key, value, out, bad);
}

/* The same, or what a TPM holds. */
static bool parse_private_key(const struct aovpn_profile_key *key, char *value,
			      void *out, const char **bad)
{
	if (aovpn_tpm_is_handle(value))
		return aovpn_tpm_handle_valid(value) &&
		       parse_text(key, value, out, bad);
	return parse_certificate(key, value, out, bad);
}

/* Cut white space off both ends. */
static char *strip(char *text)
{
	size_t length;

	text += strspn(text, " ");
	length = strlen(text);
	while (length > 0 && text[length - 1] == ' ')
		text[--length] = '\0';
	return text;
}

/* A list comes out without white space: "a, b" as "a,b". */
static bool parse_list(char *value, char separator,
		       bool (*is_item)(const char *text), char *out,
		       const char **bad)
{
	char *rest = value, *item;
	const char between[] = {separator, '\0'};
	size_t length;

	while ((item = strsep(&rest, between))) {
		item = strip(item);
		if (!is_item(item)) {
			*bad = item;
			return false;
		}
		length = strlen(item);
		memcpy(out, item, length);
		out += length;
		*out++ = rest ? separator : '\0';
	}
	return true;
}

/* A name, an address, or a pattern of names. */
static bool is_server_name(const char *text)
{
	if (aovpn_server_name_is_pattern(text))
		return aovpn_server_name_pattern_valid(text);
	return is_host(text);
}

static bool parse_server_names(const struct aovpn_profile_key *key, char *value,
			       void *out, const char **bad)
{
	(void)key;
	return parse_list(value, ';', is_server_name, out, bad);
}

static bool parse_networks(const struct aovpn_profile_key *key, char *value,
			   void *out, const char **bad)
{
	(void)key;
	return parse_list(value, ',', is_network, out, bad);
}

static bool parse_proposals(const struct aovpn_profile_key *key, char *value,
			    void *out, const char **bad)
{
	(void)key;
	return parse_list(value, ',', is_proposal, out, bad);
}

/* They come out in lower case and in one piece, as certificate facts have
 * them. */
static bool parse_thumbprints(const struct aovpn_profile_key *key, char *value,
			      void *out, const char **bad)
{
	const char *from = out;
	char *to = out;

	(void)key;
	if (!parse_list(value, ',', is_thumbprint, out, bad))
		return false;
	for (; *from != '\0'; from++)
		if (*from != ' ' && *from != ':')
			*to++ = (char)tolower((unsigned char)*from);
	*to = '\0';
	return true;
}

static bool parse_usages(const struct aovpn_profile_key *key, char *value,
			 void *out, const char **bad)
{
	(void)key;
	return parse_list(value, ',', is_usage, out, bad);
}

static bool parse_bool(const struct aovpn_profile_key *key, char *value,
		       void *out, const char **bad)
{
	(void)key;
	(void)bad;
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return false;
	*(bool *)out = value[0] == 'y';
	return true;
}

static bool parse_number(const struct aovpn_profile_key *key, char *value,
			 void *out, const char **bad)
{
	uint32_t number = 0;
	size_t digits = strspn(value, "0123456789"), i;

	(void)bad;
	if (digits < 1 || digits > 9 || value[digits] != '\0')
		return false;
	for (i = 0; i < digits; i++)
		number = number * 10 + (uint32_t)(value[i] - '0');
	if (number < key->min || number > key->max)
		return false;
	*(uint32_t *)out = number;
	return true;
}

static bool parse_version(const struct aovpn_profile_key *key, char *value,
			  void *out, const char **bad)
{
	(void)key;
	(void)bad;
	if (strcmp(value, "1.2") == 0)
		*(uint32_t *)out = AOVPN_TLS_1_2;
	else if (strcmp(value, "1.3") == 0)
		*(uint32_t *)out = AOVPN_TLS_1_3;
	else
		return false;
	return true;
}

static bool parse_revocation(const struct aovpn_profile_key *key, char *value,
			     void *out, const char **bad)
{
	(void)key;
	(void)bad;
	if (strcmp(value, "soft") == 0)
		*(uint32_t *)out = AOVPN_REVOCATION_SOFT;
	else if (strcmp(value, "hard") == 0)
		*(uint32_t *)out = AOVPN_REVOCATION_HARD;
	else
		return false;
	return true;
}

#define AT(member)                              \
	offsetof(struct aovpn_profile, member), \
		sizeof(((struct aovpn_profile *)0)->member)
#define HOST "a DNS name or an IP address"
#define SERVER_NAME \
	HOST ", or a pattern like nps.*\\.contoso\\.com or *.contoso.com"
#define NETWORK    "a network like 10.0.0.0/8 or 2001:db8::/32"
#define PROPOSAL   "a proposal like aes256-sha256-modp2048"
#define FULL_PATH  "an absolute path"
#define TOKEN_URI  "a pkcs11: URI (RFC 7512) without a PIN in it"
#define VERSION    "1.2 or 1.3"
#define THUMBPRINT "a SHA-1 thumbprint"
#define USAGE      "an OID like 1.3.6.1.4.1.311.87 or 1.3.6.1.4.1.311.*"

const struct aovpn_profile_key aovpn_profile_keys[KEY_COUNT] = {
	[KEY_SERVER] = {"Connection", "Server", parse_host, AT(server), HOST,
			.required = true},
	[KEY_ALWAYS_ON] = {"Connection", "AlwaysOn", parse_bool, AT(always_on),
			   "yes or no"},
	[KEY_DIAL_TIMEOUT] = {"Connection", "DialTimeout", parse_number,
			      AT(dial_timeout_s),
			      "a number of seconds from 5 to 600", 5, 600},
	[KEY_REMOTE_NETWORKS] = {"Connection", "RemoteNetworks", parse_networks,
				 AT(remote_networks), NETWORK},
	[KEY_IKE_PROPOSALS] = {"Connection", "IKEProposals", parse_proposals,
			       AT(ike_proposals), PROPOSAL},
	[KEY_ESP_PROPOSALS] = {"Connection", "ESPProposals", parse_proposals,
			       AT(esp_proposals), PROPOSAL},
	[KEY_GATEWAY_NAME] = {"Gateway", "Name", parse_host, AT(gateway_name),
			      HOST},
	[KEY_GATEWAY_ROOTS] = {"Gateway", "TrustedRoots", parse_path,
			       AT(gateway_roots), FULL_PATH, .required = true},
	[KEY_GATEWAY_ROOT_THUMBPRINTS] = {"Gateway", "RootThumbprints",
					  parse_thumbprints,
					  AT(gateway_root_thumbprints),
					  THUMBPRINT},
	[KEY_GATEWAY_REVOCATION] = {"Gateway", "Revocation", parse_revocation,
				    AT(gateway_revocation), "soft or hard"},
	[KEY_NPS_NAMES] = {"NPS", "ServerNames", parse_server_names,
			   AT(nps_names), SERVER_NAME},
	[KEY_NPS_ROOTS] = {"NPS", "TrustedRoots", parse_path, AT(nps_roots),
			   FULL_PATH},
	[KEY_NPS_ROOT_THUMBPRINTS] = {"NPS", "RootThumbprints",
				      parse_thumbprints,
				      AT(nps_root_thumbprints), THUMBPRINT},
	[KEY_NPS_REVOCATION] = {"NPS", "Revocation", parse_revocation,
				AT(nps_revocation), "soft or hard"},
	[KEY_CERTIFICATE] = {"Credential", "Certificate", parse_certificate,
			     AT(certificate), FULL_PATH " or " TOKEN_URI},
	[KEY_PRIVATE_KEY] = {"Credential", "PrivateKey", parse_private_key,
			     AT(key),
			     FULL_PATH ", " TOKEN_URI
				       " or a TPM's handle:0x81000001"},
	[KEY_CHAIN] = {"Credential", "Chain", parse_path, AT(chain), FULL_PATH},
	[KEY_PASSWORD_FILE] = {"Credential", "PasswordFile", parse_path,
			       AT(password_file), FULL_PATH},
	[KEY_PASSWORD_CREDENTIAL] = {"Credential", "PasswordCredential",
				     parse_credential_name,
				     AT(password_credential),
				     "the name of a systemd credential"},
	[KEY_CERTIFICATE_DIRECTORY] = {"Credential", "CertificateDirectory",
				       parse_path, AT(certificate_directory),
				       FULL_PATH},
	[KEY_IDENTITY] = {"Credential", "EAPIdentity", parse_text, AT(identity),
			  "text"},
	[KEY_ISSUERS] = {"Selection", "IssuerThumbprints", parse_thumbprints,
			 AT(issuers), THUMBPRINT},
	[KEY_CLIENT_AUTH_EKUS] = {"Selection", "ClientAuthEKUs", parse_usages,
				  AT(client_auth_ekus), USAGE},
	[KEY_ANY_PURPOSE_EKUS] = {"Selection", "AnyPurposeEKUs", parse_usages,
				  AT(any_purpose_ekus), USAGE},
	[KEY_ALL_PURPOSE] = {"Selection", "AllPurpose", parse_bool,
			     AT(all_purpose), "yes or no"},
	[KEY_TLS_MIN] = {"TLS", "MinVersion", parse_version, AT(tls_min),
			 VERSION},
	[KEY_TLS_MAX] = {"TLS", "MaxVersion", parse_version, AT(tls_max),
			 VERSION},
	[KEY_FRAGMENT_SIZE] = {"TLS", "FragmentSize", parse_number,
			       AT(fragment_size),
			       "a number of bytes from 100 to 1400", 100, 1400},
};
