/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisLiveEventType:
 * @WHIS_LIVE_EVENT_NONE: nothing that matters
 * @WHIS_LIVE_EVENT_HELLO: the service has the session, and now wants to know how to do its work
 * @WHIS_LIVE_EVENT_READY: it takes sound from here on
 * @WHIS_LIVE_EVENT_TAKEN: it took a commit, and calls its sound @item
 * @WHIS_LIVE_EVENT_EMPTY: there was nothing to be heard in a commit
 * @WHIS_LIVE_EVENT_FAILED: it could not transcribe @item
 * @WHIS_LIVE_EVENT_DELTA: it understands @text in addition
 * @WHIS_LIVE_EVENT_INTERIM: it understands @text in place of what it understood before
 * @WHIS_LIVE_EVENT_FINAL: @text will not change any more
 * @WHIS_LIVE_EVENT_DONE: everything was transcribed after the end
 * @WHIS_LIVE_EVENT_REFUSED: it will not do any more, for the reason of @status
 *
 * What a service tells over a WebSocket.
 */
typedef enum
{
  WHIS_LIVE_EVENT_NONE,
  WHIS_LIVE_EVENT_HELLO,
  WHIS_LIVE_EVENT_READY,
  WHIS_LIVE_EVENT_TAKEN,
  WHIS_LIVE_EVENT_EMPTY,
  WHIS_LIVE_EVENT_FAILED,
  WHIS_LIVE_EVENT_DELTA,
  WHIS_LIVE_EVENT_INTERIM,
  WHIS_LIVE_EVENT_FINAL,
  WHIS_LIVE_EVENT_DONE,
  WHIS_LIVE_EVENT_REFUSED,
} WhisLiveEventType;

/**
 * WhisLiveEvent:
 * @type: what happened
 * @text: (nullable): what was understood
 * @item: (nullable): the service's name for the sound of a commit
 * @commit: the commit that this answers, counted from 1; 0 when that is not said
 * @form: which of several forms of the same message this is
 * @start_us: where the sound of @text begins, in microseconds from the start of the session
 * @end_us: where it ends, in microseconds
 * @flushed: whether this came because we asked for everything up to here
 * @status: the HTTP status that means the same
 *
 * One message of a service, whatever its dialect.
 */
typedef struct
{
  WhisLiveEventType type;
  char *text;
  char *item;
  guint commit;
  guint form;
  guint64 start_us;
  guint64 end_us;
  gboolean flushed;
  guint status;
} WhisLiveEvent;

void whis_live_event_clear (WhisLiveEvent *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WhisLiveEvent, whis_live_event_clear)

G_END_DECLS
