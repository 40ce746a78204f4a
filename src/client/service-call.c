/* SPDX-License-Identifier: MIT */
#include "service-call.h"

#include <glib/gi18n-lib.h>

static gboolean
is_from_whis (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  return name != NULL && g_str_has_prefix (name, "io.github.whis_gtk.Whis.Error.");
}

static gboolean
is_silence (const GError *error)
{
  return error->domain == G_DBUS_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/**
 * whis_service_error_to_sentence:
 * @error: what a call to the service came back with
 *
 * The messages of the service's own errors are sentences for the user; what D-Bus itself reports
 * is not.
 *
 * Returns: (transfer full): one sentence for the user
 */
char *
whis_service_error_to_sentence (const GError *error)
{
  g_autoptr (GError) copy = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  if (!g_dbus_error_is_remote_error (error) && !is_silence (error))
    return g_strdup (error->message);
  if (!is_from_whis (error))
    {
      g_debug ("call failed: %s", error->message);
      return g_strdup (_ ("Whis did not answer; start it again if this stays so."));
    }

  copy = g_error_copy (error);
  g_dbus_error_strip_remote_error (copy);
  return g_strdup (copy->message);
}
