/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_table.c - see profile_key.h. Every key of a profile, with what the
 * manual says about it. In a meaning, "\n" begins a paragraph.
 */
#include "profile_key.h"

#include <ctype.h>

#include "profile.h"
#include "profile_item.h"

/* In lower case and in one piece, as certificate facts have it. */
static void tidy_thumbprint(char *item)
{
	char *to = item;

	for (; *item != '\0'; item++)
		if (*item != ' ' && *item != ':')
			*to++ = (char)tolower((unsigned char)*item);
	*to = '\0';
}

static const struct aovpn_profile_word revocations[] = {
	{"soft", AOVPN_REVOCATION_SOFT},
	{"hard", AOVPN_REVOCATION_HARD},
	{NULL, 0},
};

static const struct aovpn_profile_word versions[] = {
	{"1.2", AOVPN_TLS_1_2},
	{"1.3", AOVPN_TLS_1_3},
	{NULL, 0},
};

static const struct aovpn_profile_word tunnels[] = {
	{"split", AOVPN_TUNNEL_SPLIT},
	{"force", AOVPN_TUNNEL_FORCE},
	{NULL, 0},
};

static const struct aovpn_profile_word fragmentations[] = {
	{"no", AOVPN_FRAGMENTATION_NO},
	{"yes", AOVPN_FRAGMENTATION_YES},
	{"force", AOVPN_FRAGMENTATION_FORCE},
	{NULL, 0},
};

#define AT(member)                                        \
	.offset = offsetof(struct aovpn_profile, member), \
	.size = sizeof(((struct aovpn_profile *)0)->member)
#define TEXT(member, check) \
	.kind = AOVPN_KEY_TEXT, AT(member), .is_item = (check)
#define LIST(member, check) \
	.kind = AOVPN_KEY_LIST, AT(member), .is_item = (check)
#define NUMBER(member, low, high) \
	.kind = AOVPN_KEY_NUMBER, AT(member), .min = (low), .max = (high)
#define BOOL(member)       .kind = AOVPN_KEY_BOOL, AT(member), .must_be = "yes or no"
#define WORD(member, list) .kind = AOVPN_KEY_WORD, AT(member), .words = (list)

#define HOST "a DNS name or an IP address"
#define SERVER_NAME \
	HOST ", or a pattern like nps.*\\.contoso\\.com or *.contoso.com"
#define NETWORK    "a network like 10.0.0.0/8 or 2001:db8::/32"
#define PROPOSAL   "a proposal like aes256-sha256-modp2048"
#define FULL_PATH  "an absolute path"
#define TOKEN_URI  "a pkcs11: URI (RFC 7512) without a PIN in it"
#define THUMBPRINT "a SHA-1 thumbprint"
#define USAGE      "an OID like 1.3.6.1.4.1.311.87 or 1.3.6.1.4.1.311.*"
#define REKEY_TIME "0 or a number of seconds from 300 to 604800"

