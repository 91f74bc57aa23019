/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_profile_files.c - profiles of several files: which are taken, in which
 * order, from which directories, and what of them counts.
 */
#include "profile_sources.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CUnit/CUnit.h>

#include "profile_list.h"
#include "profile_option.h"

#define REQUIRED                                   \
	"[Connection]\nServer=vpn.contoso.test\n"  \
	"[Gateway]\nTrustedRoots=/etc/roots.pem\n" \
	"[Credential]\nCertificate=/etc/user.p12\n"

static char root[] = "/tmp/aovpn-files-XXXXXX";
static char search[256];
static struct aovpn_profile profile;
static struct aovpn_profile_sources *sources;
static struct aovpn_error error;

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Three empty directories: etc, run and usr. */
static void begin(void)
{
	static const char *const names[] = {"etc", "run", "usr"};
	char path[64];
	size_t i;

	snprintf(root, sizeof(root), "/tmp/aovpn-files-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", root, names[i]);
		mkdir(path, 0755);
	}
	snprintf(search, sizeof(search), "%s/etc:%s/run:%s/usr", root, root,
		 root);
}

static void end(void)
{
	sources = aovpn_profile_sources_free(sources);
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static void put(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
	chmod(path_of(name), 0644);
}

static void put_directory(const char *name)
{
	CU_ASSERT_EQUAL(mkdir(path_of(name), 0755), 0);
}

static void mask(const char *name)
{
	CU_ASSERT_EQUAL(symlink("/dev/null", path_of(name)), 0);
}

static int load(void)
{
	aovpn_profile_sources_free(sources);
	return aovpn_profile_load_sources(search, "corp", &profile, &sources,
					  &error);
}

static void first_directory_wins(void)
{
	begin();
	put("usr/corp.conf", REQUIRED "[TLS]\nFragmentSize=300\n");
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_EQUAL(profile.fragment_size, 300);
	put("run/corp.conf", REQUIRED "[TLS]\nFragmentSize=200\n");
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_EQUAL(profile.fragment_size, 200);
	put("etc/corp.conf", REQUIRED);
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_EQUAL(profile.fragment_size, 1400);
	end();
}

static void a_mask_hides_a_profile(void)
{
	begin();
	put("usr/corp.conf", REQUIRED);
	mask("run/corp.conf");
	CU_ASSERT_EQUAL(load(), -ENOENT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "run/corp.conf is masked"));
	put("etc/corp.conf", REQUIRED);
	CU_ASSERT_EQUAL(load(), 0);
	end();
}

static void drop_ins_count_by_name_over_all_directories(void)
{
	begin();
	put("etc/corp.conf", REQUIRED "[IKE]\nDPDDelay=1\n");
	put_directory("etc/corp.conf.d");
	put_directory("usr/corp.conf.d");
	put("etc/corp.conf.d/20.conf", "[IKE]\nDPDDelay=20\nMOBIKE=no\n");
	put("usr/corp.conf.d/30.conf", "[IKE]\nDPDDelay=30\n");
	put("usr/corp.conf.d/10.conf", "[IKE]\nDPDDelay=10\nMOBIKE=yes\n");
	put("usr/corp.conf.d/40.txt", "[IKE]\nDPDDelay=40\n");
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_EQUAL(profile.dpd_delay_s, 30);
	CU_ASSERT_EQUAL(profile.mobike, false);
	CU_ASSERT_EQUAL(sources->files.count, 4);
	end();
}

static void the_same_drop_in_counts_once(void)
{
	begin();
	put("usr/corp.conf", REQUIRED);
	put_directory("etc/corp.conf.d");
	put_directory("usr/corp.conf.d");
	put("usr/corp.conf.d/a.conf", "[IKE]\nDPDDelay=20\nMOBIKE=no\n");
	put("etc/corp.conf.d/a.conf", "[IKE]\nDPDDelay=10\n");
	put("usr/corp.conf.d/b.conf", "[IKE]\nRekeyTime=999\n");
	mask("etc/corp.conf.d/b.conf");
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_EQUAL(profile.dpd_delay_s, 10);
	CU_ASSERT_EQUAL(profile.mobike, true);
	CU_ASSERT_EQUAL(profile.rekey_time_s, 14400);
	end();
}

