/* SPDX-License-Identifier: MIT */
#pragma once

#include "local-model.h"

G_BEGIN_DECLS

/**
 * WhisModelState:
 * @WHIS_MODEL_STATE_ABSENT: not on this computer
 * @WHIS_MODEL_STATE_PARTIAL: a download has left a part of it
 * @WHIS_MODEL_STATE_VERIFIED: its checksum is the one in the catalogue
 * @WHIS_MODEL_STATE_UNCHECKED: nobody looked at its checksum since it was last changed
 * @WHIS_MODEL_STATE_OWN: not in the catalogue, so nobody can say whether it is what it seems
 * @WHIS_MODEL_STATE_DAMAGED: it is not what the catalogue has, or cannot be loaded
 *
 * What there is of a model.
 */
typedef enum
{
  WHIS_MODEL_STATE_ABSENT,
  WHIS_MODEL_STATE_PARTIAL,
  WHIS_MODEL_STATE_VERIFIED,
  WHIS_MODEL_STATE_UNCHECKED,
  WHIS_MODEL_STATE_OWN,
  WHIS_MODEL_STATE_DAMAGED,
} WhisModelState;

const char *whis_model_state_get_nick (WhisModelState state);
gboolean whis_model_state_is_usable (WhisModelState state);

/**
 * WhisGpuVerdict:
 * @WHIS_GPU_UNTRIED: nobody has tried it, or no text came out to compare
 * @WHIS_GPU_NONE: there is none
 * @WHIS_GPU_RIGHT: it gets the text that the processor gets, and sooner
 * @WHIS_GPU_WRONG: it gets another text
 * @WHIS_GPU_SLOW: it gets the text later than the processor
 * @WHIS_GPU_FAILED: it crashed or hung, or was lost in the midst of a text
 *
 * What a graphics processor is good for, with one model. It is used when it is right, and else not.
 */
typedef enum
{
  WHIS_GPU_UNTRIED,
  WHIS_GPU_NONE,
  WHIS_GPU_RIGHT,
  WHIS_GPU_WRONG,
  WHIS_GPU_SLOW,
  WHIS_GPU_FAILED,
} WhisGpuVerdict;

const char *whis_gpu_verdict_get_nick (WhisGpuVerdict verdict);
WhisGpuVerdict whis_gpu_verdict_from_nick (const char *nick);

/**
 * WhisModelMeasure:
 * @speech_ms: length of the sound that was recognised, in milliseconds; 0 if nothing was measured
 * @work_ms: how long that took, in milliseconds
 * @peak_bytes: the most memory that it took, 0 if that is not known
 * @gpu_verdict: what the graphics processor is good for
 * @gpu_work_ms: how long it took, if it is right
 * @gpu: (nullable): what it is called, if there is one
 *
 * How fast a model is on this computer.
 */
typedef struct
{
  guint64 speech_ms;
  guint64 work_ms;
  guint64 peak_bytes;
  WhisGpuVerdict gpu_verdict;
  guint64 gpu_work_ms;
  char *gpu;
} WhisModelMeasure;

/**
 * WhisModelEntry:
 * @id: what the settings and the command line call it
 * @row: (nullable): its row in the catalogue; %NULL for a model of the user's own
 * @kind: which engine it is for
 * @path: (nullable): its file, %NULL unless there is one
 * @bytes: length of its file, or of the part of it
 * @state: what there is of it
 * @system: whether the file belongs to the system
 * @measure: how fast it is here
 *
 * A model that the user has or could have. Counted references.
 */
typedef struct
{
  char *id;
  const WhisLocalModel *row;
  WhisModelKind kind;
  char *path;
  guint64 bytes;
  WhisModelState state;
  gboolean system;
  WhisModelMeasure measure;
} WhisModelEntry;

WhisModelEntry *whis_model_entry_new (const char *id, const WhisLocalModel *row);
WhisModelEntry *whis_model_entry_ref (WhisModelEntry *self);
void whis_model_entry_unref (WhisModelEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisModelEntry, whis_model_entry_unref)

gboolean whis_model_entry_is_measured (const WhisModelEntry *self);
double whis_model_entry_get_speed (const WhisModelEntry *self);
const char *whis_model_entry_get_name (const WhisModelEntry *self);

G_END_DECLS
