/* SPDX-License-Identifier: MIT */
#pragma once

#include "providers.h"
#include "record.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * WhisStartMethod:
 * @WHIS_START_AGAIN: `TranscribeAgain`
 * @WHIS_START_RESUME: `Resume`
 * @WHIS_START_FILE: `TranscribeFile`
 * @WHIS_START_MICROPHONE: `Start` and `Toggle`
 *
 * The D-Bus methods that have these options; each has all that the one before it has.
 */
typedef enum
{
  WHIS_START_AGAIN,
  WHIS_START_RESUME,
  WHIS_START_FILE,
  WHIS_START_MICROPHONE,
} WhisStartMethod;

/**
 * WhisStartOptions:
 * @provider_id: (nullable): the id of @provider
 * @provider: (nullable): who transcribes
 * @model: (nullable): the model, %NULL for the one in the settings
 * @language: (nullable): language code, empty for automatic
 * @microphone: (nullable): name of the source, empty for the default one
 * @deliver: whether the text goes to the clipboard; negative if nothing was said of it
 * @attached: whether the dictation ends when the caller leaves the bus
 * @live: whether to transcribe while the user speaks, where the service can; negative likewise
 * @times: whether words or segments with times are wanted
 * @document: whether the transcript is remembered until the caller asks for it
 * @continuous: whether each passage is delivered at the pause behind it; negative if nothing was
 *   said of it
 * @hands_free: whether it stops after a silence whatever the settings say
 *
 * The options of a call that begins a dictation or goes on with one. What nothing was said of is
 * %NULL until whis_start_options_complete().
 */
typedef struct
{
  char *provider_id;
  const WhisProvider *provider;
  char *model;
  char *language;
  char *microphone;
  gboolean deliver;
  gboolean attached;
  gboolean live;
  gboolean times;
  gboolean document;
  gboolean continuous;
  gboolean hands_free;
} WhisStartOptions;

#define WHIS_START_OPTIONS_INIT                                                                    \
  {                                                                                                \
    .deliver = -1, .live = -1, .continuous = -1                                                    \
  }

gboolean whis_start_options_read (WhisStartOptions *self,
                                  WhisStartMethod method,
                                  GVariant *options,
                                  GError **error);
void whis_start_options_inherit (WhisStartOptions *self, const WhisRecord *record);
gboolean whis_start_options_complete (WhisStartOptions *self,
                                      WhisSettings *settings,
                                      gboolean deliver,
                                      GError **error);
void whis_start_options_clear (WhisStartOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WhisStartOptions, whis_start_options_clear)

G_END_DECLS