static void lists_grow_until_they_are_taken_back(void)
{
	begin();
	put("etc/corp.conf", REQUIRED "[Network]\nRoutes=10.0.0.0/8\n");
	put_directory("etc/corp.conf.d");
	put("etc/corp.conf.d/1.conf", "[Connection]\nRemoteNetworks=::/0\n");
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_STRING_EQUAL(profile.routes, "10.0.0.0/8,::/0");
	put("etc/corp.conf.d/2.conf", "[Network]\nRoutes=\n");
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_EQUAL(profile.tunnel, AOVPN_TUNNEL_FORCE);
	put("etc/corp.conf.d/2.conf",
	    "[Network]\nRoutes=\nRoutes=10.1.0.0/16\n");
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_STRING_EQUAL(profile.routes, "10.1.0.0/16");
	end();
}

static void an_empty_value_brings_the_default_back(void)
{
	begin();
	put("etc/corp.conf", REQUIRED "[IKE]\nDPDDelay=7\n[Gateway]\nName=x\n");
	put_directory("etc/corp.conf.d");
	put("etc/corp.conf.d/1.conf", "[IKE]\nDPDDelay=\n[Gateway]\nName=\n");
	CU_ASSERT_EQUAL(load(), 0);
	CU_ASSERT_EQUAL(profile.dpd_delay_s, 30);
	CU_ASSERT_STRING_EQUAL(profile.gateway_name, "vpn.contoso.test");
	put("etc/corp.conf.d/1.conf", "[Connection]\nServer=\n");
	CU_ASSERT_EQUAL(load(), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(error.text, "Server= in [Connection] is missing"));
	put("etc/corp.conf.d/1.conf", "[IKE]\nDPDDelay=1\nDPDDelay=\n");
	CU_ASSERT_EQUAL(load(), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "is given twice"));
	end();
}

static void an_error_names_the_drop_in(void)
{
	begin();
	put("etc/corp.conf", REQUIRED "[TLS]\nMaxVersion=1.2\n");
	put_directory("run/corp.conf.d");
	put("run/corp.conf.d/1.conf", "[IKE]\n\nMobike=no\n");
	CU_ASSERT_EQUAL(load(), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "run/corp.conf.d/1.conf:3: "
						  "unknown key \"Mobike\""));
	put("run/corp.conf.d/1.conf", "\n[TLS]\nMinVersion=1.3\n");
	CU_ASSERT_EQUAL(load(), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "run/corp.conf.d/1.conf:3: "
						  "MinVersion in [TLS]"));
	end();
}

static void sources_tell_file_and_line(void)
{
	begin();
	put("etc/corp.conf", REQUIRED "[Network]\nRoutes=10.0.0.0/8\n[IKE]\n"
				      "DPDDelay=7\n");
	put_directory("etc/corp.conf.d");
	put("etc/corp.conf.d/1.conf",
	    "[IKE]\nDPDDelay=8\n[Network]\nRoutes=::/0\n");
	CU_ASSERT_EQUAL_FATAL(load(), 0);
	CU_ASSERT_EQUAL_FATAL(sources->count, 6);
	CU_ASSERT_EQUAL(sources->list[3].key, KEY_ROUTES);
	CU_ASSERT_EQUAL(sources->list[3].line, 8);
	CU_ASSERT_EQUAL(sources->list[4].key, KEY_DPD_DELAY);
	CU_ASSERT_EQUAL(sources->list[4].file, 1);
	CU_ASSERT_EQUAL(sources->list[4].line, 2);
	CU_ASSERT_EQUAL(sources->list[5].key, KEY_ROUTES);
	CU_ASSERT_EQUAL(sources->list[5].line, 4);
	end();
}

static void refuse_at(const char *name)
{
	CU_ASSERT_EQUAL(load(), -EPERM);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, path_of(name)));
}

/* Whoever may write it decides where root's daemon dials. */
static void what_others_may_write_is_refused(void)
{
	begin();
	put("etc/corp.conf", REQUIRED);
	put_directory("etc/corp.conf.d");
	put("etc/corp.conf.d/1.conf", "");
	CU_ASSERT_EQUAL(load(), 0);
	chmod(path_of("etc/corp.conf.d/1.conf"), 0664);
	refuse_at("etc/corp.conf.d/1.conf");
	chmod(path_of("etc/corp.conf.d/1.conf"), 0644);
	chmod(path_of("etc/corp.conf.d"), 0757);
	refuse_at("etc/corp.conf.d");
	chmod(path_of("etc/corp.conf.d"), 0755);
	chmod(path_of("etc/corp.conf"), 0646);
	refuse_at("etc/corp.conf");
	chmod(path_of("etc/corp.conf"), 0644);
	chmod(path_of("etc"), 0777);
	refuse_at("etc");
	end();
}

