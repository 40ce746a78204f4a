/* SPDX-License-Identifier: MIT */
#include "http-error.h"

G_DEFINE_QUARK (whis - http - error - quark, whis_http_error)

/**
 * whis_http_error_get_word:
 * @error: an error
 *
 * Returns: (transfer none): a short stable word for the cause, as it stands on the bus; `failed`
 * for an error of another domain
 */
const char *
whis_http_error_get_word (const GError *error)
{
  static const char *const words[] = {
    [WHIS_HTTP_ERROR_NETWORK] = "network",   [WHIS_HTTP_ERROR_TIMEOUT] = "timeout",
    [WHIS_HTTP_ERROR_TLS] = "tls",           [WHIS_HTTP_ERROR_ADDRESS] = "address",
    [WHIS_HTTP_ERROR_STATUS] = "refused",    [WHIS_HTTP_ERROR_OTHER_FILE] = "other-file",
    [WHIS_HTTP_ERROR_CHECKSUM] = "checksum", [WHIS_HTTP_ERROR_SPACE] = "space",
    [WHIS_HTTP_ERROR_STORAGE] = "storage",   [WHIS_HTTP_ERROR_BUSY] = "busy",
    [WHIS_HTTP_ERROR_PROXY] = "network",     [WHIS_HTTP_ERROR_METERED] = "metered",
  };

  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  if (error->domain != WHIS_HTTP_ERROR || (guint) error->code >= G_N_ELEMENTS (words))
    return "failed";

  return words[error->code];
}
