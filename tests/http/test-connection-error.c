/* SPDX-License-Identifier: MIT */
#include "connection-error.h"
#include "http-error.h"
#include "service-error.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

static GError *
explain (GQuark domain, int code, gboolean is_own)
{
  g_autoptr (GError) cause = g_error_new_literal (domain, code, "as it was");

  return whis_connection_error_new ("Example", "example.org", is_own, cause);
}

/* What the user is told, what the program does, and whether that is to try again. */
static void
test_causes (void)
{
  const struct
  {
    GQuark domain;
    int code;
    WhisServiceError expected;
    const char *words;
    gboolean is_retryable;
  } cases[] = {
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, WHIS_SERVICE_ERROR_NETWORK, "was not found",
      TRUE },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, WHIS_SERVICE_ERROR_NETWORK, "Nobody answers",
      TRUE },
    { G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, WHIS_SERVICE_ERROR_NETWORK, "Check the network", TRUE },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, WHIS_SERVICE_ERROR_TIMEOUT, "did not answer in time",
      TRUE },
    { G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, WHIS_SERVICE_ERROR_BAD_ANSWER, "makes no sense",
      FALSE },
    { SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING, WHIS_SERVICE_ERROR_BAD_ANSWER,
      "makes no sense", TRUE },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, WHIS_SERVICE_ERROR_TLS, "is not safe", FALSE },
    { G_TLS_ERROR, G_TLS_ERROR_EOF, WHIS_SERVICE_ERROR_NETWORK, "Check the network", TRUE },
    { WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_PROXY, WHIS_SERVICE_ERROR_NETWORK, "as it was", FALSE },
    { WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_ADDRESS, WHIS_SERVICE_ERROR_ADDRESS, "as it was", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = explain (cases[i].domain, cases[i].code, FALSE);

      g_test_message ("%s %d", g_quark_to_string (cases[i].domain), cases[i].code);
      g_assert_error (error, WHIS_SERVICE_ERROR, (int) cases[i].expected);
      g_assert_nonnull (strstr (error->message, cases[i].words));
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, cases[i].is_retryable);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = explain (G_IO_ERROR, G_IO_ERROR_CANCELLED, FALSE);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Only for a server of their own users are told where to put its certificate. */
static void
test_own_certificate (void)
{
  g_autoptr (GError) own = explain (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, TRUE);
  g_autoptr (GError) other = explain (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, FALSE);

  g_assert_error (own, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TLS);
  g_assert_nonnull (strstr (own->message, "put it into the file"));
  g_assert_nonnull (strstr (own->message, "example.org"));
  g_assert_null (strstr (other->message, "put it into the file"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/connection-error/causes", test_causes);
  g_test_add_func ("/connection-error/cancelled", test_cancelled);
  g_test_add_func ("/connection-error/own-certificate", test_own_certificate);

  return g_test_run ();
}
