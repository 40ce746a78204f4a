/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-header.h"

G_BEGIN_DECLS

/**
 * WhisModelSpeed:
 * @WHIS_MODEL_SPEED_FAST: up to a tenth of the length of the sound
 * @WHIS_MODEL_SPEED_MODERATE: up to a third of it
 * @WHIS_MODEL_SPEED_SLOW: about as long as the sound, or longer
 *
 * How long a model takes on a laptop with eight cores of 2020, without a GPU.
 */
typedef enum
{
  WHIS_MODEL_SPEED_FAST,
  WHIS_MODEL_SPEED_MODERATE,
  WHIS_MODEL_SPEED_SLOW,
} WhisModelSpeed;

const char *whis_model_speed_get_nick (WhisModelSpeed speed);

/**
 * WhisLocalModel:
 * @id: what the settings and the command line call it
 * @kind: which engine it is for
 * @name: what people call it
 * @file: the name of its file
 * @addresses: %NULL-terminated list of where the file is, the first to be tried first
 * @pinned: whether the addresses name one revision of the file; if not, the file behind them may
 *   become another, which the checksum then refuses
 * @bytes: length of the file
 * @exact: whether @bytes is known to the byte, and not only about
 * @sha256: checksum of the file, in lower-case hexadecimal
 * @converted_sha256: (nullable): checksum of the same weights as scripts/whisper-weights.py
 * converts them out of another format: the tensors stand in another order
 * @verified: whether a file that was fetched from an address was found to have this checksum; else
 *   the checksum comes from other catalogues alone
 * @license: its licence, as an SPDX identifier
 * @attribution: who made it, as the licence wants it said
 * @languages: the codes of its languages (ISO 639), in spaces
 * @takes_language: whether the spoken language can be set, and is not only detected
 * @takes_prompt: whether words can be given that help it
 * @memory_mb: what the recogniser needs with it, in MB, for half a minute of sound
 * @profile: the name of the profile that says how sound is cut for it
 * @speed: how fast it is
 * @added: whether the row is one of those that were added
 *
 * A model for the recogniser on this computer: a row of a constant table, the best first.
 */
typedef struct
{
  const char *id;
  WhisModelKind kind;
  const char *name;
  const char *file;
  const char *const *addresses;
  gboolean pinned;
  guint64 bytes;
  gboolean exact;
  const char *sha256;
  const char *converted_sha256;
  gboolean verified;
  const char *license;
  const char *attribution;
  const char *languages;
  gboolean takes_language;
  gboolean takes_prompt;
  guint memory_mb;
  const char *profile;
  WhisModelSpeed speed;
  gboolean added;
} WhisLocalModel;

const WhisLocalModel *const *whis_local_models_list (gsize *n_models);
void whis_local_models_add (WhisLocalModel *model);
const WhisLocalModel *whis_local_model_lookup (const char *id);
const WhisLocalModel *whis_local_model_find_file (const char *file);
const WhisLocalModel *whis_local_model_find_checksum (const char *sha256);

gboolean whis_local_model_has_checksum (const WhisLocalModel *self, const char *sha256);

gboolean whis_local_model_has_language (const WhisLocalModel *self, const char *language);
guint whis_local_model_count_languages (const WhisLocalModel *self);
guint64 whis_local_model_get_max_bytes (const WhisLocalModel *self);
GStrv whis_local_model_dup_addresses (const WhisLocalModel *self,
                                      const char *mirror,
                                      const char *endpoint);

G_END_DECLS
