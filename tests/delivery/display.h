/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Real displays for tests: an X server without a screen and a Wayland compositor without one. Both
 * say when they are ready, and both end with the test.
 */

typedef struct
{
  GSubprocess *server;
  char *dir;
  char *name; /* the value of DISPLAY or WAYLAND_DISPLAY */
} Display;

/* Returns NULL, and skips the test, if the server is not installed. */
Display *display_new_x11 (void);
Display *display_new_wayland (void);

/* Deletes a directory and all that is in it. */
void delete_tree (const char *path);

void display_free (Display *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Display, display_free)

G_END_DECLS
