/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_profile.c - profiles: what is read, and what each error says. */
#include "profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CUnit/CUnit.h>

#define REQUIRED                                   \
	"[Connection]\nServer=vpn.contoso.test\n"  \
	"[Gateway]\nTrustedRoots=/etc/roots.pem\n" \
	"[Credential]\nCertificate=/etc/user.p12\n"

static struct aovpn_profile profile;
static struct aovpn_error error;

/* Load these bytes as the profile "corp" of a directory of its own. */
static int load_bytes(const char *bytes, size_t size)
{
	char dir[] = "/tmp/aovpn-profile-XXXXXX", path[64];
	FILE *file;
	int err;

	memset(&profile, 0x55, sizeof(profile));
	error.text[0] = '\0';
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/corp.conf", dir);
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(bytes, 1, size, file), size);
	fclose(file);
	err = aovpn_profile_load(dir, "corp", &profile, &error);
	unlink(path);
	rmdir(dir);
	return err;
}

static int load(const char *text)
{
	return load_bytes(text, strlen(text));
}

/* The same behind what is required: it begins in line 7. */
static int load_more(const char *more)
{
	char text[16384];

	snprintf(text, sizeof(text), "%s%s", REQUIRED, more);
	return load(text);
}

/* err is -EINVAL and the text ends with expected, behind the file's name. */
static void expect_error(int err, const char *expected)
{
	const char *rest = strstr(error.text, "/corp.conf:");

	CU_ASSERT_EQUAL(err, -EINVAL);
	CU_ASSERT_EQUAL(profile.tls_min, 0x55555555);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
	rest += strlen("/corp.conf:");
	CU_ASSERT_STRING_EQUAL(rest, expected);
	if (strcmp(rest, expected) != 0)
		printf("\n  got:      %s\n  expected: %s\n", rest, expected);
}

static void reads_every_key(void)
{
	CU_ASSERT_EQUAL_FATAL(
		load("# comment\n; comment\n  ; indented comment\n\n \t\n"
		     "[Connection]\nServer = 2001:db8::1\r\nDialTimeout=5\n"
		     "RemoteNetworks=10.0.0.0/8 , 2001:db8::/32\n"
		     "IKEProposals=aes256-sha256-modp2048,aes128-sha384-"
		     "ecp256\n"
		     "ESPProposals=aes256-sha256\n"
		     "[Gateway]\nName=vpn.contoso.test\n"
		     "TrustedRoots=/etc/a b/roots.pem\nRootThumbprints="
		     "0123456789ABCDEF0123456789abcdef0123456a\n"
		     "[NPS]\nServerNames=nps1.contoso.test;nps2.contoso.test\n"
		     "TrustedRoots=/etc/nps.pem\nRootThumbprints="
		     "0123456789ABCDEF0123456789abcdef0123456b\n"
		     "[Credential]\nCertificate=/c\nPrivateKey=/k\nChain=/h\n"
		     "PasswordFile=/p\nEAPIdentity=j\xc3\xb6rg@contoso.test\n"
		     "[Selection]\nIssuerThumbprints="
		     "0123456789ABCDEF0123456789abcdef01234567 , 01 23 45 67 "
		     "89 AB CD EF 01 23 45 67 89 ab cd ef 01 23 45 68,"
		     "01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:"
		     "69\nClientAuthEKUs=1.3.6.1.4.1.311.87, 1.3.6.*\n"
		     "AnyPurposeEKUs=2.999.0\nAllPurpose=yes\n"
		     "[TLS] \t\nMinVersion=1.3\nMaxVersion=1.3\nFragmentSize="
		     "1024"),
		0);
	CU_ASSERT_STRING_EQUAL(profile.name, "corp");
	CU_ASSERT_STRING_EQUAL(profile.server[0], "2001:db8::1");
	CU_ASSERT_EQUAL(profile.dial_timeout_s, 5);
	CU_ASSERT_STRING_EQUAL(profile.routes, "10.0.0.0/8,2001:db8::/32");
	CU_ASSERT_STRING_EQUAL(profile.ike_proposals,
			       "aes256-sha256-modp2048,aes128-sha384-ecp256");
	CU_ASSERT_STRING_EQUAL(profile.esp_proposals, "aes256-sha256");
	CU_ASSERT_STRING_EQUAL(profile.gateway_name, "vpn.contoso.test");
	CU_ASSERT_STRING_EQUAL(profile.gateway_roots, "/etc/a b/roots.pem");
	CU_ASSERT_STRING_EQUAL(profile.gateway_root_thumbprints,
			       "0123456789abcdef0123456789abcdef0123456a");
	CU_ASSERT_STRING_EQUAL(profile.nps_root_thumbprints,
			       "0123456789abcdef0123456789abcdef0123456b");
	CU_ASSERT_STRING_EQUAL(profile.nps_names,
			       "nps1.contoso.test;nps2.contoso.test");
	CU_ASSERT_STRING_EQUAL(profile.nps_roots, "/etc/nps.pem");
	CU_ASSERT_STRING_EQUAL(profile.certificate, "/c");
	CU_ASSERT_STRING_EQUAL(profile.key, "/k");
	CU_ASSERT_STRING_EQUAL(profile.chain, "/h");
	CU_ASSERT_STRING_EQUAL(profile.password_file, "/p");
	CU_ASSERT_STRING_EQUAL(profile.identity, "j\xc3\xb6rg@contoso.test");
	CU_ASSERT_STRING_EQUAL(profile.issuers,
			       "0123456789abcdef0123456789abcdef01234567,"
			       "0123456789abcdef0123456789abcdef01234568,"
			       "0123456789abcdef0123456789abcdef01234569");
	CU_ASSERT_STRING_EQUAL(profile.client_auth_ekus,
			       "1.3.6.1.4.1.311.87,1.3.6.*");
	CU_ASSERT_STRING_EQUAL(profile.any_purpose_ekus, "2.999.0");
	CU_ASSERT_EQUAL(profile.all_purpose, true);
	CU_ASSERT_STRING_EQUAL(profile.certificate_directory, "");
	CU_ASSERT_EQUAL(profile.tls_min, 0x0304);
	CU_ASSERT_EQUAL(profile.tls_max, 0x0304);
	CU_ASSERT_EQUAL(profile.fragment_size, 1024);
}

