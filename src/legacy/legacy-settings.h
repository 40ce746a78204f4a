/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisLegacyKey:
 * @provider: id of the service in Whis
 * @key: its API key
 *
 * A key that the earlier Whis has in a file.
 */
typedef struct
{
  char *provider;
  char *key;
} WhisLegacyKey;

/**
 * WhisLegacySettings:
 * @service: (nullable): the service as the earlier Whis calls it
 * @language: (nullable): what is spoken; %NULL for automatic
 * @microphone: (nullable): what the microphone is called; %NULL for the default one
 * @chunk_s: length of a chunk in seconds; 0 if there is none
 * @ollama: (nullable): address of an Ollama
 * @prompt: (nullable): what a text is cleaned up with
 * @shortcut: (nullable): the key combination that starts a dictation
 * @model: (nullable): path of a model for local recognition
 * @cleans_up: whether texts are cleaned up
 * @types: whether texts are typed
 * @bubble: whether a bubble is shown
 * @drops_silence: whether silence is cut out
 * @keys: (element-type WhisLegacyKey): the API keys
 * @oddities: (element-type utf8): names of what cannot be understood
 *
 * The settings of the earlier Whis, the Rust program of the same name, as far as they are of use.
 */
typedef struct
{
  char *service;
  char *language;
  char *microphone;
  guint chunk_s;
  char *ollama;
  char *prompt;
  char *shortcut;
  char *model;
  gboolean cleans_up;
  gboolean types;
  gboolean bubble;
  gboolean drops_silence;
  GPtrArray *keys;
  GPtrArray *oddities;
} WhisLegacySettings;

/**
 * WhisLegacyPreset:
 * @name: its name
 * @description: (nullable): what it is for
 * @prompt: what a text is cleaned up with
 * @service: (nullable): the service that cleans up
 * @model: (nullable): its model
 *
 * A way to clean a text up that the user of the earlier Whis wrote.
 */
typedef struct
{
  char *name;
  char *description;
  char *prompt;
  char *service;
  char *model;
} WhisLegacyPreset;

WhisLegacySettings *whis_legacy_settings_parse (const char *json, gsize size);
void whis_legacy_settings_free (WhisLegacySettings *self);
const char *whis_legacy_settings_get_key (WhisLegacySettings *self, const char *provider);
void whis_legacy_settings_add_key (WhisLegacySettings *self, const char *provider, const char *key);
const char *whis_legacy_settings_find_provider (const char *service, gboolean *live);

gboolean whis_legacy_preset_is_name (const char *name);
WhisLegacyPreset *whis_legacy_preset_parse (const char *name, const char *json, gsize size);
void whis_legacy_preset_free (WhisLegacyPreset *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisLegacySettings, whis_legacy_settings_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisLegacyPreset, whis_legacy_preset_free)

G_END_DECLS
