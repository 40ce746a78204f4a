/* SPDX-License-Identifier: MIT */
#include "document-format.h"

static const char *const nicks[] = {
  [WHIS_DOCUMENT_TEXT] = "text",
  [WHIS_DOCUMENT_JSON] = "json",
  [WHIS_DOCUMENT_SRT] = "srt",
  [WHIS_DOCUMENT_VTT] = "vtt",
};

/**
 * whis_document_format_get_nick:
 * @format: a format
 *
 * Returns: its name on the command line and on D-Bus
 */
const char *
whis_document_format_get_nick (WhisDocumentFormat format)
{
  g_return_val_if_fail ((guint) format < G_N_ELEMENTS (nicks), NULL);

  return nicks[format];
}

/**
 * whis_document_format_from_nick:
 * @nick: a word
 * @format: (out): the format that is called so
 *
 * Returns: whether there is such a format
 */
gboolean
whis_document_format_from_nick (const char *nick, WhisDocumentFormat *format)
{
  g_return_val_if_fail (nick != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (nicks); i++)
    if (g_str_equal (nicks[i], nick))
      {
        *format = (WhisDocumentFormat) i;
        return TRUE;
      }

  return FALSE;
}
