/* SPDX-License-Identifier: MIT */
#include "dictation-end.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "error-details.h"

#define ERROR_PREFIX "io.github.whis_gtk.Whis.Error."

/* The code of an error that is not the service's. */
#define CODE_FAILED "failed"

/**
 * whis_dictation_end_new_with_text:
 * @id: a dictation
 * @text: its text
 *
 * Returns: (transfer full): how it ended
 */
WhisDictationEnd *
whis_dictation_end_new_with_text (const char *id, const char *text)
{
  WhisDictationEnd *self = g_new0 (WhisDictationEnd, 1);

  self->text = g_strdup (text);
  self->id = g_strdup (id);
  self->code = g_strdup ("");
  self->message = g_strdup ("");

  return self;
}

/**
 * whis_dictation_end_new_failed:
 * @id: a dictation
 * @code: as in the D-Bus signal `Failed`, like what follows
 * @message: one sentence
 * @kept: words
 * @resumable: whether `Resume` may bring its text
 *
 * Returns: (transfer full): how it ended
 */
WhisDictationEnd *
whis_dictation_end_new_failed (const char *id,
                               const char *code,
                               const char *message,
                               const char *kept,
                               gboolean resumable)
{
  WhisDictationEnd *self = g_new0 (WhisDictationEnd, 1);

  self->id = g_strdup (id);
  self->code = g_strdup (code);
  self->message = g_strdup (message);
  self->kept = whis_kept_from_words (kept);
  self->resumable = resumable;

  return self;
}

/* “NotFound” → “not-found” */
static char *
name_to_code (const char *name)
{
  GString *code = g_string_new (NULL);

  for (; *name != '\0'; name++)
    {
      if (g_ascii_isupper (*name) && code->len > 0)
        g_string_append_c (code, '-');
      g_string_append_c (code, g_ascii_tolower (*name));
    }

  return g_string_free (code, FALSE);
}

static WhisDictationEnd *
new_without_details (const char *message)
{
  return whis_dictation_end_new_failed ("", CODE_FAILED, message, "", FALSE);
}

static WhisDictationEnd *
new_from_service (const GError *error, const char *name)
{
  WhisDictationEnd *self = g_new0 (WhisDictationEnd, 1);
  g_autoptr (GError) copy = g_error_copy (error);
  g_auto (WhisErrorDetails) details = { .kept = WHIS_KEPT_NOTHING };

  g_dbus_error_strip_remote_error (copy);
  self->message = whis_error_details_split (&details, copy->message);
  self->id = details.id != NULL ? g_steal_pointer (&details.id) : g_strdup ("");
  self->code = details.code != NULL ? g_steal_pointer (&details.code) : name_to_code (name);
  self->kept = details.kept;
  self->resumable = details.resumable;

  return self;
}

static gboolean
is_silence (const GError *error)
{
  return g_dbus_error_is_remote_error (error) || error->domain == G_DBUS_ERROR
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/**
 * whis_dictation_end_new_from_error:
 * @error: what a call to the service came back with
 *
 * Reads an error of the service. The messages of its own errors are sentences for the user; what
 * D-Bus itself reports is not.
 *
 * Returns: (transfer full): what @error says
 */
WhisDictationEnd *
whis_dictation_end_new_from_error (const GError *error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  name = g_dbus_error_get_remote_error (error);
  if (name != NULL && g_str_has_prefix (name, ERROR_PREFIX))
    return new_from_service (error, name + strlen (ERROR_PREFIX));
  if (!is_silence (error))
    return new_without_details (error->message);

  g_debug ("call failed: %s", error->message);

  return new_without_details (_ ("Whis did not answer; start it again if this stays so."));
}

void
whis_dictation_end_free (WhisDictationEnd *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->id);
  g_free (self->code);
  g_free (self->message);
  g_free (self);
}
