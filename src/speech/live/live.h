/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "providers.h"

G_BEGIN_DECLS

/**
 * WhisLiveOptions:
 * @provider: whom to speak to, a row of the provider table
 * @dialect: how it is spoken to
 * @address: its address, `https` or `http`, up to and without what the dialect adds
 * @model: the model
 * @language: (nullable): a language code (ISO 639-1, or BCP 47 of which the first part is used);
 *   %NULL or empty for automatic
 * @prompt: (nullable): words that help the recogniser
 * @vocabulary: (nullable) (array zero-terminated=1): names and terms that may be said
 * @key: (nullable): the key
 * @timeout_ms: how long to wait for an answer in milliseconds; 0 for 10000
 * @keep_alive_ms: how long there may be no sound before the service is told that more will come, in
 *   milliseconds; 0 for 3000
 *
 * How to transcribe while the user speaks. The strings are copied; @provider must outlive the
 * session.
 */
typedef struct
{
  const WhisProvider *provider;
  WhisLiveDialect dialect;
  const char *address;
  const char *model;
  const char *language;
  const char *prompt;
  const char *const *vocabulary;
  const char *key;
  guint timeout_ms;
  guint keep_alive_ms;
} WhisLiveOptions;

#define WHIS_TYPE_LIVE (whis_live_get_type ())
G_DECLARE_FINAL_TYPE (WhisLive, whis_live, WHIS, LIVE, GObject)

guint whis_live_dialect_get_rate (WhisLiveDialect dialect);

WhisLive *whis_live_new (const WhisLiveOptions *options);

guint whis_live_get_rate (WhisLive *self);
gboolean whis_live_has_sent (WhisLive *self);

void whis_live_start (WhisLive *self);
void whis_live_push (WhisLive *self, GBytes *samples);
void whis_live_mark (WhisLive *self, guint chunk, gboolean has_speech);
void whis_live_finish (WhisLive *self);
void whis_live_cancel (WhisLive *self);

G_END_DECLS
