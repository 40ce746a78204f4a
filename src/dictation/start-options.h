/* SPDX-License-Identifier: MIT */
#pragma once

#include "providers.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * WhisStartOptions:
 * @provider_id: the id of @provider
 * @provider: who transcribes
 * @model: (nullable): the model, %NULL for the one in the settings
 * @language: language code, empty for automatic
 * @microphone: name of the source, empty for the default one
 * @deliver: whether the text goes to the clipboard
 * @attached: whether the dictation ends when the caller leaves the bus
 * @live: whether to transcribe while the user speaks, where the service can
 * @times: whether words or segments with times are wanted
 * @document: whether the transcript is remembered until the caller asks for it
 *
 * The options of the D-Bus methods `Start`, `Toggle` and `TranscribeFile`.
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
} WhisStartOptions;

#define WHIS_START_OPTIONS_INIT                                                                    \
  {                                                                                                \
    .deliver = TRUE                                                                                \
  }

gboolean whis_start_options_parse (WhisStartOptions *self,
                                   GVariant *options,
                                   WhisSettings *settings,
                                   GError **error);
void whis_start_options_clear (WhisStartOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WhisStartOptions, whis_start_options_clear)

G_END_DECLS
