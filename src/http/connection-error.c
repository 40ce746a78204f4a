/* SPDX-License-Identifier: MIT */
#include "connection-error.h"
#include "http-error.h"
#include "service-error.h"
#include "trusted-certificate.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

static WhisServiceError
connection_error_classify (const GError *cause)
{
  if (cause->domain == SOUP_SESSION_ERROR)
    return WHIS_SERVICE_ERROR_BAD_ANSWER;
  if (cause->domain == G_TLS_ERROR && cause->code != G_TLS_ERROR_EOF)
    return WHIS_SERVICE_ERROR_TLS;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return WHIS_SERVICE_ERROR_TIMEOUT;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    return WHIS_SERVICE_ERROR_BAD_ANSWER;

  return WHIS_SERVICE_ERROR_NETWORK;
}

/* A server of the user's own may show a certificate that nobody has issued. */
static char *
write_untrusted (const char *name, const char *host)
{
  g_autofree char *address = g_strconcat ("https://", host, NULL);
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *path = whis_trusted_certificate_dup_path (
      uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : host);

  return g_strdup_printf (_ ("The connection to %s at %s is not safe, so it is not used. If the "
                             "certificate is your own, put it into the file %s."),
                          name, host, path);
}

static char *
write_sentence (WhisServiceError code,
                const char *name,
                const char *host,
                gboolean is_own,
                const GError *cause)
{
  if (code == WHIS_SERVICE_ERROR_BAD_ANSWER)
    return g_strdup_printf (_ ("%s at %s gave an answer that makes no sense."), name, host);
  if (code == WHIS_SERVICE_ERROR_TLS && is_own)
    return write_untrusted (name, host);
  if (code == WHIS_SERVICE_ERROR_TLS)
    return g_strdup_printf (_ ("The connection to %s at %s is not safe, so it is not used."), name,
                            host);
  if (code == WHIS_SERVICE_ERROR_TIMEOUT)
    return g_strdup_printf (_ ("%s at %s did not answer in time. Try again later."), name, host);
  if (cause->domain == G_RESOLVER_ERROR)
    return g_strdup_printf (_ ("%s at %s was not found. Check the network, or the address."), name,
                            host);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_strdup_printf (_ ("Nobody answers at %s (%s). Is the server running?"), host, name);

  return g_strdup_printf (_ ("The connection to %s at %s failed. Check the network."), name, host);
}

/**
 * whis_connection_error_new:
 * @name: what the service is called, for people
 * @host: its host, for people
 * @is_own: whether it is a server of the user's own
 * @cause: why there was no answer, of GIO, of libsoup or of a proxy
 *
 * Returns: (transfer full): @cause as an error of the domain %WHIS_SERVICE_ERROR; a cancellation
 *   stays what it is
 */
GError *
whis_connection_error_new (const char *name, const char *host, gboolean is_own, const GError *cause)
{
  WhisServiceError code;
  g_autofree char *sentence = NULL;

  g_return_val_if_fail (name != NULL && host != NULL && cause != NULL, NULL);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (g_error_matches (cause, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_PROXY))
    return whis_service_error_new_answer (WHIS_SERVICE_ERROR_NETWORK, cause->message, NULL, 0, 0,
                                          FALSE);
  if (g_error_matches (cause, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_ADDRESS))
    return whis_service_error_new (WHIS_SERVICE_ERROR_ADDRESS, cause->message, NULL);
  code = connection_error_classify (cause);
  sentence = write_sentence (code, name, host, is_own, cause);
  /* a garbled answer may be whole the next time; one without an end is not shorter then */
  if (cause->domain == SOUP_SESSION_ERROR)
    return whis_service_error_new_answer (code, sentence, cause->message, 0, 0, TRUE);

  return whis_service_error_new (code, sentence, cause->message);
}
