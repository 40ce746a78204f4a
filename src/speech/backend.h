/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "providers.h"
#include "request.h"
#include "sound-converter.h"
#include "transcription.h"

G_BEGIN_DECLS

/**
 * WhisKeyVerdict:
 * @WHIS_KEY_OK: the provider accepts the key, or needs none
 * @WHIS_KEY_WRONG: the provider refuses the key
 * @WHIS_KEY_MISSING: the provider needs a key and none was given
 * @WHIS_KEY_UNKNOWN: the provider answered, but its answer says nothing about the key
 *
 * What a provider thinks of a key.
 */
typedef enum
{
  WHIS_KEY_OK,
  WHIS_KEY_WRONG,
  WHIS_KEY_MISSING,
  WHIS_KEY_UNKNOWN,
} WhisKeyVerdict;

#define WHIS_TYPE_BACKEND (whis_backend_get_type ())
G_DECLARE_INTERFACE (WhisBackend, whis_backend, WHIS, BACKEND, GObject)

/**
 * WhisBackendInterface:
 * @transcribe_async: begins to turn a request into text
 * @transcribe_finish: returns what was said
 * @check_key_async: begins to ask about a key
 * @check_key_finish: returns the verdict and a sentence
 * @list_models_async: begins to ask for the models
 * @list_models_finish: returns them
 * @get_host: returns where the sound goes, for people
 * @warm_up: opens a connection ahead of its use, or loads the model
 * @set_converter: gives the means to turn MP3 frames into samples, and back
 *
 * One way to speak to a transcription service.
 */
struct _WhisBackendInterface
{
  GTypeInterface parent_iface;

  void (*transcribe_async) (WhisBackend *self,
                            WhisSpeechRequest *request,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data);
  WhisTranscription *(*transcribe_finish) (WhisBackend *self, GAsyncResult *result, GError **error);
  void (*check_key_async) (WhisBackend *self,
                           const char *key,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data);
  gboolean (*check_key_finish) (WhisBackend *self,
                                GAsyncResult *result,
                                WhisKeyVerdict *verdict,
                                char **sentence,
                                GError **error);
  void (*list_models_async) (WhisBackend *self,
                             const char *key,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data);
  GPtrArray *(*list_models_finish) (WhisBackend *self, GAsyncResult *result, GError **error);
  const char *(*get_host) (WhisBackend *self);
  void (*warm_up) (WhisBackend *self, const char *model);
  void (*set_converter) (WhisBackend *self, const WhisSoundConverter *converter);
};

WhisBackend *whis_backend_new (const WhisProvider *provider,
                               const char *address,
                               GSocketConnectable *connectable,
                               GError **error);

void whis_backend_transcribe_async (WhisBackend *self,
                                    WhisSpeechRequest *request,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
WhisTranscription *
whis_backend_transcribe_finish (WhisBackend *self, GAsyncResult *result, GError **error);

void whis_backend_check_key_async (WhisBackend *self,
                                   const char *key,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data);
gboolean whis_backend_check_key_finish (WhisBackend *self,
                                        GAsyncResult *result,
                                        WhisKeyVerdict *verdict,
                                        char **sentence,
                                        GError **error);

void whis_backend_list_models_async (WhisBackend *self,
                                     const char *key,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
GPtrArray *
whis_backend_list_models_finish (WhisBackend *self, GAsyncResult *result, GError **error);

const char *whis_backend_get_host (WhisBackend *self);
void whis_backend_warm_up (WhisBackend *self, const char *model);
void whis_backend_set_converter (WhisBackend *self, const WhisSoundConverter *converter);
void whis_backend_exhausted (WhisBackend *self, GError *reason);

G_END_DECLS
