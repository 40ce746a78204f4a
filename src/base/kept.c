/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include <glib/gi18n-lib.h>

static const struct
{
  WhisKept kept;
  const char *word;
} words_known[] = {
  { WHIS_KEPT_SOUND, "sound" },
  { WHIS_KEPT_FILE, "file" },
  { WHIS_KEPT_EARLIER_TEXT, "earlier-text" },
  { WHIS_KEPT_TEXT, "text" },
  { WHIS_KEPT_PART, "part" },
  { WHIS_KEPT_PART_COPIED, "part-copied" },
  { WHIS_KEPT_RETRIED, "retried" },
  { WHIS_KEPT_AWAITS_MODEL, "awaits-model" },
  { WHIS_KEPT_DOWNLOAD, "download" },
};

/**
 * whis_kept_to_words:
 * @self: what was kept
 *
 * Returns: (transfer full): the words for it on D-Bus, with blanks between; empty for nothing
 */
char *
whis_kept_to_words (WhisKept self)
{
  GString *words = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (words_known); i++)
    if ((self & words_known[i].kept) != 0)
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", words_known[i].word);

  return g_string_free (words, FALSE);
}

/**
 * whis_kept_from_words:
 * @words: words from D-Bus, with blanks between
 *
 * Returns: what was kept, as far as this version knows the words
 */
WhisKept
whis_kept_from_words (const char *words)
{
  g_auto (GStrv) list = NULL;
  WhisKept kept = WHIS_KEPT_NOTHING;

  g_return_val_if_fail (words != NULL, WHIS_KEPT_NOTHING);

  list = g_strsplit (words, " ", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (words_known); i++)
    if (g_strv_contains ((const char *const *) list, words_known[i].word))
      kept |= words_known[i].kept;

  return kept;
}

static const char *
describe_text (WhisKept self)
{
  if ((self & WHIS_KEPT_PART_COPIED) != 0)
    return _ ("What was understood is on the clipboard, with a mark where a part is missing.");
  if ((self & WHIS_KEPT_PART) != 0)
    return _ ("What was understood is kept in the history.");
  if ((self & WHIS_KEPT_TEXT) != 0)
    return _ ("The text is kept in the history.");

  return "";
}

static const char *
describe_sound (WhisKept self)
{
  if ((self & WHIS_KEPT_AWAITS_MODEL) != 0)
    return _ ("The sound is kept, and is recognised when a model has come.");
  if ((self & WHIS_KEPT_RETRIED) != 0)
    return _ ("The sound is kept, and Whis tries again by itself.");
  if ((self & WHIS_KEPT_EARLIER_TEXT) != 0)
    return _ ("The text in the history is as it was.");
  if ((self & WHIS_KEPT_FILE) != 0)
    return _ ("Your file is as it was.");
  if ((self & WHIS_KEPT_SOUND) != 0)
    return _ ("The sound is kept.");

  return "";
}

/**
 * whis_kept_describe:
 * @self: what was kept of a dictation
 *
 * Returns: (transfer full): one or two sentences for the user; empty for nothing
 */
char *
whis_kept_describe (WhisKept self)
{
  const char *text = describe_text (self);
  const char *sound = describe_sound (self);

  return g_strconcat (text, *text != '\0' && *sound != '\0' ? " " : "", sound, NULL);
}
