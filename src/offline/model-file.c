/* SPDX-License-Identifier: MIT */
#include "model-file.h"

#include <glib/gi18n-lib.h>

#include "model-layout.h"
#include "offline-error.h"

/* A model's file as the recogniser opens it. A file for the other library makes libwhisper allocate
 * until the system ends it, and libparakeet abort. */

static void
set_unknown (GError **error)
{
  g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL,
                       _ ("The file is no model of Whisper or Parakeet for whisper.cpp: fetch the "
                          "model again."));
}

/* Says in the words of the recogniser why a file is refused. */
static gboolean
model_file_refuse (const GError *failure, GError **error)
{
  if (failure->domain != WHIS_MODEL_HEADER_ERROR)
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING, "%s.", failure->message);
  else if (failure->code == WHIS_MODEL_HEADER_ERROR_TRUNCATED)
    g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL,
                         _ ("The file of the model is damaged or cut off: remove the model and "
                            "fetch it again."));
  else
    set_unknown (error);

  return FALSE;
}

/**
 * whis_model_file_read_header:
 * @path: a file
 * @header: (out caller-allocates): what its head says
 * @error: return location
 *
 * Reads the head of a model's file. See whis_model_header_parse().
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MISSING if the file cannot be read, or
 *   %WHIS_OFFLINE_ERROR_MODEL
 */
gboolean
whis_model_file_read_header (const char *path, WhisModelHeader *header, GError **error)
{
  g_autoptr (GError) failure = NULL;

  g_return_val_if_fail (path != NULL && header != NULL, FALSE);

  return whis_model_header_read_file (path, header, &failure) || model_file_refuse (failure, error);
}

/**
 * whis_model_file_check:
 * @path: a file
 * @kind: what it is to be for
 * @error: return location
 *
 * Looks through a model's file, before a library gets to see it. This can take a while on a slow
 * disk.
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MISSING or %WHIS_OFFLINE_ERROR_MODEL if it must not be
 *   loaded as a model of this kind
 */
gboolean
whis_model_file_check (const char *path, WhisModelKind kind, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GError) failure = NULL;
  WhisModelHeader header;

  if (!whis_model_file_read_header (path, &header, error))
    return FALSE;
  if (header.kind != kind)
    {
      set_unknown (error);
      return FALSE;
    }
  file = g_mapped_file_new (path, FALSE, &failure);
  if (file == NULL)
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING, "%s", failure->message);
      return FALSE;
    }

  if (whis_model_layout_check ((const guint8 *) g_mapped_file_get_contents (file),
                               g_mapped_file_get_length (file), &failure))
    return TRUE;

  return model_file_refuse (failure, error);
}
