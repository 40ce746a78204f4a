/* SPDX-License-Identifier: MIT */
#pragma once

#include "endpoint-error.h"
#include "record.h"

G_BEGIN_DECLS

/**
 * WhisEndpointModel:
 * @id: what a request calls it
 * @created: when it came to this computer, Unix time in seconds; 0 if that is not known
 *
 * A model that can be asked for.
 */
typedef struct
{
  char *id;
  gint64 created;
} WhisEndpointModel;

WhisEndpointModel *whis_endpoint_model_new (const char *id, gint64 created);
void whis_endpoint_model_free (WhisEndpointModel *self);

/**
 * WhisEndpointRequest:
 * @file: a descriptor of the sound or video
 * @directory: where sound may be while it is worked on
 * @model: (nullable): the model, or %NULL for the user's own choice
 * @language: (nullable): the language that is spoken, or %NULL to find it out
 * @prompt: (nullable): words that help the recogniser
 * @temperature: how freely tokens are chosen at first, from 0 to 1
 *
 * What is to be transcribed.
 */
typedef struct
{
  int file;
  const char *directory;
  const char *model;
  const char *language;
  const char *prompt;
  double temperature;
} WhisEndpointRequest;

#define WHIS_TYPE_ENDPOINT_RECOGNISER (whis_endpoint_recogniser_get_type ())
G_DECLARE_INTERFACE (WhisEndpointRecogniser,
                     whis_endpoint_recogniser,
                     WHIS,
                     ENDPOINT_RECOGNISER,
                     GObject)

/**
 * WhisEndpointRecogniserInterface:
 * @list_async: finds the models on this computer
 * @list_finish: (element-type WhisEndpointModel): returns them
 * @transcribe_async: transcribes a file; the request is valid during the call alone
 * @transcribe_finish: returns the text with its chunks, or an error of %WHIS_ENDPOINT_ERROR or
 *   %G_IO_ERROR_CANCELLED
 *
 * Who does the work of an endpoint.
 */
struct _WhisEndpointRecogniserInterface
{
  GTypeInterface parent_iface;

  void (*list_async) (WhisEndpointRecogniser *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer data);
  GPtrArray *(*list_finish) (WhisEndpointRecogniser *self, GAsyncResult *result, GError **error);
  void (*transcribe_async) (WhisEndpointRecogniser *self,
                            const WhisEndpointRequest *request,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data);
  WhisRecord *(*transcribe_finish) (WhisEndpointRecogniser *self,
                                    GAsyncResult *result,
                                    GError **error);
};

G_END_DECLS
