/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_HTTP_ERROR (whis_http_error_quark ())

/**
 * WhisHttpError:
 * @WHIS_HTTP_ERROR_NETWORK: there is no connection, or it broke off
 * @WHIS_HTTP_ERROR_TIMEOUT: the server was silent for too long
 * @WHIS_HTTP_ERROR_TLS: the connection is not safe
 * @WHIS_HTTP_ERROR_ADDRESS: an address that is not used: not encrypted, or no address at all
 * @WHIS_HTTP_ERROR_STATUS: the server refused
 * @WHIS_HTTP_ERROR_OTHER_FILE: the server has another file under the address
 * @WHIS_HTTP_ERROR_CHECKSUM: what was fetched is not the file that was wanted
 * @WHIS_HTTP_ERROR_SPACE: there is not enough space for the file
 * @WHIS_HTTP_ERROR_STORAGE: the file cannot be written
 * @WHIS_HTTP_ERROR_BUSY: another process fetches the same file
 * @WHIS_HTTP_ERROR_PROXY: a proxy on the way refused, or does not answer
 * @WHIS_HTTP_ERROR_METERED: the network is metered, and nobody has allowed to use it for this
 *
 * Why there is no answer, or no file. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_HTTP_ERROR_NETWORK,
  WHIS_HTTP_ERROR_TIMEOUT,
  WHIS_HTTP_ERROR_TLS,
  WHIS_HTTP_ERROR_ADDRESS,
  WHIS_HTTP_ERROR_STATUS,
  WHIS_HTTP_ERROR_OTHER_FILE,
  WHIS_HTTP_ERROR_CHECKSUM,
  WHIS_HTTP_ERROR_SPACE,
  WHIS_HTTP_ERROR_STORAGE,
  WHIS_HTTP_ERROR_BUSY,
  WHIS_HTTP_ERROR_PROXY,
  WHIS_HTTP_ERROR_METERED,
} WhisHttpError;

GQuark whis_http_error_quark (void);
const char *whis_http_error_get_word (const GError *error);

G_END_DECLS
