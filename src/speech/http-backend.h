/* SPDX-License-Identifier: MIT */
#pragma once

#include "backend.h"
#include "http-request.h"
#include "http-response.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HTTP_BACKEND (whis_http_backend_get_type ())
G_DECLARE_DERIVABLE_TYPE (WhisHttpBackend, whis_http_backend, WHIS, HTTP_BACKEND, GObject)

/**
 * WHIS_HTTP_BACKEND_LEAST_PAUSE_MS:
 *
 * Before a request without a body that follows another one, in milliseconds.
 */
#define WHIS_HTTP_BACKEND_LEAST_PAUSE_MS 500

/**
 * WhisHttpJob:
 * @request: what is wanted
 * @model: (nullable): the model: that of @request or the provider's default
 * @sound: what is sent: MP3 frames, or 16 kHz mono `S16LE`
 * @is_samples: whether it is samples, because the class wants them or nothing else is there
 * @begun_us: when it was asked for, in g_get_monotonic_time()
 *
 * One transcription on its way, as a dialect sees it.
 */
typedef struct
{
  WhisSpeechRequest *request;
  const char *model;
  GBytes *sound;
  gboolean is_samples;
  gint64 begun_us;
} WhisHttpJob;

/**
 * WhisHttpBackendClass:
 * @wants_samples: (nullable): whether a request's sound is sent as samples in place of MP3 frames
 * @ask: the first request about a piece of sound; %NULL with an error if there is none
 * @read: what an answer of status 200 (or, with @reads_refusals, any) means: a transcription, or
 *   %NULL with either another request in `next` or an error
 * @parse: (nullable): reads the body of an answer of status 200, where that is all there is to do;
 *   in place of @read
 * @reads_refusals: whether @read is given answers of other statuses too
 * @dup_check_url: where to GET something that costs nothing and needs the key
 * @dup_models_url: (nullable): where to GET the list of models, with %NULL from it where there is
 *   none and the table's models are all; %NULL for @dup_check_url
 * @dup_warm_url: (nullable): where most sound goes, to open a connection ahead of it; %NULL for the
 *   address of the service
 * @dup_host: (nullable): where the sound goes, for people; %NULL for the host in the address of the
 *   service
 *
 * What a dialect adds to the way that all HTTP services have in common: looking at key and address,
 * reading the sound from its file, sending, waiting, and telling refusals apart. Key and timeouts
 * of a request are filled in for it, and so are the least pause and the last time of those that
 * follow it.
 */
struct _WhisHttpBackendClass
{
  GObjectClass parent_class;

  gboolean reads_refusals;
  gboolean (*wants_samples) (WhisHttpBackend *self, const WhisSpeechRequest *request);
  WhisHttpRequest *(*ask) (WhisHttpBackend *self, const WhisHttpJob *job, GError **error);
  WhisTranscription *(*read) (WhisHttpBackend *self,
                              const WhisHttpJob *job,
                              const WhisHttpRequest *asked,
                              const WhisHttpResponse *response,
                              WhisHttpRequest **next,
                              GError **error);
  WhisTranscription *(
      *parse) (const char *service, const char *data, gsize size, const char *key, GError **error);
  char *(*dup_check_url) (WhisHttpBackend *self);
  char *(*dup_models_url) (WhisHttpBackend *self);
  char *(*dup_warm_url) (WhisHttpBackend *self);
  char *(*dup_host) (WhisHttpBackend *self);
};

const WhisProvider *whis_http_backend_get_provider (WhisHttpBackend *self);
const char *whis_http_backend_get_name (WhisHttpBackend *self);
const char *whis_http_backend_get_url (WhisHttpBackend *self);

WhisHttpRequest *whis_http_backend_follow (WhisHttpBackend *self,
                                           const WhisHttpJob *job,
                                           WhisHttpRequest *next,
                                           GError **error);
GError *whis_http_backend_refuse (WhisHttpBackend *self,
                                  const WhisSpeechRequest *request,
                                  const WhisHttpResponse *response);
const char *whis_http_backend_get_key (WhisHttpBackend *self, const WhisSpeechRequest *request);

G_END_DECLS