#define BEFORE_CREDENTIAL                                    \
	"[Connection]\nServer=vpn.contoso.test\n[Gateway]\n" \
	"TrustedRoots=/r\n[Credential]\n"

static void reads_keys_on_tokens(void)
{
	CU_ASSERT_EQUAL_FATAL(
		load(BEFORE_CREDENTIAL
		     "Certificate=pkcs11:token=a%20b;object=c\n"
		     "PrivateKey=pkcs11:id=%01?module-path=/x.so\n"
		     "PasswordCredential=vpn-pin\n"),
		0);
	CU_ASSERT_STRING_EQUAL(profile.certificate,
			       "pkcs11:token=a%20b;object=c");
	CU_ASSERT_STRING_EQUAL(profile.key, "pkcs11:id=%01?module-path=/x.so");
	CU_ASSERT_STRING_EQUAL(profile.password_credential, "vpn-pin");
	CU_ASSERT_EQUAL_FATAL(load(BEFORE_CREDENTIAL
				   "Certificate=/c\n"
				   "PrivateKey=handle:0x81000001\n"),
			      0);
	CU_ASSERT_STRING_EQUAL(profile.key, "handle:0x81000001");
}

static void refuses_keys_that_cannot_be(void)
{
	static const char *const bad[] = {
		"Certificate=pkcs11:tok=a\n",
		"Certificate=pkcs11:token=a?pin-value=1234\n",
		"Certificate=handle:0x81000001\n",
		"Certificate=/c\nPrivateKey=handle:0x80000001\n",
		"Certificate=/c\nPrivateKey=pkcs11:id=%0\n",
		"Certificate=/c\nPasswordCredential=../pin\n",
		"Certificate=/c\nPasswordCredential=/pin\n",
		"Certificate=/c\nPasswordFile=/p\nPasswordCredential=p\n",
		"CertificateDirectory=/d\nPasswordCredential=p\n",
	};
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), BEFORE_CREDENTIAL "%s", bad[i]);
		CU_ASSERT_EQUAL(load(text), -EINVAL);
	}
}

