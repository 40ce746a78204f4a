/* SPDX-License-Identifier: MIT */
#pragma once

#include "live-marks.h"
#include "live.h"

G_BEGIN_DECLS

/**
 * WhisLiveProtocol:
 * @path: what is added to the provider's address
 * @rate: the sound it takes, in samples in a second
 * @match: how its texts are matched to chunks
 * @says_hello: whether it takes sound only after %WHIS_LIVE_EVENT_READY
 * @write_query: writes the parameters of the address
 * @write_setup: (nullable): writes what it wants to know after %WHIS_LIVE_EVENT_HELLO
 * @write_sound: (nullable): writes the message for a piece of sound; %NULL for binary messages
 * @write_commit: writes the message that ends a chunk
 * @keep_alive: (nullable): what has to be sent while there is no sound
 * @goodbye: (nullable): what ends the sound; it is answered with %WHIS_LIVE_EVENT_DONE
 * @policy_status: the HTTP status that means the same as its close code 1008
 * @parse: reads a message, of which nothing can be trusted, into an empty event
 *
 * How a service is spoken to over a WebSocket.
 */
typedef struct
{
  const char *path;
  guint rate;
  WhisLiveMatch match;
  gboolean says_hello;
  void (*write_query) (const WhisLiveOptions *options, GString *query);
  char *(*write_setup) (const WhisLiveOptions *options);
  char *(*write_sound) (const guint8 *sound, gsize size);
  char *(*write_commit) (guint number);
  const char *keep_alive;
  const char *goodbye;
  guint policy_status;
  void (*parse) (const char *data, gsize size, WhisLiveEvent *event);
} WhisLiveProtocol;

extern const WhisLiveProtocol whis_live_openai;
extern const WhisLiveProtocol whis_live_deepgram;
extern const WhisLiveProtocol whis_live_elevenlabs;

const WhisLiveProtocol *whis_live_protocol_get (WhisLiveDialect dialect);

char *whis_live_language_dup (const WhisLiveOptions *options);

G_END_DECLS
