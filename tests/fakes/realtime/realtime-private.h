/* SPDX-License-Identifier: MIT */
#pragma once

#include "realtime.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A word in the sound, from one sample to another. */
typedef struct
{
  guint number;
  guint64 start;
  guint64 end;
} Word;

struct _Realtime
{
  RealtimePlan plan;
  const struct _RealtimeService *service;
  SoupServer *server;
  char *address;
  SoupWebsocketConnection *connection;
  GSource *idle;
  GSource *chatter;
  gboolean has_begun; /* with a message without an end */
  GBytes *unsent;     /* of it */
  gboolean is_gone;

  char *complaint;
  char *setup;
  guint n_connections;
  guint n_messages;
  guint n_commits;
  guint n_keep_alives;
  gboolean closed_well;
  gboolean ended; /* the client said that there is no more sound */

  /* what was heard */
  guint64 n_samples;
  guint64 n_committed; /* samples that belong to earlier commits or finals */
  GArray *words;       /* Word, those after n_committed */
  gint16 last;
  guint n_said; /* of the plan's sentences */

  gboolean is_set_up;
  gboolean has_committed_itself; /* since the last commit */
  char *held;                    /* a message for later */
};

typedef struct _RealtimeService
{
  const char *path;
  const char *base; /* what of it belongs to the address */
  const char *key_header;
  const char *key_value;
  gboolean (*check_query) (Realtime *self, GHashTable *query);
  void (*greet) (Realtime *self);
  void (*refuse_key) (Realtime *self);
  void (*take_text) (Realtime *self, JsonObject *message);
  void (*take_binary) (Realtime *self, const guint8 *data, gsize size);
} RealtimeService;

extern const RealtimeService realtime_openai;
extern const RealtimeService realtime_deepgram;
extern const RealtimeService realtime_elevenlabs;

void realtime_complain (Realtime *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void realtime_send (Realtime *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void realtime_close (Realtime *self, guint code, const char *reason);
void realtime_drop (Realtime *self);

/* Hears sound; returns how many words are new. */
guint realtime_hear (Realtime *self, const guint8 *sound, gsize size);
gboolean realtime_hear_base64 (Realtime *self, const char *base64);
/* The words from the @first on, as one text. */
char *realtime_join (Realtime *self, guint first);
void realtime_forget (Realtime *self);

/* Counts a commit. Returns whether it is to be answered. */
gboolean realtime_commit (Realtime *self);

G_END_DECLS