static void fills_in_defaults(void)
{
	CU_ASSERT_EQUAL_FATAL(load(REQUIRED), 0);
	CU_ASSERT_EQUAL(profile.dial_timeout_s, 60);
	CU_ASSERT_EQUAL(profile.tunnel, AOVPN_TUNNEL_FORCE);
	CU_ASSERT_STRING_EQUAL(profile.routes, "0.0.0.0/0,::/0");
	CU_ASSERT_STRING_EQUAL(profile.gateway_name, "vpn.contoso.test");
	CU_ASSERT_STRING_EQUAL(profile.nps_roots, "/etc/roots.pem");
	CU_ASSERT_STRING_EQUAL(profile.nps_names, "");
	CU_ASSERT_STRING_EQUAL(profile.key, "");
	CU_ASSERT_STRING_EQUAL(profile.identity, "");
	CU_ASSERT_STRING_EQUAL(profile.issuers, "");
	CU_ASSERT_STRING_EQUAL(profile.client_auth_ekus, "");
	CU_ASSERT_STRING_EQUAL(profile.any_purpose_ekus, "");
	CU_ASSERT_EQUAL(profile.all_purpose, false);
	CU_ASSERT_EQUAL(profile.tls_min, 0x0303);
	CU_ASSERT_EQUAL(profile.tls_max, 0x0304);
	CU_ASSERT_EQUAL(profile.fragment_size, 1400);
}

/* The thumbprints go with the file whose certificates they choose from. */
static void shares_roots_with_nps(void)
{
#define THUMBPRINT "0123456789abcdef0123456789abcdef01234567"
	CU_ASSERT_EQUAL_FATAL(
		load_more("[Gateway]\nRootThumbprints=" THUMBPRINT), 0);
	CU_ASSERT_STRING_EQUAL(profile.nps_root_thumbprints, THUMBPRINT);
	CU_ASSERT_EQUAL_FATAL(load_more("[Gateway]\nRootThumbprints=" THUMBPRINT
					"\n[NPS]\nTrustedRoots=/nps.pem"),
			      0);
	CU_ASSERT_STRING_EQUAL(profile.nps_root_thumbprints, "");
#undef THUMBPRINT
}

static void reads_byte_order_mark(void)
{
	CU_ASSERT_EQUAL(load("\xef\xbb\xbf" REQUIRED), 0);
	expect_error(
		load("\xef\xbb\xbf[Oops]\n"),
		"1: unknown section [Oops]; known sections: Connection, "
		"Gateway, NPS, Credential, Selection, Network, DNS, IKE, TLS");
}

static void reads_long_lines(void)
{
	char more[5000] = "[NPS]\nTrustedRoots=/";
	size_t start = strlen(more);

	memset(more + start, 'a', PATH_MAX - 2);
	CU_ASSERT_EQUAL(load_more(more), 0);
	CU_ASSERT_EQUAL(strlen(profile.nps_roots), PATH_MAX - 1);
	memset(more + start, 'a', PATH_MAX - 1);
	expect_error(
		load_more(more),
		"8: TrustedRoots in [NPS]: \"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\" is longer than "
		"4095 bytes");
}

static void refuses_overlong_line(void)
{
	static char more[10000] = "# ";

	memset(more + 2, 'a', 8189);
	CU_ASSERT_EQUAL(load_more(more), 0);
	memset(more + 2, 'a', 8190);
	expect_error(load_more(more), "7: longer than 8191 bytes");
}

static void names_what_is_unknown(void)
{
	expect_error(load("[Connection]\nServr=a\n"),
		     "2: unknown key \"Servr\" in [Connection]; known keys: "
		     "Server, DialTimeout, AlwaysOn, AllowedUsers, "
		     "AllowedGroups");
	expect_error(load("[Connection]\nserver=a\n"),
		     "2: unknown key \"server\" in [Connection]; known keys: "
		     "Server, DialTimeout, AlwaysOn, AllowedUsers, "
		     "AllowedGroups");
	expect_error(load_more("[Conection]\n"),
		     "7: unknown section [Conection]; known sections: "
		     "Connection, Gateway, NPS, Credential, Selection, "
		     "Network, DNS, IKE, TLS");
	expect_error(load("Server=a\n"),
		     "1: \"Server\" stands before the first [Section]");
}

