/* SPDX-License-Identifier: MIT */
#include "fetch-text.h"

#include <glib/gi18n-lib.h>

#include "kept.h"

/**
 * whis_fetch_text_new_failed:
 * @message: of the D-Bus signal `FetchFailed` of the interface for models, as what follows
 * @kept: words
 * @done: bytes of the model that are there
 *
 * Returns: (transfer full): what happened, and what was kept
 */
char *
whis_fetch_text_new_failed (const char *message, const char *kept, guint64 done)
{
  g_autofree char *size = NULL;
  g_autofree char *sentence = NULL;

  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail (kept != NULL, NULL);

  if ((whis_kept_from_words (kept) & WHIS_KEPT_DOWNLOAD) == 0)
    return g_strdup (message);

  size = g_format_size (done);
  /* Translators: %s is an amount, such as “12.3 MB” */
  sentence = g_strdup_printf (_ ("%s are kept; the next download goes on from there."), size);

  return g_strconcat (message, " ", sentence, NULL);
}
