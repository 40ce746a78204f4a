/* SPDX-License-Identifier: MIT */
#include "recommendation.h"

/* What a computer needs at least for any model that is not slow, and for one of half that size;
 * each a little below 6 and 4 GB, of which the system keeps a part. */
#define LARGE_PROCESSORS 4
#define LARGE_MEMORY_MB 5500
#define MEDIUM_PROCESSORS 2
#define MEDIUM_MEMORY_MB 3500
#define MEDIUM_BYTES ((guint64) 450 * 1000 * 1000)

/* Of the languages that Parakeet knows those in which it has more than one word of six wrong on
 * FLEURS; Whisper is better there. */
static const char *const weak_in_parakeet[] = { "da", "el", "et", "hu", NULL };

static gboolean
is_weak_in (const WhisLocalModel *model, const char *language)
{
  g_auto (GStrv) parts = g_strsplit_set (language, "-_", 2);

  return model->kind == WHIS_MODEL_PARAKEET && parts[0] != NULL
         && g_strv_contains (weak_in_parakeet, parts[0]);
}

/* A row that somebody added for this computer may have any address; of ours one that names a
 * revision of the file, which stays what it is. */
static gboolean
is_suitable (const WhisLocalModel *model, const char *language)
{
  return (model->pinned || model->added) && model->speed != WHIS_MODEL_SPEED_SLOW
         && (*language == '\0'
             || (whis_local_model_has_language (model, language) && !is_weak_in (model, language)));
}

static gboolean
recommendation_fits (const WhisLocalModel *model, guint n_processors, guint64 memory_mb)
{
  if (n_processors >= LARGE_PROCESSORS && memory_mb >= LARGE_MEMORY_MB)
    return TRUE;
  if (n_processors >= MEDIUM_PROCESSORS && memory_mb >= MEDIUM_MEMORY_MB)
    return model->bytes <= MEDIUM_BYTES;

  return model->speed == WHIS_MODEL_SPEED_FAST;
}

static const WhisLocalModel *
recommendation_find (gboolean added, const char *language, guint n_processors, guint64 memory_mb)
{
  gsize n;
  const WhisLocalModel *const *models = whis_local_models_list (&n);

  for (gsize i = 0; i < n; i++)
    if (models[i]->added == added && is_suitable (models[i], language)
        && recommendation_fits (models[i], n_processors, memory_mb))
      return models[i];

  return NULL;
}

/**
 * whis_local_model_recommend:
 * @language: the spoken language (ISO 639, or BCP 47), empty if that is not known
 * @n_processors: how many the computer has
 * @memory_mb: how much memory it has, in MB
 *
 * The best model that is not slow on such a computer and knows the language. Rows that were added
 * come first, for who did that knows the computer. Where no model knows the language it is the best
 * of all.
 *
 * Returns: (transfer none) (nullable): a model; %NULL if there is none for such a computer
 */
const WhisLocalModel *
whis_local_model_recommend (const char *language, guint n_processors, guint64 memory_mb)
{
  const WhisLocalModel *model;

  g_return_val_if_fail (language != NULL, NULL);

  model = recommendation_find (TRUE, language, n_processors, memory_mb);
  if (model == NULL)
    model = recommendation_find (FALSE, language, n_processors, memory_mb);
  if (model == NULL && *language != '\0')
    model = whis_local_model_recommend ("", n_processors, memory_mb);

  return model;
}

/**
 * whis_local_model_recommend_smaller:
 * @model: a model
 * @language: the spoken language, empty if that is not known
 *
 * Returns: (transfer none) (nullable): the best of the smaller models that know the language as
 *   @model does
 */
const WhisLocalModel *
whis_local_model_recommend_smaller (const WhisLocalModel *model, const char *language)
{
  gsize n;
  const WhisLocalModel *const *models = whis_local_models_list (&n);

  g_return_val_if_fail (model != NULL, NULL);
  g_return_val_if_fail (language != NULL, NULL);

  if (!whis_local_model_has_language (model, language))
    language = "";
  for (gsize i = 0; i < n; i++)
    if (models[i]->added == model->added && models[i]->bytes < model->bytes
        && is_suitable (models[i], language))
      return models[i];

  return NULL;
}