static void what_another_user_owns_is_refused(void)
{
	begin();
	put("etc/corp.conf", REQUIRED);
	if (geteuid() == 0) {
		CU_ASSERT_EQUAL(chown(path_of("etc/corp.conf"), 65534, 0), 0);
		refuse_at("etc/corp.conf");
	}
	end();
}

static void too_many_drop_ins_are_refused(void)
{
	char name[64];
	int i;

	begin();
	put("etc/corp.conf", REQUIRED);
	put_directory("etc/corp.conf.d");
	for (i = 0; i < AOVPN_PROFILE_FILES_MAX; i++) {
		if (i == AOVPN_PROFILE_FILES_MAX - 1)
			CU_ASSERT_EQUAL(load(), 0);
		snprintf(name, sizeof(name), "etc/corp.conf.d/%d.conf", i);
		put(name, "");
	}
	CU_ASSERT_EQUAL(load(), -E2BIG);
	end();
}

static void lists_each_profile_once(void)
{
	static struct aovpn_profile_list list;

	begin();
	put("usr/b.conf", "");
	put("etc/b.conf", "");
	put("etc/c.conf", "");
	put("usr/a.conf", "");
	put("usr/hidden.conf", "");
	mask("etc/hidden.conf");
	put("etc/no profile.conf", "");
	CU_ASSERT_EQUAL(aovpn_profile_list_read(search, &list, &error), 0);
	CU_ASSERT_EQUAL_FATAL(list.count, 3);
	CU_ASSERT_STRING_EQUAL(list.name[0], "a");
	CU_ASSERT_STRING_EQUAL(list.name[1], "b");
	CU_ASSERT_STRING_EQUAL(list.name[2], "c");
	end();
}

static void a_changed_drop_in_changes_the_stamp(void)
{
	uint64_t before;

	begin();
	CU_ASSERT_EQUAL(aovpn_profile_stamp(search, "corp"), 0);
	put("etc/corp.conf", REQUIRED);
	before = aovpn_profile_stamp(search, "corp");
	CU_ASSERT_NOT_EQUAL(before, 0);
	put_directory("etc/corp.conf.d");
	usleep(20000);
	put("etc/corp.conf.d/1.conf", "");
	CU_ASSERT(aovpn_profile_stamp(search, "corp") > before);
	end();
}

/* --- settings --- */

static int load_with(const char *more)
{
	char text[8192];
	int r;

	begin();
	snprintf(text, sizeof(text), "%s%s", REQUIRED, more);
	put("etc/corp.conf", text);
	r = load();
	end();
	return r;
}

static void servers_come_in_order(void)
{
	begin();
	put("etc/corp.conf",
	    "[Connection]\nServer=a.test, 10.0.0.1 ,2001:db8::1\n[Gateway]\n"
	    "TrustedRoots=/r\n[Credential]\nCertificate=/c\n");
	CU_ASSERT_EQUAL_FATAL(load(), 0);
	CU_ASSERT_STRING_EQUAL(aovpn_profile_server(&profile, 0), "a.test");
	CU_ASSERT_STRING_EQUAL(aovpn_profile_server(&profile, 1), "10.0.0.1");
	CU_ASSERT_STRING_EQUAL(aovpn_profile_server(&profile, 2),
			       "2001:db8::1");
	CU_ASSERT_PTR_NULL(aovpn_profile_server(&profile, 3));
	CU_ASSERT_STRING_EQUAL(profile.gateway_name, "a.test");
	put("etc/corp.conf",
	    "[Connection]\nServer=a,b,c,d,e,f,g,h,i\n[Gateway]\n"
	    "TrustedRoots=/r\n[Credential]\nCertificate=/c\n");
	CU_ASSERT_EQUAL(load(), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "corp.conf:2: Server in "
						  "[Connection] has more than "
						  "8"));
	end();
}

