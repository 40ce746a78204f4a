/* SPDX-License-Identifier: MIT */
#include "live-protocol.h"

#include <string.h>

/**
 * whis_live_protocol_get:
 * @dialect: a dialect
 *
 * Returns: (transfer none) (nullable): how it is spoken; %NULL for %WHIS_LIVE_NONE
 */
const WhisLiveProtocol *
whis_live_protocol_get (WhisLiveDialect dialect)
{
  switch (dialect)
    {
    case WHIS_LIVE_OPENAI:
      return &whis_live_openai;
    case WHIS_LIVE_DEEPGRAM:
      return &whis_live_deepgram;
    case WHIS_LIVE_ELEVENLABS:
      return &whis_live_elevenlabs;
    case WHIS_LIVE_NONE:
    default:
      return NULL;
    }
}

/**
 * whis_live_query_add:
 * @query: the parameters of an address so far
 * @name: name of the next one
 * @value: its value, as it is
 *
 * Adds a parameter (RFC 3986, 3.4).
 */
void
whis_live_query_add (GString *query, const char *name, const char *value)
{
  g_return_if_fail (query != NULL && name != NULL && value != NULL);

  g_string_append_c (query, query->len == 0 ? '?' : '&');
  g_string_append (query, name);
  g_string_append_c (query, '=');
  g_string_append_uri_escaped (query, value, NULL, FALSE);
}

/**
 * whis_live_language_dup:
 * @options: how to transcribe
 *
 * Returns: (transfer full) (nullable): the language without its region; %NULL for automatic
 */
char *
whis_live_language_dup (const WhisLiveOptions *options)
{
  g_return_val_if_fail (options != NULL, NULL);

  if (options->language == NULL || *options->language == '\0')
    return NULL;

  return g_strndup (options->language, strcspn (options->language, "-_"));
}
