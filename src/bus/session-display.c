/* SPDX-License-Identifier: MIT */
#include "session-display.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bus-error.h"
#include "display-variables.h"

/**
 * WhisSessionDisplay:
 *
 * The display of the session, for programs that need one. The service may have been started before
 * there was any, or by a bus that knows of none. So this process's own environment counts as long
 * as its display can be reached; then the one that a client handed over; then what is found among
 * the compositor's sockets.
 */
struct _WhisSessionDisplay
{
  GObject parent_instance;

  GStrv own;
  GStrv taken; /* nullable */
};

G_DEFINE_FINAL_TYPE (WhisSessionDisplay, whis_session_display, G_TYPE_OBJECT)

/* No path and no name of a display is longer. */
#define LONGEST_VALUE 4096

/* Does not wait: a socket whose queue is full belongs to somebody, too. */
static gboolean
is_listening (const struct sockaddr_un *address, socklen_t length)
{
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  gboolean listening;

  if (fd < 0)
    return FALSE;
  listening = connect (fd, (const struct sockaddr *) address, length) == 0 || errno == EAGAIN;
  close (fd);

  return listening;
}

static gboolean
is_path_listening (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  return g_strlcpy (address.sun_path, path, sizeof address.sun_path) < sizeof address.sun_path
         && is_listening (&address, sizeof address);
}

/* Linux's names without a file, which begin with a NUL. */
static gboolean
is_name_listening (const char *name)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize length = strlen (name);

  if (length + 1 > sizeof address.sun_path)
    return FALSE;
  memcpy (address.sun_path + 1, name, length);

  return is_listening (&address,
                       (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + 1 + length));
}

static gboolean
is_wayland_reachable (const char *const *environment)
{
  const char *display = g_environ_getenv ((char **) environment, "WAYLAND_DISPLAY");
  const char *runtime = g_environ_getenv ((char **) environment, "XDG_RUNTIME_DIR");
  g_autofree char *path = NULL;

  if (display == NULL || *display == '\0')
    return FALSE;
  if (g_path_is_absolute (display))
    return is_path_listening (display);
  if (runtime == NULL)
    return FALSE;
  path = g_build_filename (runtime, display, NULL);

  return is_path_listening (path);
}

/* One on another computer is taken to be there, since asking would mean to wait for the network. */
static gboolean
is_x11_reachable (const char *const *environment)
{
  const char *display = g_environ_getenv ((char **) environment, "DISPLAY");
  g_autofree char *path = NULL;
  guint64 number;
  char *end;

  if (display == NULL || *display == '\0')
    return FALSE;
  if (*display != ':' || !g_ascii_isdigit (display[1]))
    return TRUE;

  number = g_ascii_strtoull (display + 1, &end, 10);
  path = g_strdup_printf ("/tmp/.X11-unix/X%" G_GUINT64_FORMAT, number);

  return is_path_listening (path) || is_name_listening (path);
}

static gboolean
is_reachable (const char *const *environment)
{
  return is_wayland_reachable (environment) || is_x11_reachable (environment);
}

/* The directory is the user's alone. Of several compositors it is the one that was started last;
 * NULL if none listens. */
static char *
find_wayland_display (const char *runtime)
{
  g_autoptr (GDir) directory = runtime != NULL ? g_dir_open (runtime, 0, NULL) : NULL;
  g_autofree char *found = NULL;
  gint64 latest = G_MININT64;
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (runtime, name, NULL);
      GStatBuf status;

      if (!g_str_has_prefix (name, "wayland-") || g_str_has_suffix (name, ".lock")
          || g_stat (path, &status) != 0 || !S_ISSOCK (status.st_mode)
          || (gint64) status.st_mtime < latest || !is_path_listening (path))
        continue;
      latest = (gint64) status.st_mtime;
      g_free (found);
      found = g_strdup (name);
    }

  return g_steal_pointer (&found);
}