static void reads_what_a_client_needs(void)
{
	CU_ASSERT_EQUAL_FATAL(
		load_with("[Connection]\nAlwaysOn=yes\nAllowedUsers=alice,"
			  "CONTOSO\\bob b\nAllowedGroups=vpn\n"
			  "[Network]\nTunnel=force\nExcludedRoutes=10.0.0.0/8\n"
			  "RouteMetric=50\n[DNS]\nApply=no\nDomains=.,a.test\n"
			  "SearchDomains=b.test\nServers=10.0.0.53,::1\n"
			  "[IKE]\nFragmentation=force\nMOBIKE=no\nDPDDelay=0\n"
			  "RekeyTime=0\nESPRekeyTime=300\n"),
		0);
	CU_ASSERT_EQUAL(profile.always_on, true);
	CU_ASSERT_STRING_EQUAL(profile.allowed_users, "alice,CONTOSO\\bob b");
	CU_ASSERT_STRING_EQUAL(profile.allowed_groups, "vpn");
	CU_ASSERT_EQUAL(profile.tunnel, AOVPN_TUNNEL_FORCE);
	CU_ASSERT_STRING_EQUAL(profile.routes, "0.0.0.0/0,::/0");
	CU_ASSERT_STRING_EQUAL(profile.excluded_routes, "10.0.0.0/8");
	CU_ASSERT_EQUAL(profile.route_metric, 50);
	CU_ASSERT_EQUAL(profile.dns_apply, false);
	CU_ASSERT_STRING_EQUAL(profile.dns_domains, ".,a.test");
	CU_ASSERT_STRING_EQUAL(profile.dns_search_domains, "b.test");
	CU_ASSERT_STRING_EQUAL(profile.dns_servers, "10.0.0.53,::1");
	CU_ASSERT_EQUAL(profile.fragmentation, AOVPN_FRAGMENTATION_FORCE);
	CU_ASSERT_EQUAL(profile.mobike, false);
	CU_ASSERT_EQUAL(profile.dpd_delay_s, 0);
	CU_ASSERT_EQUAL(profile.rekey_time_s, 0);
	CU_ASSERT_EQUAL(profile.esp_rekey_time_s, 300);
	CU_ASSERT_PTR_NULL(strstr(profile.ike_proposals, "sha1"));
}

static void refuses_what_cannot_be(void)
{
	static const struct {
		const char *more, *says;
	} bad[] = {
		{"[Connection]\nAllowedUsers=1000\n", "8: AllowedUsers"},
		{"[Connection]\nAllowedUsers=a,,b\n", "\"\" is not a user's"},
		{"[Connection]\nAllowedGroups=-x\n", "8: AllowedGroups"},
		{"[Network]\nTunnel=split\n", "8: Tunnel=split in [Network] "
					      "needs Routes="},
		{"[Network]\nRoutes=::/0\nTunnel=force\n", "9: Tunnel=force"},
		{"[Network]\nTunnel=both\n", "\"both\" is not split or force"},
		{"[Network]\nExcludedRoutes=10.0.0.0\n", "8: ExcludedRoutes"},
		{"[Network]\nRouteMetric=10000\n", "8: RouteMetric"},
		{"[Network]\nRoutes=::/0\n[Connection]\nRemoteNetworks=::/0\n",
		 "10: Routes in [Network] is given twice, first in line 8"},
		{"[DNS]\nServers=dns.test\n", "8: Servers in [DNS]"},
		{"[DNS]\nDomains=10.0.0.1\n", "8: Domains in [DNS]"},
		{"[IKE]\nDPDDelay=3601\n", "8: DPDDelay"},
		{"[IKE]\nRekeyTime=299\n", "8: RekeyTime"},
		{"[IKE]\nFragmentation=accept\n", "8: Fragmentation"},
		{"[IKE]\nWeakAlgorithms=md5\n", "8: WeakAlgorithms"},
		{"[Connection]\nIKEProposals=aes256-sha1-modp2048\n",
		 "8: Proposals in [IKE]: sha1 is weak"},
		{"[IKE]\nESPProposals=3des-sha256\n",
		 "8: ESPProposals in [IKE]: 3des is weak"},
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(load_with(bad[i].more), -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, bad[i].says));
		if (!strstr(error.text, bad[i].says))
			printf("\n  got: %s\n  for: %s\n", error.text,
			       bad[i].more);
	}
}

