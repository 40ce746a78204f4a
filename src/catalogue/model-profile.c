/* SPDX-License-Identifier: MIT */
#include "model-profile.h"

#include <string.h>

/**
 * whis_model_profile_default:
 *
 * A model of which nothing is known.
 */
const WhisModelProfile whis_model_profile_default = {
  .id = "default",
  .margins = WHIS_CHUNK_MARGINS_INIT,
};

/**
 * whis_model_profile_whisper:
 *
 * Whisper hears windows of 30 s, and makes up an end where a piece fills its window: 62 % of the
 * dictations of exactly 30 s ended with invented words, none of those of 29 s (OpenWhispr 1458).
 * Silence behind speech makes that worse. It ends each piece with a full stop, so that one ends
 * where a sentence does if it can, and the longer a piece is the more of it is heard right.
 */
const WhisModelProfile whis_model_profile_whisper = {
  .id = "whisper",
  .longest_ms = 28000,
  .margins = { .wanted_ms = 22000,
               .lead_ms = 700,
               .before_ms = 400,
               .behind_ms = 300,
               .end_ms = 300,
               .sentence_ms = 600,
               .pause_ms = 3000 },
  .in_order = TRUE,
};

/**
 * whis_model_profile_parakeet:
 *
 * Parakeet takes mean and variance of a whole piece, so that silence shifts what it hears of the
 * speech: with 0.4 to 0.6 s of it in front whole pieces come out empty (FluidAudio 746), and a last
 * word without sound behind it gets lost (macparakeet 562).
 */
const WhisModelProfile whis_model_profile_parakeet = {
  .id = "parakeet",
  .longest_ms = 30000,
  .tail_ms = 500,
  .margins = { .wanted_ms = 12000,
               .lead_ms = 240,
               .before_ms = 160,
               .behind_ms = 500,
               .least_behind_ms = 540, /* 500, and what a frame rounds off */
               .end_ms = 600,
               .pause_ms = 2000 },
  .in_order = TRUE,
};

static gboolean
model_profile_contains (const char *name, const char *word)
{
  g_autofree char *lower = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  return lower != NULL && strstr (lower, word) != NULL;
}

/* Files of whisper.cpp begin with `ggml-`, those of Parakeet too. */
static const WhisModelProfile *
find_by_name (const WhisProvider *provider, const char *model)
{
  if (model_profile_contains (model, "parakeet"))
    return &whis_model_profile_parakeet;
  if (model_profile_contains (model, "whisper")
      || (provider->local && model != NULL && g_str_has_prefix (model, "ggml-")))
    return &whis_model_profile_whisper;

  return NULL;
}

/**
 * whis_model_profile_find:
 * @provider: a provider
 * @model: (nullable): its model, %NULL for its default
 *
 * Says what a model needs: by its name where that tells, or else by the provider's table.
 *
 * Returns: (transfer none): its profile
 */
const WhisModelProfile *
whis_model_profile_find (const WhisProvider *provider, const char *model)
{
  const WhisModelProfile *profile;

  g_return_val_if_fail (provider != NULL, &whis_model_profile_default);

  model = whis_provider_choose_model (provider, model);
  profile = find_by_name (provider, model);
  if (profile == NULL)
    profile = whis_provider_describe_model (provider, model)->profile;

  return profile != NULL ? profile : &whis_model_profile_default;
}

/**
 * whis_model_profile_shorten:
 * @self: a profile
 * @longest_ms: how long a piece may be, in milliseconds
 *
 * Returns: how long it may be for this kind of model too
 */
guint
whis_model_profile_shorten (const WhisModelProfile *self, guint longest_ms)
{
  g_return_val_if_fail (self != NULL, longest_ms);

  return self->longest_ms > 0 ? MIN (longest_ms, self->longest_ms) : longest_ms;
}
