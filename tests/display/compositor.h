/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A compositor without windows, in the main loop of the test. What it is asked for is noted in a
 * log, which is what the tests wait for.
 */

typedef enum
{
  COMPOSITOR_SEAT = 1 << 0,
  COMPOSITOR_INPUT_METHOD = 1 << 1,
  COMPOSITOR_VIRTUAL_KEYBOARD = 1 << 2,
  COMPOSITOR_FAKE_INPUT = 1 << 3,
  COMPOSITOR_OLD_FAKE_INPUT = 1 << 4,
  COMPOSITOR_EXT_DATA_CONTROL = 1 << 5,
  COMPOSITOR_WLR_DATA_CONTROL = 1 << 6,
  COMPOSITOR_WLR_DATA_CONTROL_1 = 1 << 7,
  COMPOSITOR_SURFACES = 1 << 8,
  COMPOSITOR_OUTPUT = 1 << 9,
  COMPOSITOR_LAYER_SHELL = 1 << 10,
} CompositorGlobals;

/* What the focused field does with a committed text. */
typedef enum
{
  COMPOSITOR_FIELD_TELLS,       /* shows it, and tells its text */
  COMPOSITOR_FIELD_MUTE,        /* shows it, and never tells its text */
  COMPOSITOR_FIELD_LOSES_FOCUS, /* is left */
  COMPOSITOR_FIELD_SILENT,      /* does not answer */
  COMPOSITOR_FIELD_TAKEN,       /* another input method takes over */
  COMPOSITOR_FIELD_STALE,       /* tells its old text once, then shows the new one */
  COMPOSITOR_FIELD_REFUSES,     /* tells its old text, and does not show the new one */
  COMPOSITOR_FIELD_LACONIC,     /* shows it, and tells the last letter */
} CompositorField;

typedef struct
{
  char *name; /* for WAYLAND_DISPLAY */
  GString *log;
  const char *stop_at; /* nullable, the request at which the compositor goes away */

  /* Of the input method. */
  gboolean unavailable;
  gboolean focused;
  gboolean tells_kind_later; /* in a `done` after that with which the field is activated */
  guint purpose;
  CompositorField field;
  GString *text; /* of the field, before its caret */

  /* Of the keyboard. */
  const char *layouts; /* nullable: it is not sent as XKB */
  gboolean broken_keymap;
  gboolean silent_keyboard; /* no keymap is told */

  /* Of the clipboard. */
  GHashTable *clipboard; /* nullable, of char * and GBytes, what somebody else has copied */
  gboolean silent_owner;
  guint n_offers; /* which the clients have not destroyed */

  /* Of the surface on a layer. */
  int scale;             /* of the monitor */
  gboolean holds_frames; /* until compositor_finish_frame() */
  guint32 pixel;         /* the first one of what was shown last */
} Compositor;

Compositor *compositor_new (guint globals);
void compositor_free (Compositor *self);
void compositor_stop (Compositor *self);
void compositor_remove (Compositor *self, CompositorGlobals global);
void compositor_await (Compositor *self, const char *request);
void compositor_leave_field (Compositor *self);

char *compositor_paste (Compositor *self, const char *format, gboolean primary);
void compositor_paste_and_close (Compositor *self, const char *format);
void compositor_copy (Compositor *self, GHashTable *formats);
void compositor_set_scale (Compositor *self, int scale);
void compositor_finish_frame (Compositor *self);
void compositor_close_layer_surface (Compositor *self);
void compositor_close_held (Compositor *self);
void compositor_finish_clipboard (Compositor *self);
guint compositor_count_clients (Compositor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Compositor, compositor_free)

G_END_DECLS
