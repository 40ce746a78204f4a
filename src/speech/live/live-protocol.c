/* SPDX-License-Identifier: MIT */
#include "live-protocol.h"
#include "language.h"

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

  return whis_language_get_primary (options->language);
}