static void names_what_is_missing(void)
{
	static const char file[] = "/corp.conf: ";
	const char *rest;

	CU_ASSERT_EQUAL(load("[Connection]\nServer=a\n"
			     "[Credential]\nCertificate=/c\n"),
			-EINVAL);
	rest = strstr(error.text, file);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
	CU_ASSERT_STRING_EQUAL(rest + strlen(file),
			       "TrustedRoots= in [Gateway] is missing");
	CU_ASSERT_EQUAL(load(""), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(error.text, ": Server= in [Connection] is missing"));
	CU_ASSERT_EQUAL(load("[Connection]\nServer=a\n"
			     "[Gateway]\nTrustedRoots=/r\n"),
			-EINVAL);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(error.text, ": Certificate= or CertificateDirectory= in "
				   "[Credential] is missing"));
}

static void refuses_lines_that_are_nothing(void)
{
	expect_error(load_more("Server\n"),
		     "7: \"Server\" is neither [Section] nor Key=Value");
	expect_error(load_more("[TLS\n"),
		     "7: \"[TLS\" is no [Section] alone on its line");
	expect_error(load_more("[TLS] MinVersion=1.3\n"),
		     "7: \"[TLS] MinVersion=1.3\" is no [Section] alone on its "
		     "line");
	expect_error(load_more("[NPS]\nServerNames=a;b\n  c;d\n"),
		     "9: \"  c;d\" begins with white space; there are no "
		     "continuation lines");
}

static void refuses_comment_behind_value(void)
{
	expect_error(load_more("[NPS]\nServerNames=a ;b\n"),
		     "8: \"ServerNames=a ;b\" has white space before \";\"; a "
		     "comment stands on a line of its own");
}

static void keeps_semicolons_of_lists(void)
{
	CU_ASSERT_EQUAL(load_more("[NPS]\nServerNames=a;b; c;10.0.0.1\n"), 0);
	CU_ASSERT_STRING_EQUAL(profile.nps_names, "a;b;c;10.0.0.1");
}

static void refuses_second_value(void)
{
	expect_error(load_more("[Connection]\nServer=b\n"),
		     "8: Server in [Connection] is given twice, first in line "
		     "2");
}

static void refuses_empty_value(void)
{
	expect_error(load_more("[NPS]\nServerNames=\n"),
		     "8: ServerNames in [NPS] is empty; leave the line out for "
		     "the default");
}

static void refuses_unprintable_value(void)
{
	static const char nul[] = REQUIRED "[Credential]\nEAPIdentity=a\0b\n";

	expect_error(load_more("[Credential]\nEAPIdentity=a\x1b[31mb\n"),
		     "8: EAPIdentity in [Credential]: \"a\\x1b[31mb\" has "
		     "characters that cannot be printed");
	expect_error(load_more("[Credential]\nEAPIdentity=a\xffz\n"),
		     "8: EAPIdentity in [Credential]: \"a\\xffz\" has "
		     "characters that cannot be printed");
	expect_error(load_bytes(nul, sizeof(nul) - 1), "8: holds a NUL byte");
}

static void refuses_number_out_of_range(void)
{
	static const char *const bad[] = {"4",    "601", "5s",         "-5",
					  "0x10", "5.0", "99999999999"};
	char more[64], expected[128];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(more, sizeof(more), "[Connection]\nDialTimeout=%s\n",
			 bad[i]);
		snprintf(expected, sizeof(expected),
			 "8: DialTimeout in [Connection]: \"%s\" is not a "
			 "number of seconds from 5 to 600",
			 bad[i]);
		expect_error(load_more(more), expected);
	}
	expect_error(load_more("[TLS]\nFragmentSize=99\n"),
		     "8: FragmentSize in [TLS]: \"99\" is not a number of "
		     "bytes from 100 to 1400");
	CU_ASSERT_EQUAL(load_more("[Connection]\nDialTimeout=600\n"), 0);
	CU_ASSERT_EQUAL(load_more("[TLS]\nFragmentSize=100\n"), 0);
	CU_ASSERT_EQUAL(load_more("[TLS]\nFragmentSize=1400\n"), 0);
	expect_error(load_more("[TLS]\nFragmentSize=1401\n"),
		     "8: FragmentSize in [TLS]: \"1401\" is not a number of "
		     "bytes from 100 to 1400");
}

