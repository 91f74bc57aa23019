/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - runs all CUnit suites. Prints what failed and ends with the line
 * that tests/run adds up: "N passed, N failed, N skipped".
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

extern CU_TestInfo aside_tests[];
extern CU_TestInfo attempt_tests[];
extern CU_TestInfo attempt_json_tests[];
extern CU_TestInfo attempts_tests[];
extern CU_TestInfo candidates_tests[];
extern CU_TestInfo causes_tests[];
extern CU_TestInfo certificate_tests[];
extern CU_TestInfo certificate_watch_tests[];
extern CU_TestInfo certificate_check_tests[];
extern CU_TestInfo channel_tests[];
extern CU_TestInfo charon_log_tests[];
extern void charon_log_setup(void);
extern CU_TestInfo clock_facts_tests[];
extern CU_TestInfo codes_tests[];
extern CU_TestInfo credential_tests[];
extern CU_TestInfo curl_error_tests[];
extern CU_TestInfo diagnosis_tests[];
extern CU_TestInfo eap_packet_tests[];
extern CU_TestInfo escape_tests[];
extern CU_TestInfo expiry_tests[];
extern CU_TestInfo fetch_protocol_tests[];
extern CU_TestInfo forgeable_tests[];
extern CU_TestInfo fragments_tests[];
extern CU_TestInfo history_tests[];
extern CU_TestInfo history_store_tests[];
extern CU_TestInfo host_facts_tests[];
extern CU_TestInfo icmp_tests[];
extern CU_TestInfo ike_probe_tests[];
extern CU_TestInfo kind_tests[];
extern CU_TestInfo network_tests[];
extern CU_TestInfo observation_json_tests[];
extern CU_TestInfo paths_tests[];
extern CU_TestInfo prediction_tests[];
extern CU_TestInfo profile_tests[];
extern CU_TestInfo profile_files_tests[];
extern CU_TestInfo proposal_tests[];
extern CU_TestInfo record_tests[];
extern CU_TestInfo redial_tests[];
extern CU_TestInfo refusal_tests[];
extern CU_TestInfo recorder_tests[];
extern CU_TestInfo server_name_tests[];
extern CU_TestInfo resolve_tests[];
extern CU_TestInfo selection_tests[];
extern CU_TestInfo sid_tests[];
extern CU_TestInfo token_tests[];
extern CU_TestInfo trace_filter_tests[];
extern CU_TestInfo trace_text_tests[];
extern CU_TestInfo tried_tests[];
extern CU_TestInfo tunnel_tests[];
extern CU_TestInfo xfrm_stat_tests[];

static CU_SuiteInfo suites[] = {
	{"aside", NULL, NULL, NULL, NULL, aside_tests},
	{"attempt", NULL, NULL, NULL, NULL, attempt_tests},
	{"attempt_json", NULL, NULL, NULL, NULL, attempt_json_tests},
	{"attempts", NULL, NULL, NULL, NULL, attempts_tests},
	{"candidates", NULL, NULL, NULL, NULL, candidates_tests},
	{"causes", NULL, NULL, NULL, NULL, causes_tests},
	{"certificate", NULL, NULL, NULL, NULL, certificate_tests},
	{"certificate_watch", NULL, NULL, NULL, NULL, certificate_watch_tests},
	{"certificate_check", NULL, NULL, NULL, NULL, certificate_check_tests},
	{"channel", NULL, NULL, NULL, NULL, channel_tests},
	{"charon_log", NULL, NULL, charon_log_setup, NULL, charon_log_tests},
	{"clock_facts", NULL, NULL, NULL, NULL, clock_facts_tests},
	{"codes", NULL, NULL, NULL, NULL, codes_tests},
	{"credential", NULL, NULL, NULL, NULL, credential_tests},
	{"curl_error", NULL, NULL, NULL, NULL, curl_error_tests},
	{"diagnosis", NULL, NULL, NULL, NULL, diagnosis_tests},
	{"refusal", NULL, NULL, NULL, NULL, refusal_tests},
	{"eap_packet", NULL, NULL, NULL, NULL, eap_packet_tests},
	{"escape", NULL, NULL, NULL, NULL, escape_tests},
	{"expiry", NULL, NULL, NULL, NULL, expiry_tests},
	{"fetch_protocol", NULL, NULL, NULL, NULL, fetch_protocol_tests},
	{"forgeable", NULL, NULL, NULL, NULL, forgeable_tests},
	{"fragments", NULL, NULL, NULL, NULL, fragments_tests},
	{"history", NULL, NULL, NULL, NULL, history_tests},
	{"history_store", NULL, NULL, NULL, NULL, history_store_tests},
	{"host_facts", NULL, NULL, NULL, NULL, host_facts_tests},
	{"icmp", NULL, NULL, NULL, NULL, icmp_tests},
	{"ike_probe", NULL, NULL, NULL, NULL, ike_probe_tests},
	{"kind", NULL, NULL, NULL, NULL, kind_tests},
	{"network", NULL, NULL, NULL, NULL, network_tests},
	{"observation_json", NULL, NULL, NULL, NULL, observation_json_tests},
	{"paths", NULL, NULL, NULL, NULL, paths_tests},
	{"prediction", NULL, NULL, NULL, NULL, prediction_tests},
	{"profile", NULL, NULL, NULL, NULL, profile_tests},
	{"profile_files", NULL, NULL, NULL, NULL, profile_files_tests},
	{"proposal", NULL, NULL, NULL, NULL, proposal_tests},
	{"record", NULL, NULL, NULL, NULL, record_tests},
	{"redial", NULL, NULL, NULL, NULL, redial_tests},
	{"recorder", NULL, NULL, NULL, NULL, recorder_tests},
	{"server_name", NULL, NULL, NULL, NULL, server_name_tests},
	{"resolve", NULL, NULL, NULL, NULL, resolve_tests},
	{"selection", NULL, NULL, NULL, NULL, selection_tests},
	{"sid", NULL, NULL, NULL, NULL, sid_tests},
	{"token", NULL, NULL, NULL, NULL, token_tests},
	{"trace_filter", NULL, NULL, NULL, NULL, trace_filter_tests},
	{"trace_text", NULL, NULL, NULL, NULL, trace_text_tests},
	{"tried", NULL, NULL, NULL, NULL, tried_tests},
	{"tunnel", NULL, NULL, NULL, NULL, tunnel_tests},
	{"xfrm_stat", NULL, NULL, NULL, NULL, xfrm_stat_tests},
	CU_SUITE_INFO_NULL,
};

int main(void)
{
	unsigned int failed, run;

	if (!getenv("AOVPN_TEST_FIXTURES")) {
		fputs("AOVPN_TEST_FIXTURES is not set\n", stderr);
		return EXIT_FAILURE;
	}
	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS) {
		fprintf(stderr, "CUnit: %s\n", CU_get_error_msg());
		return EXIT_FAILURE;
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	run = CU_get_number_of_tests_run();
	failed = CU_get_number_of_tests_failed();
	CU_cleanup_registry();
	printf("%u passed, %u failed, 0 skipped\n", run - failed, failed);
	return failed > 0 || run == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
