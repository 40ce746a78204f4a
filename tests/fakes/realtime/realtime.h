/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * The live transcription of a service, on 127.0.0.1, in the thread-default main context. It checks
 * every message as the real service would, and hears "words" in the sound itself: see
 * realtime_say().
 */

#define REALTIME_KEY "test-key-0123456789abcdef0123456789abcdef"

typedef enum
{
  REALTIME_OPENAI,
  REALTIME_DEEPGRAM,
  REALTIME_ELEVENLABS,
  N_REALTIMES,
} RealtimeDialect;

/* How a service misbehaves; the zero plan does not. Commits are counted from 1. */
typedef struct
{
  /* what is heard whatever the sound is, as long as it is one; one for each commit, the last one
   * again and again */
  const char *const *sentences;
  /* a file with certificate and key, for https */
  const char *certificate;
  /* the upgrade is refused */
  guint refuse_status;
  const char *refuse_words; /* Deepgram: in the header dg-error */
  const char *refuse_body;
  /* the key is refused after the upgrade, as the service does it; the words repeat it */
  gboolean refuse_key;
  /* the service says so much and goes on or not, see the dialect */
  const char *error;
  /* the connection is gone after so many messages */
  guint drop_after;
  /* the connection is gone when this commit comes */
  guint drop_at_commit;
  /* no answers from this commit on */
  guint mute_from;
  /* nothing is ever said, not even hello */
  gboolean dumb;
  /* this commit is answered as one without sound */
  guint empty_commit;
  /* this commit cannot be transcribed (OpenAI) */
  guint fail_commit;
  /* texts of each two commits come in the wrong order (OpenAI) */
  gboolean out_of_order;
  /* it detects turns although it was told not to (OpenAI) */
  gboolean keeps_turns;
  /* an unasked commit precedes the first (OpenAI) */
  gboolean stray_commit;
  /* a flush is not answered as such (Deepgram) */
  gboolean silent_flush;
  /* closes with 1011 after so long without a message (Deepgram) */
  guint idle_ms;
  /* closes without Metadata (Deepgram) */
  gboolean no_metadata;
  /* closes with this code in place of an answer to the end of the stream (Deepgram) */
  guint close_code;
  /* both forms of committed text come (ElevenLabs) */
  gboolean both_forms;
  /* in the pause of each sentence its text so far is committed unasked (ElevenLabs) */
  gboolean commits_itself;
  /* each message is answered with a pong that nobody asked for (RFC 6455, 5.5.3), too */
  gboolean pongs;
  /* from the third message on, parts of a message come that never ends */
  gboolean endless;
  /* says this from the third message on, so many times in each turn of the loop, and never ends */
  const char *chatter;
  guint chatter_times;
  /* and rests between the turns */
  guint chatter_pause_ms;
  /* JSON in binary frames */
  gboolean binary;
  /* each message in two frames, cut inside of a character */
  gboolean split;
} RealtimePlan;

typedef struct _Realtime Realtime;

Realtime *realtime_new (RealtimeDialect dialect, const RealtimePlan *plan);
void realtime_free (Realtime *self);

const char *realtime_get_address (Realtime *self);

/* What the real service would not have accepted; NULL for nothing. */
const char *realtime_get_complaint (Realtime *self);

/* The configuration: the query, or the session of OpenAI, as one line. */
const char *realtime_get_setup (Realtime *self);

guint realtime_get_n_messages (Realtime *self);
guint realtime_get_n_commits (Realtime *self);
guint realtime_get_n_keep_alives (Realtime *self);
guint64 realtime_get_n_samples (Realtime *self);
/* Whether the client said farewell with 1000. */
gboolean realtime_was_closed_well (Realtime *self);
guint realtime_get_n_connections (Realtime *self);

/*
 * Sound that holds a word: it is heard as realtime_word(number). Words of a sentence may follow
 * each other directly, but not the same twice.
 */
void realtime_say (GByteArray *sound, guint rate, guint number);
void realtime_pause (GByteArray *sound, guint rate, guint ms);
char *realtime_word (guint number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Realtime, realtime_free)

G_END_DECLS