static void refuses_bad_host(void)
{
	static const char *const bad[] = {
		"https://vpn", "vpn contoso", "10.0.0.300",    "vpn..test",
		"vpn.test.",   "-vpn.test",   "vpn:443",       "[::1]",
		"*.test",      "vpn-.test",   "b\xc3\xbc.test"};
	char text[128], expected[128];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[Connection]\nServer=%s\n",
			 bad[i]);
		snprintf(expected, sizeof(expected),
			 "2: Server in [Connection]: \"%s\" is not a DNS name "
			 "or an IP address",
			 bad[i]);
		expect_error(load(text), expected);
	}
}

static void bounds_length_of_host(void)
{
	char text[512] = "[Connection]\nServer=";
	size_t start = strlen(text), i;

	memset(text + start, 'a', 64);
	CU_ASSERT_EQUAL(load(text), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "is not a DNS name"));
	for (i = 0; i < 254; i++)
		text[start + i] = i % 2 ? '.' : 'a';
	text[start + 253] = 'a';
	CU_ASSERT_EQUAL(load(text), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "is not a DNS name"));
	text[start + 253] = '\0';
	CU_ASSERT_EQUAL(load(text), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "TrustedRoots"));
}

/* A profile that is complete, with this line at the end of [Gateway]. */
static int load_revocation(const char *value)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "[Connection]\nServer=a\n[Credential]\nCertificate=/c\n"
		 "[Gateway]\nTrustedRoots=/r\nRevocation=%s\n",
		 value);
	return load(text);
}

static void revocation_is_soft_or_hard(void)
{
	CU_ASSERT_EQUAL(load_more(""), 0);
	CU_ASSERT_EQUAL(profile.gateway_revocation, AOVPN_REVOCATION_SOFT);
	CU_ASSERT_EQUAL(load_revocation("hard"), 0);
	CU_ASSERT_EQUAL(profile.gateway_revocation, AOVPN_REVOCATION_HARD);
	/* There is no way to turn it off. */
	expect_error(load_revocation("off"),
		     "7: Revocation in [Gateway]: \"off\" is not soft or hard");
}

static void names_bad_item_of_list(void)
{
	static const char *const bad[] = {
		"10.0.0.0",       "10.0.0.0/33", "10.0.0/8",    "10.0.0.0/",
		"2001:db8::/129", "10.0.0.0/8x", "10.0.0.0/-1", ""};
	char more[128], expected[192];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(more, sizeof(more),
			 "[Connection]\nRemoteNetworks=::/0,%s,10.0.0.0/8\n",
			 bad[i]);
		snprintf(expected, sizeof(expected),
			 "8: RemoteNetworks in [Connection]: \"%s\" is not a "
			 "network like 10.0.0.0/8 or 2001:db8::/32",
			 bad[i]);
		expect_error(load_more(more), expected);
	}
	expect_error(
		load_more("[NPS]\nServerNames=a;b_(.*\n"),
		"8: ServerNames in [NPS]: \"b_(.*\" is not a DNS name or an "
		"IP address, or a pattern like nps.*\\.contoso\\.com or "
		"*.contoso.com");
	expect_error(load_more("[Connection]\nIKEProposals=aes256,AES128\n"),
		     "8: IKEProposals in [Connection]: \"AES128\" is not a "
		     "proposal like aes256-sha256-modp2048");
	expect_error(load_more("[Connection]\nESPProposals=aes256!,a\n"),
		     "8: ESPProposals in [Connection]: \"aes256!\" is not a "
		     "proposal like aes256-sha256-modp2048");
}

static void refuses_relative_path(void)
{
	expect_error(load_more("[Credential]\nChain=chain.pem\n"),
		     "8: Chain in [Credential]: \"chain.pem\" is not an "
		     "absolute path");
}

