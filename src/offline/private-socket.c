/* SPDX-License-Identifier: MIT */
#include "private-socket.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "offline-error.h"

static gboolean
check_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat status;

  if (lstat (folder, &status) != 0 || !S_ISDIR (status.st_mode))
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_SOCKET,
                 _ ("The folder %s for the recogniser's socket is not there: make it."), folder);
  else if (status.st_uid != geteuid () || (status.st_mode & 0077) != 0)
    g_set_error (
        error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_SOCKET,
        _ ("Others may reach into the folder %s of the recogniser's socket: it must belong "
           "to you alone, with the mode 0700."),
        folder);
  else
    return TRUE;

  return FALSE;
}

/* Whether somebody listens on the socket that is already there. */
static gboolean
is_alive (GSocketAddress *address)
{
  g_autoptr (GSocket) probe =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr (GError) error = NULL;

  if (probe == NULL)
    return FALSE;
  g_socket_set_blocking (probe, FALSE);

  /* Anything but a refusal means that the other side is there, also when its queue is full. */
  return g_socket_connect (probe, address, NULL, &error)
         || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static gboolean
remove_stale (const char *path, GSocketAddress *address, GError **error)
{
  struct stat status;

  if (lstat (path, &status) != 0)
    return TRUE;
  if (!S_ISSOCK (status.st_mode))
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_SOCKET,
                 _ ("%s is not a socket and is left alone: choose another path."), path);
  else if (is_alive (address))
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_SOCKET,
                 _ ("Another recogniser already listens on %s."), path);
  else if (g_unlink (path) != 0)
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_SOCKET,
                 _ ("The old socket %s cannot be removed (%s): remove it."), path,
                 g_strerror (errno));
  else
    return TRUE;

  return FALSE;
}

static gboolean
bind_privately (GSocket *socket, GSocketAddress *address, GError **error)
{
  mode_t before = umask (0177);
  gboolean bound = g_socket_bind (socket, address, FALSE, error);

  umask (before);

  return bound;
}

/**
 * whis_private_socket_new:
 * @path: where the socket is to be
 * @error: return location
 *
 * Makes a Unix socket (mode 0600) that listens, in a folder that nobody else can enter. A socket
 * that a recogniser left behind when it was killed is replaced.
 *
 * Returns: (transfer full): the socket, or %NULL with %WHIS_OFFLINE_ERROR_SOCKET or a %GIOErrorEnum
 */
GSocket *
whis_private_socket_new (const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (strlen (path) >= sizeof (((struct sockaddr_un *) NULL)->sun_path))
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_SOCKET,
                   _ ("The path %s is too long for a socket: choose a shorter one."), path);
      return NULL;
    }

  address = g_unix_socket_address_new (path);
  if (!check_folder (path, error) || !remove_stale (path, address, error))
    return NULL;
  socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL || !bind_privately (socket, address, error)
      || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}
