/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * WhisDialect:
 * @WHIS_DIALECT_OPENAI: `POST …/audio/transcriptions`, multipart, as OpenAI defined it
 *
 * How requests and answers look on the wire. There is one backend class per dialect.
 */
typedef enum
{
  WHIS_DIALECT_OPENAI,
} WhisDialect;

/**
 * WhisAuth:
 * @WHIS_AUTH_NONE: no key is ever sent
 * @WHIS_AUTH_BEARER: `Authorization: Bearer KEY` (RFC 6750, 2.1), left out when there is no key
 *
 * How the key is shown to the provider.
 */
typedef enum
{
  WHIS_AUTH_NONE,
  WHIS_AUTH_BEARER,
} WhisAuth;

/**
 * WhisFields:
 * @WHIS_FIELD_NONE: only the file and the model
 * @WHIS_FIELD_LANGUAGE: the spoken language
 * @WHIS_FIELD_PROMPT: words that help the recogniser
 * @WHIS_FIELD_TEMPERATURE: the sampling temperature
 * @WHIS_FIELD_RESPONSE_FORMAT: `response_format`
 *
 * The optional fields that a provider takes. Others are not sent: some providers refuse a request
 * with a field that they do not know.
 */
typedef enum
{
  WHIS_FIELD_NONE = 0,
  WHIS_FIELD_LANGUAGE = 1 << 0,
  WHIS_FIELD_PROMPT = 1 << 1,
  WHIS_FIELD_TEMPERATURE = 1 << 2,
  WHIS_FIELD_RESPONSE_FORMAT = 1 << 3,
} WhisFields;

/**
 * WhisTimeouts:
 * @connect_ms: longest wait for a connection, name look-up and TLS included
 * @stall_ms: longest time without any byte moving while the sound is sent or the answer read
 * @answer_ms: longest wait for the answer's first byte once all the sound is sent
 * @answer_percent: added to @answer_ms, as a percentage of the length of the sound
 *
 * How patient a backend is with a provider, in milliseconds.
 */
typedef struct
{
  guint connect_ms;
  guint stall_ms;
  guint answer_ms;
  guint answer_percent;
} WhisTimeouts;

/**
 * WhisModel:
 * @id: name of the model on the wire
 * @language_field: name of the form field for the language
 * @languages: (nullable): the language codes that the model takes, in spaces; %NULL for any.
 * Another language is not sent, so that the model finds it out
 * @retires: (nullable): the day on which the provider switches the model off, `YYYY-MM-DD`
 *
 * A model that a provider offers for transcription.
 */
typedef struct
{
  const char *id;
  const char *language_field;
  const char *languages;
  const char *retires;
} WhisModel;

/**
 * WhisProvider:
 * @id: what the settings and the command line call it
 * @name: what people call it; translate with `_()`
 * @base_url: (nullable): address up to and without `/audio/transcriptions`; %NULL when the address
 *   is the user's
 * @dialect: how it is spoken to
 * @auth: how the key is sent
 * @fields: the optional fields that it takes
 * @max_prompt: longest prompt in characters; 0 for any
 * @models: (array length=n_models): the models, the first is the default
 * @n_models: number of models; 0 when the server decides
 * @limit: requests in flight unless the user chose another number
 * @timeouts: how long to wait for it
 * @key_variable: (nullable): the environment variable with a key
 * @key_page: (nullable): the web page where a key can be had
 * @needs_key: whether it refuses to work without a key
 * @takes_key: whether a key can be set for it
 * @own_address: whether the address is a setting of the user
 * @local: whether it is the embedded recogniser, which is reached over a Unix socket
 * @note: (nullable): one line for the user; translate with `_()`
 *
 * A service that turns speech into text: a row of a constant table. Adding a service that speaks a
 * known dialect is adding a row.
 */
typedef struct
{
  const char *id;
  const char *name;
  const char *base_url;
  WhisDialect dialect;
  WhisAuth auth;
  WhisFields fields;
  guint max_prompt;
  const WhisModel *models;
  gsize n_models;
  guint limit;
  WhisTimeouts timeouts;
  const char *key_variable;
  const char *key_page;
  gboolean needs_key;
  gboolean takes_key;
  gboolean own_address;
  gboolean local;
  const char *note;
} WhisProvider;

const WhisProvider *whis_provider_lookup (const char *id);
const WhisProvider *whis_providers_list (gsize *n_providers);

const char *whis_provider_get_name (const WhisProvider *provider);
const char *whis_provider_get_note (const WhisProvider *provider);
const char *whis_provider_get_default_model (const WhisProvider *provider);
const WhisModel *whis_provider_find_model (const WhisProvider *provider, const char *id);

G_END_DECLS
