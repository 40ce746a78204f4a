/* SPDX-License-Identifier: MIT */
#pragma once

#include "chunk.h"
#include "providers.h"

G_BEGIN_DECLS

/**
 * WhisModelProfile:
 * @id: what the kind of model is called
 * @longest_ms: longest piece in milliseconds; 0 for as long as the user wants
 * @tail_ms: how much sound is still recorded after a stop at least, in milliseconds
 * @margins: how much silence it wants around speech
 * @in_order: whether pieces are recognised one after the other, each with the text before it as a
 *   prompt
 *
 * What a kind of model needs of the sound that it is given, whoever runs it.
 */
typedef struct _WhisModelProfile
{
  const char *id;
  guint longest_ms;
  guint tail_ms;
  WhisChunkMargins margins;
  gboolean in_order;
} WhisModelProfile;

extern const WhisModelProfile whis_model_profile_default;
extern const WhisModelProfile whis_model_profile_whisper;
extern const WhisModelProfile whis_model_profile_parakeet;

const WhisModelProfile *whis_model_profile_find (const WhisProvider *provider, const char *model);
guint whis_model_profile_shorten (const WhisModelProfile *self, guint longest_ms);

G_END_DECLS