/* clang-format off */
const struct aovpn_profile_key aovpn_profile_keys[KEY_COUNT] = {
	[KEY_SERVER] = {"Connection", "Server",
		LIST(servers, aovpn_item_is_host), .must_be = HOST,
		.required = true, .example = "vpn.contoso.com, vpn2.contoso.com",
		.meaning = "The gateway: a DNS name or an address. Several, at "
			"most 8, are tried in this order."},
	[KEY_DIAL_TIMEOUT] = {"Connection", "DialTimeout",
		NUMBER(dial_timeout_s, 5, 600),
		.must_be = "a number of seconds from 5 to 600",
		.fallback = "60", .example = "30",
		.meaning = "Seconds after which a dial is given up."},
	[KEY_ALWAYS_ON] = {"Connection", "AlwaysOn", BOOL(always_on),
		.fallback = "no", .example = "yes",
		.meaning = "Dial without being asked: at start and whenever "
			"the network comes back."},
	[KEY_ALLOWED_USERS] = {"Connection", "AllowedUsers",
		LIST(allowed_users, aovpn_item_is_account),
		.must_be = "a user's name", .otherwise = "root only",
		.example = "alice, CONTOSO\\bob",
		.meaning = "Who may dial and hang up without being root."},
	[KEY_ALLOWED_GROUPS] = {"Connection", "AllowedGroups",
		LIST(allowed_groups, aovpn_item_is_account),
		.must_be = "a group's name", .otherwise = "root only",
		.example = "vpn-users",
		.meaning = "The same for all members of these groups."},

	[KEY_GATEWAY_NAME] = {"Gateway", "Name",
		TEXT(gateway_name, aovpn_item_is_host), .must_be = HOST,
		.otherwise = "the first of Server=", .example = "vpn.contoso.com",
		.meaning = "The name that the gateway's certificate must carry "
			"(subject alternative name, or common name where it "
			"has none)."},
	[KEY_GATEWAY_ROOTS] = {"Gateway", "TrustedRoots",
		TEXT(gateway_roots, aovpn_item_is_path), .must_be = FULL_PATH,
		.required = true, .example = "/etc/aovpn/roots.pem",
		.meaning = "A PEM file of the root CAs that the gateway's "
			"certificate may lead to."},
	[KEY_GATEWAY_ROOT_THUMBPRINTS] = {"Gateway", "RootThumbprints",
		LIST(gateway_root_thumbprints, aovpn_item_is_thumbprint),
		.tidy = tidy_thumbprint, .must_be = THUMBPRINT,
		.otherwise = "all of TrustedRoots=",
		.example = "d1eb23a46d17d68fd92564c2f1f1601764d8e349",
		.meaning = "Of the certificates in TrustedRoots= only those "
			"with these SHA-1 thumbprints."},
	[KEY_GATEWAY_REVOCATION] = {"Gateway", "Revocation",
		WORD(gateway_revocation, revocations), .must_be = "soft or hard",
		.fallback = "soft", .example = "hard",
		.meaning = "What follows where it cannot be found out whether "
			"the gateway's certificate is revoked: soft goes on, "
			"hard does not. One that is known to be revoked is "
			"refused always."},

	[KEY_NPS_NAMES] = {"NPS", "ServerNames",
		LIST(nps_names, aovpn_item_is_server_name), .separator = ';',
		.must_be = SERVER_NAME, .otherwise = "any name",
		.example = "nps1.contoso.com;nps2.contoso.com",
		.meaning = "The names that the NPS server's certificate may "
			"carry; with \"*\" a regular expression, as in "
			"Windows. The items are separated by \";\"."},
	[KEY_NPS_ROOTS] = {"NPS", "TrustedRoots",
		TEXT(nps_roots, aovpn_item_is_path), .must_be = FULL_PATH,
		.otherwise = "those of [Gateway]",
		.example = "/etc/aovpn/nps-roots.pem",
		.meaning = "A PEM file of the root CAs that the NPS server's "
			"certificate may lead to."},
	[KEY_NPS_ROOT_THUMBPRINTS] = {"NPS", "RootThumbprints",
		LIST(nps_root_thumbprints, aovpn_item_is_thumbprint),
		.tidy = tidy_thumbprint, .must_be = THUMBPRINT,
		.otherwise = "all of TrustedRoots=; without one in [NPS], "
			"those of [Gateway]",
		.example = "d1eb23a46d17d68fd92564c2f1f1601764d8e349",
		.meaning = "Of the certificates in TrustedRoots= only those "
			"with these SHA-1 thumbprints."},
	[KEY_NPS_REVOCATION] = {"NPS", "Revocation",
		WORD(nps_revocation, revocations), .must_be = "soft or hard",
		.fallback = "soft", .example = "hard",
		.meaning = "As in [Gateway], for the NPS server's certificate."},

	[KEY_CERTIFICATE] = {"Credential", "Certificate",
		TEXT(certificate, aovpn_item_is_certificate),
		.must_be = FULL_PATH " or " TOKEN_URI,
		.otherwise = "CertificateDirectory= must be given",
		.example = "/etc/aovpn/user.p12",
		.meaning = "The user's or computer's certificate: a file in "
			"PEM, DER or PKCS#12, or a pkcs11: URI (RFC 7512) of "
			"one on a token."},
	[KEY_PRIVATE_KEY] = {"Credential", "PrivateKey",
		TEXT(key, aovpn_item_is_private_key),
		.must_be = FULL_PATH ", " TOKEN_URI
			" or a TPM's handle:0x81000001",
		.otherwise = "the key is where the certificate is",
		.example = "/etc/aovpn/user.key",
		.meaning = "Its private key, where it is elsewhere: a file in "
			"PEM or DER, encrypted or not, a pkcs11: URI, a \"TSS2 "
			"PRIVATE KEY\" file of a TPM 2.0 or the handle of a "
			"key that it keeps."},
	[KEY_CHAIN] = {"Credential", "Chain", TEXT(chain, aovpn_item_is_path),
		.must_be = FULL_PATH, .otherwise = "what is with the certificate",
		.example = "/etc/aovpn/issuing-ca.pem",
		.meaning = "A PEM file of more CA certificates to show."},
	[KEY_PASSWORD_FILE] = {"Credential", "PasswordFile",
		TEXT(password_file, aovpn_item_is_path), .must_be = FULL_PATH,
		.otherwise = "the dial asks where one is needed",
		.example = "/etc/aovpn/user.password",
		.meaning = "A file with the key's password or the token's PIN "
			"in its first line."},
	[KEY_PASSWORD_CREDENTIAL] = {"Credential", "PasswordCredential",
		TEXT(password_credential, aovpn_item_is_credential),
		.must_be = "the name of a systemd credential",
		.otherwise = "the dial asks where one is needed",
		.example = "vpn-pin",
		.meaning = "The same as a systemd credential of aovpnd "
			"(LoadCredential= in systemd.exec(5))."},
	[KEY_CERTIFICATE_DIRECTORY] = {"Credential", "CertificateDirectory",
		TEXT(certificate_directory, aovpn_item_is_path),
		.must_be = FULL_PATH,
		.otherwise = "Certificate= must be given",
		.example = "/etc/aovpn/certificates",
		.meaning = "In place of one certificate: a directory of at "
			"most 64 files, PEM or PKCS#12 with the key inside "
			"(the password of FILE in FILE.password), from which "
			"one is chosen, see [Selection]. Not with PrivateKey=, "
			"PasswordFile= or PasswordCredential=."},
	[KEY_IDENTITY] = {"Credential", "EAPIdentity", TEXT(identity, NULL),
		.must_be = "text",
		.otherwise = "the certificate's UPN, else \"host/\" and its "
			"DNS name",
		.example = "alice@contoso.com",
		.meaning = "The name that is told to NPS."},

	[KEY_ISSUERS] = {"Selection", "IssuerThumbprints",
		LIST(issuers, aovpn_item_is_thumbprint),
		.tidy = tidy_thumbprint, .must_be = THUMBPRINT,
		.otherwise = "any issuer",
		.example = "d1eb23a46d17d68fd92564c2f1f1601764d8e349",
		.meaning = "Only certificates below one of these CAs (SHA-1)."},
	[KEY_CLIENT_AUTH_EKUS] = {"Selection", "ClientAuthEKUs",
		LIST(client_auth_ekus, aovpn_item_is_usage), .must_be = USAGE,
		.otherwise = "any with clientAuth",
		.example = "1.3.6.1.4.1.311.87",
		.meaning = "Only certificates with clientAuth and each of "
			"these usages; 1.2.* stands for all below 1.2."},
	[KEY_ANY_PURPOSE_EKUS] = {"Selection", "AnyPurposeEKUs",
		LIST(any_purpose_ekus, aovpn_item_is_usage), .must_be = USAGE,
		.otherwise = "any with anyPurpose",
		.example = "1.3.6.1.4.1.311.10.12.1",
		.meaning = "Or those with any purpose and each of these "
			"usages."},
	[KEY_ALL_PURPOSE] = {"Selection", "AllPurpose", BOOL(all_purpose),
		.fallback = "no", .example = "yes",
		.meaning = "Or those that name no usage at all."},

	[KEY_TUNNEL] = {"Network", "Tunnel", WORD(tunnel, tunnels),
		.must_be = "split or force",
		.otherwise = "split where Routes= is given, else force",
		.example = "split",
		.meaning = "split: only Routes= go through the tunnel. force: "
			"everything does, except ExcludedRoutes=."},
	[KEY_ROUTES] = {"Network", "Routes",
		LIST(routes, aovpn_item_is_network), .must_be = NETWORK,
		.otherwise = "0.0.0.0/0,::/0",
		.example = "10.0.0.0/8, 2001:db8::/32",
		.meaning = "The networks behind the gateway, which are "
			"proposed to it as traffic selectors."},
	[KEY_EXCLUDED_ROUTES] = {"Network", "ExcludedRoutes",
		LIST(excluded_routes, aovpn_item_is_network),
		.must_be = NETWORK, .otherwise = "none",
		.example = "10.99.0.0/16",
		.meaning = "Networks that stay outside of the tunnel although "
			"they are in Routes=, or in all of a force tunnel."},
	[KEY_ROUTE_METRIC] = {"Network", "RouteMetric",
		NUMBER(route_metric, 0, 9999),
		.must_be = "a number from 0 to 9999", .fallback = "0",
		.example = "50",
		.meaning = "The metric of the tunnel's routes; 0 leaves it to "
			"the kernel."},

	[KEY_DNS_APPLY] = {"DNS", "Apply", BOOL(dns_apply), .fallback = "yes",
		.example = "no",
		.meaning = "Use DNS servers and domains while connected."},
	[KEY_DNS_DOMAINS] = {"DNS", "Domains",
		LIST(dns_domains, aovpn_item_is_domain),
		.must_be = "a domain, or . for all names",
		.otherwise = "of a force tunnel all names, else SearchDomains=",
		.example = "contoso.com, corp.contoso.com",
		.meaning = "Split DNS: names in these domains are asked of the "
			"tunnel's servers only; \".\" stands for all names."},
	[KEY_DNS_SEARCH_DOMAINS] = {"DNS", "SearchDomains",
		LIST(dns_search_domains, aovpn_item_is_domain),
		.must_be = "a domain", .otherwise = "none",
		.example = "corp.contoso.com",
		.meaning = "Domains that complete single names."},
	[KEY_DNS_SERVERS] = {"DNS", "Servers",
		LIST(dns_servers, aovpn_item_is_address),
		.must_be = "an IP address",
		.otherwise = "those that the gateway gives",
		.example = "10.0.0.53, 2001:db8::53",
		.meaning = "The DNS servers of the tunnel."},

	[KEY_IKE_PROPOSALS] = {"IKE", "Proposals",
		LIST(ike_proposals, aovpn_item_is_proposal),
		.must_be = PROPOSAL,
		.otherwise = "all safe ones that RRAS can be set to: AES-GCM "
			"and AES-CBC with SHA-256 or SHA-384, in groups 14, 19 "
			"and 20; and WeakAlgorithms=",
		.example = "aes256-sha256-modp2048",
		.meaning = "IKE proposals in strongSwan's words, instead of "
			"the default ones."},
	[KEY_ESP_PROPOSALS] = {"IKE", "ESPProposals",
		LIST(esp_proposals, aovpn_item_is_proposal),
		.must_be = PROPOSAL,
		.otherwise = "all safe ones that RRAS can be set to: AES-GCM, "
			"AES-CBC with SHA-256, with and without PFS; and "
			"WeakAlgorithms=",
		.example = "aes256gcm16-modp2048",
		.meaning = "ESP proposals likewise. With a Diffie-Hellman "
			"group the keys of a rekeyed CHILD_SA are made anew "
			"(PFS)."},
	[KEY_WEAK_ALGORITHMS] = {"IKE", "WeakAlgorithms",
		LIST(weak_algorithms, aovpn_item_is_weak_algorithm),
		.must_be = "3des, sha1 or modp1024", .otherwise = "none",
		.example = "3des, sha1, modp1024",
		.meaning = "Broken or too short algorithms that are accepted "
			"nevertheless: the default proposals have them as the "
			"last choice, and Proposals= and ESPProposals= may "
			"name them. RRAS negotiates nothing but 3DES, SHA-1 "
			"and group 2 (modp1024) until an administrator sets a "
			"policy (Set-VpnServerConfiguration -CustomPolicy); "
			"whoever records such a tunnel may read it one day."},
	[KEY_FRAGMENTATION] = {"IKE", "Fragmentation",
		WORD(fragmentation, fragmentations),
		.must_be = "yes, no or force", .fallback = "yes",
		.example = "force",
		.meaning = "IKE fragmentation (RFC 7383): yes where the "
			"gateway does it, too; force from the first message "
			"on; no leaves large messages to IP fragments, which "
			"many routers drop."},
	[KEY_MOBIKE] = {"IKE", "MOBIKE", BOOL(mobike), .fallback = "yes",
		.example = "no",
		.meaning = "Keep the tunnel when the address changes "
			"(RFC 4555)."},
	[KEY_DPD_DELAY] = {"IKE", "DPDDelay", NUMBER(dpd_delay_s, 0, 3600),
		.must_be = "a number of seconds from 0 to 3600",
		.fallback = "30", .example = "60",
		.meaning = "Dead peer detection: seconds of silence after "
			"which the gateway is asked whether it is there; 0 "
			"never asks."},
	[KEY_REKEY_TIME] = {"IKE", "RekeyTime",
		NUMBER(rekey_time_s, 300, 604800), .or_zero = true,
		.must_be = REKEY_TIME, .fallback = "14400", .example = "28800",
		.meaning = "Seconds after which the IKE_SA gets new keys; 0 "
			"leaves that to the gateway."},
	[KEY_ESP_REKEY_TIME] = {"IKE", "ESPRekeyTime",
		NUMBER(esp_rekey_time_s, 300, 604800), .or_zero = true,
		.must_be = REKEY_TIME, .fallback = "3600", .example = "7200",
		.meaning = "The same of the CHILD_SA."},

	[KEY_TLS_MIN] = {"TLS", "MinVersion", WORD(tls_min, versions),
		.must_be = "1.2 or 1.3", .fallback = "1.2", .example = "1.3",
		.meaning = "The lowest version of TLS inside EAP-TLS."},
	[KEY_TLS_MAX] = {"TLS", "MaxVersion", WORD(tls_max, versions),
		.must_be = "1.2 or 1.3", .fallback = "1.3", .example = "1.2",
		.meaning = "The highest."},
	[KEY_FRAGMENT_SIZE] = {"TLS", "FragmentSize",
		NUMBER(fragment_size, 100, 1400),
		.must_be = "a number of bytes from 100 to 1400",
		.fallback = "1400", .example = "1024",
		.meaning = "Bytes of TLS in one EAP packet. 1024 helps where "
			"gateway and NPS do not let IP fragments through to "
			"each other. A gateway without IKE fragmentation gets "
			"1024 at the most."},
};
/* clang-format on */

const struct aovpn_profile_alias aovpn_profile_aliases[] = {
	{"Connection", "RemoteNetworks", KEY_ROUTES},
	{"Connection", "IKEProposals", KEY_IKE_PROPOSALS},
	{"Connection", "ESPProposals", KEY_ESP_PROPOSALS},
};

const size_t aovpn_profile_alias_count =
	sizeof(aovpn_profile_aliases) / sizeof(aovpn_profile_aliases[0]);
