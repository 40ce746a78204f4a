/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "request-options.h"

G_BEGIN_DECLS

/**
 * WhisDialect:
 * @WHIS_DIALECT_OPENAI: `POST …/audio/transcriptions`, multipart, as OpenAI defined it
 * @WHIS_DIALECT_DEEPGRAM: `POST /v1/listen`, the sound as body and the options in the query
 * @WHIS_DIALECT_ELEVENLABS: `POST /v1/speech-to-text`, multipart
 * @WHIS_DIALECT_ASSEMBLYAI: `POST /v1/transcribe` for short sound, upload and poll for longer
 * @WHIS_DIALECT_GEMINI: `POST /v1beta/interactions`, JSON with the sound in base64
 *
 * How requests and answers look on the wire. There is one backend class per dialect.
 */
typedef enum
{
  WHIS_DIALECT_OPENAI,
  WHIS_DIALECT_DEEPGRAM,
  WHIS_DIALECT_ELEVENLABS,
  WHIS_DIALECT_ASSEMBLYAI,
  WHIS_DIALECT_GEMINI,
} WhisDialect;

/**
 * WhisLiveDialect:
 * @WHIS_LIVE_NONE: no live transcription
 * @WHIS_LIVE_OPENAI: OpenAI realtime transcription
 * @WHIS_LIVE_DEEPGRAM: Deepgram live
 * @WHIS_LIVE_ELEVENLABS: ElevenLabs realtime
 *
 * How a service transcribes over a WebSocket while the user speaks.
 */
typedef enum
{
  WHIS_LIVE_NONE,
  WHIS_LIVE_OPENAI,
  WHIS_LIVE_DEEPGRAM,
  WHIS_LIVE_ELEVENLABS,
} WhisLiveDialect;

/**
 * WhisFields:
 * @WHIS_FIELD_NONE: only the file and the model
 * @WHIS_FIELD_LANGUAGE: the spoken language
 * @WHIS_FIELD_PROMPT: words that help the recogniser
 * @WHIS_FIELD_RESPONSE_FORMAT: `response_format`
 * @WHIS_FIELD_AUTO_LANGUAGE: the language `auto` must be sent where the user chose none
 * @WHIS_FIELD_TIMES: words or segments with times, where the model gives them
 * @WHIS_FIELD_TIMES_OR_LANGUAGE: times must not be asked for together with a language
 *
 * The optional fields that a provider takes. Others are not sent: some providers refuse a request
 * with a field that they do not know.
 */
typedef enum
{
  WHIS_FIELD_NONE = 0,
  WHIS_FIELD_LANGUAGE = 1 << 0,
  WHIS_FIELD_PROMPT = 1 << 1,
  WHIS_FIELD_RESPONSE_FORMAT = 1 << 2,
  WHIS_FIELD_AUTO_LANGUAGE = 1 << 3,
  WHIS_FIELD_TIMES = 1 << 4,
  WHIS_FIELD_TIMES_OR_LANGUAGE = 1 << 5,
} WhisFields;

struct _WhisModelProfile;

/**
 * WhisModel:
 * @id: name of the model on the wire
 * @language_field: (nullable): name of the field for the language; %NULL when there is none
 * @languages: (nullable): the language codes or tags (BCP 47) that the model takes, in spaces, the
 *   one to prefer first where there are several of a language; %NULL for any code. Another language
 *   is not sent, so that the model finds it out
 * @vocabulary_field: (nullable): name of the field for single words, sent once for each; %NULL when
 *   they have to go into the prompt
 * @times: (nullable): the kinds of times that the model gives, in spaces: `word`, `segment`; the
 *   values of `timestamp_granularities`
 * @micro_usd_per_minute: the provider's list price for a minute of sound in millionths of a US
 *   dollar; 0 when it is not known
 * @retires: (nullable): the day on which the provider switches the model off, `YYYY-MM-DD`
 * @max_prompt: how much of a prompt the model looks at, in English letters (others count for more,
 *   see whis_prompt_compose()); 0 for any length
 * @joins_words: whether an entry of the vocabulary must be one word, the parts of which are joined
 *   with underscores
 * @profile: (nullable): what it needs of the sound that it is given; %NULL for what its name says
 *
 * A model that a provider offers for transcription.
 */
typedef struct
{
  const char *id;
  const char *language_field;
  const char *languages;
  const char *vocabulary_field;
  const char *times;
  guint micro_usd_per_minute;
  const char *retires;
  guint max_prompt;
  gboolean joins_words;
  const struct _WhisModelProfile *profile;
} WhisModel;

