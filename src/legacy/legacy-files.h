/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "legacy-settings.h"

G_BEGIN_DECLS

/**
 * WhisLegacyFiles:
 * @settings: (nullable): what the newest file of settings says, with keys of the older ones that it
 *   lacks
 * @read: (element-type utf8): the files of settings that were read, newest first, as people write
 *   them
 * @with_keys: (element-type utf8): those of them that have keys in them
 * @presets: (element-type WhisLegacyPreset): presets, and the prompt of the settings as one
 * @complaints: (element-type utf8): a sentence for each file that cannot be read
 *
 * What the earlier Whis left in the user's home.
 */
typedef struct
{
  WhisLegacySettings *settings;
  GPtrArray *read;
  GPtrArray *with_keys;
  GPtrArray *presets;
  GPtrArray *complaints;
} WhisLegacyFiles;

void whis_legacy_files_read_async (GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
WhisLegacyFiles *whis_legacy_files_read_finish (GAsyncResult *result, GError **error);
void whis_legacy_files_unref (WhisLegacyFiles *self);

/**
 * WhisPresetFate:
 * @WHIS_PRESET_WRITTEN: it is in the folder of Whis now; or would be
 * @WHIS_PRESET_SAME: it was already
 * @WHIS_PRESET_KEPT: another one of that name was already, and stays
 * @WHIS_PRESET_FAILED: it cannot be written
 *
 * What became of a preset.
 */
typedef enum
{
  WHIS_PRESET_WRITTEN,
  WHIS_PRESET_SAME,
  WHIS_PRESET_KEPT,
  WHIS_PRESET_FAILED,
} WhisPresetFate;

void whis_legacy_files_copy_presets_async (WhisLegacyFiles *self,
                                           gboolean overwrite,
                                           gboolean only_look,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
GArray *whis_legacy_files_copy_presets_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisLegacyFiles, whis_legacy_files_unref)

G_END_DECLS
