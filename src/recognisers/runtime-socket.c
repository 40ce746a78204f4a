/* SPDX-License-Identifier: MIT */
#include "runtime-socket.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

/**
 * WhisRuntimeSocket:
 *
 * The place of a Unix socket that only this user reaches. Its name is new each time, so that a
 * program that another one left behind is not met.
 */
struct _WhisRuntimeSocket
{
  char *directory;
  gboolean is_own_directory; /* it goes with the socket */
  char *path;
  GSocketAddress *address;
};

/* sockaddr_un has room for 107 bytes: a long runtime directory cannot be used. */
static gboolean
runtime_socket_fits (const char *directory)
{
  struct sockaddr_un address;

  return strlen (directory) + strlen ("/" WHIS_USER_FOLDER "/offline-4294967295-4294967295.sock")
         < sizeof address.sun_path;
}

static char *
dup_runtime_directory (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *directory = NULL;

  if (runtime == NULL || !runtime_socket_fits (runtime))
    return NULL;

  directory = g_build_filename (runtime, WHIS_USER_FOLDER, NULL);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    return NULL;

  return g_steal_pointer (&directory);
}

/**
 * whis_runtime_socket_new:
 * @error: return location for a %GFileError
 *
 * Makes the directory that the socket will lie in.
 *
 * Returns: (transfer full): a place without a socket, or %NULL
 */
WhisRuntimeSocket *
whis_runtime_socket_new (GError **error)
{
  static guint n_sockets;
  g_autoptr (WhisRuntimeSocket) self = g_new0 (WhisRuntimeSocket, 1);
  g_autofree char *name = g_strdup_printf ("offline-%u-%u.sock", (guint) getpid (), n_sockets++);

  self->directory = dup_runtime_directory ();
  if (self->directory == NULL)
    {
      self->directory = g_dir_make_tmp ("whis-XXXXXX", error);
      self->is_own_directory = self->directory != NULL;
    }
  if (self->directory == NULL)
    return NULL;

  self->path = g_build_filename (self->directory, name, NULL);
  self->address = g_unix_socket_address_new (self->path);

  return g_steal_pointer (&self);
}

/**
 * whis_runtime_socket_free:
 * @self: (transfer full): a place
 *
 * Removes the socket, if there is one.
 */
void
whis_runtime_socket_free (WhisRuntimeSocket *self)
{
  g_return_if_fail (self != NULL);

  if (self->path != NULL)
    g_unlink (self->path);
  if (self->is_own_directory)
    g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self->path);
  g_clear_object (&self->address);
  g_free (self);
}

/**
 * whis_runtime_socket_get_path:
 * @self: a place
 *
 * Returns: (transfer none): the path of the socket
 */
const char *
whis_runtime_socket_get_path (WhisRuntimeSocket *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

/**
 * whis_runtime_socket_get_address:
 * @self: a place
 *
 * Returns: (transfer none): the address of the socket
 */
GSocketAddress *
whis_runtime_socket_get_address (WhisRuntimeSocket *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->address;
}