/**
 * WhisProvider:
 * @id: what the settings and the command line call it
 * @name: what people call it; translate with `_()`
 * @base_url: (nullable): its address, up to and without what the dialect adds; %NULL when the
 *   address is the user's
 * @domain: (nullable): the domains that belong to the provider, in spaces, without dots in front;
 *   the user may choose another host in them, such as one for a region
 * @path: (nullable): for the OpenAI dialect, the path of the endpoint where an own server's address
 *   has none, or that of a deployment, with `{model}` in it; %NULL for `/v1/audio/transcriptions`
 * @dialect: how it is spoken to
 * @live: how it is spoken to while the user speaks
 * @auth: how the key is sent
 * @fields: the optional fields that it takes
 * @times_field: (nullable): for the OpenAI dialect, the name of the field for the kinds of times,
 *   sent once for each; %NULL when `verbose_json` has them by itself
 * @max_prompt: longest prompt in characters; 0 for any
 * @max_vocabulary: most single words; 0 for any
 * @max_bytes: largest sound in bytes
 * @max_ms: longest sound in milliseconds; 0 for any. The chunker cuts before it
 * @least_billed_ms: what the provider charges for a request at least, in milliseconds of sound
 * @models: (array length=n_models): the models, the first is the default
 * @n_models: number of models; 0 when the server decides
 * @other_model: (nullable): what a model is like that is not among @models; %NULL for one that
 * takes a `language` and gives no times
 * @live_models: (array length=n_live_models): the models for live transcription, the first is the
 *   default
 * @n_live_models: number of models for live transcription
 * @check_path: (nullable): for the OpenAI dialect, the path of something to GET that shows that the
 *   server is there, beside the endpoint; %NULL for the list of models, if there is one
 * @limit: requests in flight unless the user chose another number
 * @timeouts: how long to wait for it
 * @key_variable: (nullable): the environment variable with a key
 * @key_page: (nullable): the web page where a key can be had
 * @needs_key: whether it refuses to work without a key
 * @takes_key: whether a key can be set for it
 * @own_address: whether the address is a setting of the user
 * @address_hint: (nullable): what an own address looks like, or where the server listens unless it
 *   was told otherwise
 * @needs_model: whether the user has to name a model
 * @forbids_wrong_keys: whether the status 403 says that the key is wrong, and not that it is right
 *   but not allowed to do this
 * @unknown_path: (nullable): one sentence for the user when the server does not know the endpoint;
 *   translate with `_()`
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
  const char *domain;
  const char *path;
  WhisDialect dialect;
  WhisLiveDialect live;
  WhisAuth auth;
  WhisFields fields;
  const char *times_field;
  guint max_prompt;
  guint max_vocabulary;
  guint64 max_bytes;
  guint max_ms;
  guint least_billed_ms;
  const WhisModel *models;
  gsize n_models;
  const WhisModel *other_model;
  const WhisModel *live_models;
  gsize n_live_models;
  const char *check_path;
  guint limit;
  WhisTimeouts timeouts;
  const char *key_variable;
  const char *key_page;
  gboolean needs_key;
  gboolean takes_key;
  gboolean own_address;
  const char *address_hint;
  gboolean needs_model;
  gboolean forbids_wrong_keys;
  const char *unknown_path;
  gboolean local;
  const char *note;
} WhisProvider;

const WhisProvider *whis_provider_lookup (const char *id);
const WhisProvider *whis_providers_list (gsize *n_providers);

const char *whis_provider_get_name (const WhisProvider *provider);
const char *whis_provider_get_note (const WhisProvider *provider);
const char *whis_provider_get_default_model (const WhisProvider *provider);
const char *whis_provider_choose_model (const WhisProvider *provider, const char *chosen);
const char *whis_provider_get_default_live_model (const WhisProvider *provider);
const WhisModel *whis_provider_find_live_model (const WhisProvider *provider, const char *id);
const WhisModel *whis_provider_find_model (const WhisProvider *provider, const char *id);
const WhisModel *whis_provider_describe_model (const WhisProvider *provider, const char *id);
WhisTimeouts
whis_provider_get_timeouts (const WhisProvider *provider, guint64 size, guint64 duration_ms);
guint whis_provider_read_status (const WhisProvider *provider, guint status);

G_END_DECLS
