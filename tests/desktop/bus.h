/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A bus of the test's own with two connections: ours, which exports what is tested, and theirs,
 * which plays the panel and the servers. Both live in the test's main loop, so that nothing may
 * block.
 */

typedef struct
{
  GTestDBus *daemon;
  GDBusConnection *ours;
  GDBusConnection *theirs;
  guint subscription;
  GPtrArray *heard; /* "Signal (arguments)" of every signal from ours, but PropertiesChanged */
} Bus;

void bus_set_up (Bus *self, gconstpointer user_data);
void bus_tear_down (Bus *self, gconstpointer user_data);

/* Takes a well-known name for their connection, or gives it back. */
void bus_own_name (Bus *self, const char *name);
void bus_release_name (Bus *self, const char *name);

/* Calls our connection from theirs; the answer is NULL if it is an error. */
GVariant *bus_call (Bus *self,
                    const char *path,
                    const char *interface,
                    const char *method,
                    GVariant *parameters,
                    GError **error);

/* One more caller, who may leave; and its calls. */
GDBusConnection *bus_connect (Bus *self);
GVariant *bus_call_from (Bus *self,
                         GDBusConnection *from,
                         const char *path,
                         const char *interface,
                         const char *method,
                         GVariant *parameters,
                         GError **error);

GVariant *bus_get (Bus *self, const char *path, const char *interface, const char *property);

/* Waits until what ours has sent so far has been heard by theirs, and the other way round. */
void bus_settle (Bus *self);

/* Waits for a signal that begins with @text and forgets it and all before it. */
void bus_await_signal (Bus *self, const char *text);
gboolean bus_has_heard (Bus *self, const char *text);
void bus_forget (Bus *self);

#define bus_await(condition)                                                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
