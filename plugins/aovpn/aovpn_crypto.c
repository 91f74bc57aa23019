/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * OpenSSL's library context and errors; see aovpn_crypto.h.
 */

#include "aovpn_crypto.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/provider.h>

#include <library.h>

#include "escape.h"

/**
 * Our library context.
 */
static OSSL_LIB_CTX *context;

/**
 * The default provider, if the configuration activated none.
 */
static OSSL_PROVIDER *provider;

/**
 * Configure the context from the system's openssl.cnf. A machine without one
 * has no policy to honour.
 */
static void load_config()
{
	char *path, text[256];

	path = CONF_get1_default_config_file();
	if (!path)
	{
		return;
	}
	OPENSSL_load_builtin_modules();
	if (access(path, R_OK) == 0 &&
		OSSL_LIB_CTX_load_config(context, path) != 1)
	{
		aovpn_crypto_error(text, sizeof(text));
		DBG1(DBG_CFG, "aovpn: OpenSSL's configuration %s is not usable: %s",
			 path, text);
	}
	OPENSSL_free(path);
}

/*
 * Described in header
 */
bool aovpn_crypto_init()
{
	char text[256];

	context = OSSL_LIB_CTX_new();
	if (!context)
	{
		return FALSE;
	}
	load_config();
	if (!OSSL_PROVIDER_available(context, "default") &&
		!OSSL_PROVIDER_available(context, "fips"))
	{
		provider = OSSL_PROVIDER_load(context, "default");
		if (!provider)
		{
			aovpn_crypto_error(text, sizeof(text));
			DBG1(DBG_CFG, "aovpn: no OpenSSL provider: %s", text);
			aovpn_crypto_deinit();
			return FALSE;
		}
	}
	return TRUE;
}

/*
 * Described in header
 */
void aovpn_crypto_deinit()
{
	if (provider)
	{
		OSSL_PROVIDER_unload(provider);
		provider = NULL;
	}
	OSSL_LIB_CTX_free(context);
	context = NULL;
}

/*
 * Described in header
 */
OSSL_LIB_CTX *aovpn_crypto_context()
{
	return context;
}

/*
 * Described in header
 */
unsigned long aovpn_crypto_error(char *text, size_t size)
{
	const char *data = NULL, *reason;
	char line[256];
	unsigned long error;
	int flags = 0;

	error = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
	reason = error ? ERR_reason_error_string(error) : "unknown error";
	snprintf(line, sizeof(line), "%s%s%s", reason ?: "unknown error",
			 data && *data && (flags & ERR_TXT_STRING) ? ": " : "",
			 data && (flags & ERR_TXT_STRING) ? data : "");
	aovpn_escape_string(line, text, size);
	ERR_clear_error();
	return error;
}