#define WITHOUT_CREDENTIAL                        \
	"[Connection]\nServer=vpn.contoso.test\n" \
	"[Gateway]\nTrustedRoots=/etc/roots.pem\n[Credential]\n"

static void takes_certificate_or_directory(void)
{
	CU_ASSERT_EQUAL_FATAL(
		load(WITHOUT_CREDENTIAL "CertificateDirectory=/d\nChain=/c\n"),
		0);
	CU_ASSERT_STRING_EQUAL(profile.certificate_directory, "/d");
	CU_ASSERT_STRING_EQUAL(profile.certificate, "");
	expect_error(load_more("[Credential]\nCertificateDirectory=/d\n"),
		     "8: Certificate and CertificateDirectory in [Credential] "
		     "exclude each other");
	expect_error(load(WITHOUT_CREDENTIAL
			  "CertificateDirectory=/d\nPrivateKey=/k\n"),
		     "7: PrivateKey and CertificateDirectory in [Credential] "
		     "exclude each other");
	expect_error(load(WITHOUT_CREDENTIAL
			  "PasswordFile=/p\nCertificateDirectory=/d\n"),
		     "7: PasswordFile and CertificateDirectory in [Credential] "
		     "exclude each other");
	expect_error(load(WITHOUT_CREDENTIAL "CertificateDirectory=d\n"),
		     "6: CertificateDirectory in [Credential]: \"d\" is not "
		     "an absolute path");
}

static void refuses_bad_thumbprints(void)
{
	static const char *const bad[] = {
		"0123456789abcdef0123456789abcdef0123456",
		"0123456789abcdef0123456789abcdef012345678",
		"0123456789abcdef0123456789abcdef0123456g",
		":0123456789abcdef0123456789abcdef01234567",
		"0123456789abcdef0123456789abcdef01234567:",
		"0 123456789abcdef0123456789abcdef01234567",
		"01  23456789abcdef0123456789abcdef01234567",
		"01-23456789abcdef0123456789abcdef01234567",
	};
	char more[256], expected[256];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(more, sizeof(more),
			 "[Selection]\nIssuerThumbprints=%s\n", bad[i]);
		snprintf(expected, sizeof(expected),
			 "8: IssuerThumbprints in [Selection]: \"%s\" is not a "
			 "SHA-1 thumbprint",
			 bad[i]);
		expect_error(load_more(more), expected);
	}
}

static void refuses_bad_usages(void)
{
	static const char *const bad[] = {
		"clientAuth",
		"1",
		"1.",
		"*",
		"1*",
		"1.3*",
		"1.*.3",
		"3.1",
		"1.03",
		"1..3",
		".1.3",
		"1.3.",
		"1.3.a",
		"10.1",
		"1.3 .6",
		"1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21.22.23."
		"24.25.26.27.28.29.30.31.32.33.34.35.3",
	};
	char more[256], expected[256];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(more, sizeof(more),
			 "[Selection]\nClientAuthEKUs=1.2.*,%s\n", bad[i]);
		snprintf(expected, sizeof(expected),
			 "8: ClientAuthEKUs in [Selection]: \"%s\" is not an "
			 "OID like 1.3.6.1.4.1.311.87 or 1.3.6.1.4.1.311.*",
			 bad[i]);
		expect_error(load_more(more), expected);
	}
	expect_error(load_more("[Selection]\nAllPurpose=true\n"),
		     "8: AllPurpose in [Selection]: \"true\" is not yes or no");
}

static void refuses_bad_versions(void)
{
	expect_error(load_more("[TLS]\nMinVersion=1.1\n"),
		     "8: MinVersion in [TLS]: \"1.1\" is not 1.2 or 1.3");
	expect_error(load_more("[TLS]\nMinVersion=1.3\nMaxVersion=1.2\n"),
		     "9: MinVersion in [TLS], 1.3, is above MaxVersion, 1.2");
	expect_error(load_more("[TLS]\nMaxVersion=1.2\n\nMinVersion=1.3\n"),
		     "10: MinVersion in [TLS], 1.3, is above MaxVersion, 1.2");
}

static void first_error_is_reported(void)
{
	expect_error(load("[Connection]\nDialTimeout=1\nServr=a\nx\n"),
		     "2: DialTimeout in [Connection]: \"1\" is not a number of "
		     "seconds from 5 to 600");
}