/* The environment with what belongs to the display of another one. */
static GStrv
session_display_mix (const char *const *environment, const char *const *display)
{
  const char *const *variables = whis_display_get_variables ();
  GStrv mixed = g_strdupv ((GStrv) environment);

  for (gsize i = 0; variables[i] != NULL; i++)
    {
      const char *value = g_environ_getenv ((char **) display, variables[i]);

      mixed = value != NULL ? g_environ_setenv (mixed, variables[i], value, TRUE)
                            : g_environ_unsetenv (mixed, variables[i]);
    }

  return mixed;
}

/**
 * whis_session_display_dup_environment:
 * @self: the display
 *
 * Returns: (transfer full): the environment for a program that needs the display; that of this
 *   process if none can be reached
 */
GStrv
whis_session_display_dup_environment (WhisSessionDisplay *self)
{
  g_autofree char *found = NULL;
  GStrv environment;

  g_return_val_if_fail (WHIS_IS_SESSION_DISPLAY (self), NULL);

  environment = g_strdupv (self->own);
  if (is_reachable ((const char *const *) self->own))
    return environment;
  if (self->taken != NULL && is_reachable ((const char *const *) self->taken))
    {
      g_strfreev (environment);
      return session_display_mix ((const char *const *) self->own,
                                  (const char *const *) self->taken);
    }

  found = find_wayland_display (g_environ_getenv (self->own, "XDG_RUNTIME_DIR"));
  if (found != NULL)
    environment = g_environ_setenv (environment, "WAYLAND_DISPLAY", found, TRUE);

  return environment;
}

static gboolean
is_known (const char *variable)
{
  return g_strv_contains (whis_display_get_variables (), variable);
}

/**
 * whis_session_display_take:
 * @self: the display
 * @environment: what a client has, as the D-Bus type `a{ss}`
 * @error: return location for a #WhisBusError
 *
 * Takes the display of a client over, unless an earlier client's can still be reached.
 *
 * Returns: %FALSE if there is something else in @environment than a display
 */
gboolean
whis_session_display_take (WhisSessionDisplay *self, GVariant *environment, GError **error)
{
  g_auto (GStrv) taken = NULL;
  GVariantIter iter;
  const char *variable;
  const char *value;

  g_return_val_if_fail (WHIS_IS_SESSION_DISPLAY (self), FALSE);
  g_return_val_if_fail (environment != NULL, FALSE);

  g_variant_iter_init (&iter, environment);
  while (g_variant_iter_next (&iter, "{&s&s}", &variable, &value))
    {
      if (!is_known (variable) || strlen (value) > LONGEST_VALUE)
        {
          g_set_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                       _ ("“%s” says nothing about a display."), variable);
          return FALSE;
        }
      taken = g_environ_setenv (taken, variable, value, TRUE);
    }

  if (taken == NULL || (self->taken != NULL && is_reachable ((const char *const *) self->taken)))
    return TRUE;

  g_strfreev (self->taken);
  self->taken = g_steal_pointer (&taken);

  return TRUE;
}

static void
whis_session_display_finalize (GObject *object)
{
  WhisSessionDisplay *self = WHIS_SESSION_DISPLAY (object);

  g_strfreev (self->own);
  g_strfreev (self->taken);

  G_OBJECT_CLASS (whis_session_display_parent_class)->finalize (object);
}

static void
whis_session_display_class_init (WhisSessionDisplayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_session_display_finalize;
}

static void
whis_session_display_init (WhisSessionDisplay *self)
{
}

/**
 * whis_session_display_new:
 * @environment: (array zero-terminated=1): the environment of this process
 *
 * Returns: (transfer full): the display of the session
 */
WhisSessionDisplay *
whis_session_display_new (const char *const *environment)
{
  WhisSessionDisplay *self;

  g_return_val_if_fail (environment != NULL, NULL);

  self = g_object_new (WHIS_TYPE_SESSION_DISPLAY, NULL);
  self->own = g_strdupv ((GStrv) environment);

  return self;
}