static void weak_algorithms_are_proposed_when_named(void)
{
	CU_ASSERT_EQUAL(load_with("[IKE]\nWeakAlgorithms=3des, modp1024\n"), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(profile.ike_proposals, "3des"));
	CU_ASSERT_PTR_NOT_NULL(strstr(profile.ike_proposals, "modp1024"));
	CU_ASSERT_PTR_NULL(strstr(profile.ike_proposals, "sha1"));
	CU_ASSERT_EQUAL(load_with("[IKE]\nWeakAlgorithms=sha1\n"
				  "Proposals=aes256-sha1-modp2048\n"),
			0);
	CU_ASSERT_STRING_EQUAL(profile.ike_proposals, "aes256-sha1-modp2048");
}

/* The manual and the options are made of it. */
static void each_key_is_described(void)
{
	char option[AOVPN_PROFILE_OPTION_MAX], value[4096];
	struct aovpn_profile scratch = {0};
	size_t i;

	for (i = 0; i < KEY_COUNT; i++) {
		const struct aovpn_profile_key *key = &aovpn_profile_keys[i];

		CU_ASSERT_PTR_NOT_NULL_FATAL(key->name);
		CU_ASSERT_PTR_NOT_NULL(key->meaning);
		CU_ASSERT_PTR_NOT_NULL(key->must_be);
		CU_ASSERT(key->required || key->fallback || key->otherwise);
		CU_ASSERT_EQUAL(aovpn_profile_key_set(key, key->example,
						      &scratch, NULL),
				0);
		aovpn_profile_key_reset(key, &scratch);
		aovpn_profile_key_format(key, &scratch, value, sizeof(value));
		CU_ASSERT_STRING_EQUAL(
			value,
			key->fallback
				? key->fallback
				: (key->kind == AOVPN_KEY_WORD ? "split" : ""));
		CU_ASSERT_PTR_EQUAL(
			aovpn_profile_key_find(key->section, key->name), key);
		aovpn_profile_option(key, option);
		CU_ASSERT(strlen(option) < sizeof(option) - 1);
	}
}

static void options_are_words(void)
{
	static const struct {
		enum aovpn_profile_key_index key;
		const char *option;
	} names[] = {
		{KEY_SERVER, "server"},
		{KEY_DIAL_TIMEOUT, "dial-timeout"},
		{KEY_GATEWAY_ROOTS, "gateway-trusted-roots"},
		{KEY_NPS_NAMES, "nps-server-names"},
		{KEY_CLIENT_AUTH_EKUS, "selection-client-auth-ekus"},
		{KEY_IDENTITY, "credential-eap-identity"},
		{KEY_MOBIKE, "ike-mobike"},
		{KEY_ESP_REKEY_TIME, "ike-esp-rekey-time"},
	};
	char option[AOVPN_PROFILE_OPTION_MAX];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		aovpn_profile_option(&aovpn_profile_keys[names[i].key], option);
		CU_ASSERT_STRING_EQUAL(option, names[i].option);
	}
}

CU_TestInfo profile_files_tests[] = {
	{"the first directory wins", first_directory_wins},
	{"a mask hides a profile", a_mask_hides_a_profile},
	{"drop-ins count by name, over all directories",
	 drop_ins_count_by_name_over_all_directories},
	{"the same drop-in counts once", the_same_drop_in_counts_once},
	{"lists grow until they are taken back",
	 lists_grow_until_they_are_taken_back},
	{"an empty value brings the default back",
	 an_empty_value_brings_the_default_back},
	{"an error names the drop-in", an_error_names_the_drop_in},
	{"sources tell file and line", sources_tell_file_and_line},
	{"what others may write is refused", what_others_may_write_is_refused},
	{"what another user owns is refused",
	 what_another_user_owns_is_refused},
	{"too many drop-ins are refused", too_many_drop_ins_are_refused},
	{"lists each profile once", lists_each_profile_once},
	{"a changed drop-in changes the stamp",
	 a_changed_drop_in_changes_the_stamp},
	{"servers come in order", servers_come_in_order},
	{"reads what a client needs", reads_what_a_client_needs},
	{"refuses what cannot be", refuses_what_cannot_be},
	{"weak algorithms are proposed when named",
	 weak_algorithms_are_proposed_when_named},
	{"each key is described", each_key_is_described},
	{"options are words", options_are_words},
	CU_TEST_INFO_NULL,
};