static void checks_name_before_path(void)
{
	static const char *const bad[] = {
		"",
		".",
		"..",
		"../x",
		"a/b",
		".hidden",
		"-rf",
		"a b",
		"a\n",
		"\xc3\xbc",
		"a2345678901234567890123456789012345678901234567890123456"};
	static const char *const good[] = {
		"a", "Corp.VPN_2-x",
		"a234567890123456789012345678901234567890123456789012345"};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(aovpn_profile_name_check(bad[i], &error),
				-EINVAL);
		CU_ASSERT_EQUAL(aovpn_profile_load("/nowhere", bad[i], &profile,
						   &error),
				-EINVAL);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(error.text, "cannot name a profile"));
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CU_ASSERT_EQUAL(aovpn_profile_name_check(good[i], NULL), 0);
	aovpn_profile_name_check("../x", &error);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "\"../x\""));
}

static void names_file_that_cannot_be_read(void)
{
	char dir[] = "/tmp/aovpn-profile-XXXXXX", path[64];

	CU_ASSERT_EQUAL(
		aovpn_profile_load("/nowhere", "corp", &profile, &error),
		-ENOENT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "/nowhere/corp.conf: "));
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/corp.conf", dir);
	mkdir(path, 0700);
	CU_ASSERT_EQUAL(aovpn_profile_load(dir, "corp", &profile, &error),
			-EISDIR);
	rmdir(path);
	mkfifo(path, 0600);
	CU_ASSERT_EQUAL(aovpn_profile_load(dir, "corp", &profile, &error),
			-EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "is not a regular file"));
	unlink(path);
	rmdir(dir);
}

static void bounds_size_of_file(void)
{
	static char text[65537 + 1];
	size_t i;

	memset(text, '#', sizeof(text) - 1);
	for (i = 99; i < sizeof(text) - 1; i += 100)
		text[i] = '\n';
	memcpy(text, REQUIRED, strlen(REQUIRED));
	text[strlen(REQUIRED)] = '#';
	CU_ASSERT_EQUAL(load_bytes(text, 65536), 0);
	CU_ASSERT_EQUAL(load_bytes(text, 65537), -EFBIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "65537 bytes"));
}

CU_TestInfo profile_tests[] = {
	{"reads every key", reads_every_key},
	{"fills in defaults", fills_in_defaults},
	{"shares the roots of the gateway with NPS", shares_roots_with_nps},
	{"reads keys on tokens", reads_keys_on_tokens},
	{"refuses keys that cannot be", refuses_keys_that_cannot_be},
	{"reads a file with a byte order mark", reads_byte_order_mark},
	{"reads lines as long as a path may be", reads_long_lines},
	{"refuses an overlong line", refuses_overlong_line},
	{"names unknown keys and sections", names_what_is_unknown},
	{"names what is missing", names_what_is_missing},
	{"refuses lines that are nothing", refuses_lines_that_are_nothing},
	{"refuses a comment behind a value", refuses_comment_behind_value},
	{"keeps the semicolons of lists", keeps_semicolons_of_lists},
	{"refuses a second value", refuses_second_value},
	{"refuses an empty value", refuses_empty_value},
	{"refuses an unprintable value", refuses_unprintable_value},
	{"refuses a number out of range", refuses_number_out_of_range},
	{"refuses a bad host", refuses_bad_host},
	{"bounds the length of a host", bounds_length_of_host},
	{"revocation is soft or hard", revocation_is_soft_or_hard},
	{"names the bad item of a list", names_bad_item_of_list},
	{"refuses a relative path", refuses_relative_path},
	{"takes a certificate or a directory of them",
	 takes_certificate_or_directory},
	{"refuses bad thumbprints", refuses_bad_thumbprints},
	{"refuses bad usages", refuses_bad_usages},
	{"refuses bad TLS versions", refuses_bad_versions},
	{"reports the first error", first_error_is_reported},
	{"checks the name before a path is built", checks_name_before_path},
	{"names a file that cannot be read", names_file_that_cannot_be_read},
	{"bounds the size of the file", bounds_size_of_file},
	CU_TEST_INFO_NULL,
};
