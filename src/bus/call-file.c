/* SPDX-License-Identifier: MIT */
#include "call-file.h"

/**
 * whis_call_dup_file:
 * @fds: (nullable): the descriptors that came with a call
 * @handle: the one that is meant, of type `h`
 *
 * Takes a file descriptor out of a call. The handle is the caller's word: GLib does not check it
 * against the number of descriptors, and takes a negative one for an index.
 *
 * Returns: a descriptor of its own, to be closed; -1 if the call has no such descriptor
 */
int
whis_call_dup_file (GUnixFDList *fds, GVariant *handle)
{
  gint32 index;

  g_return_val_if_fail (fds == NULL || G_IS_UNIX_FD_LIST (fds), -1);
  g_return_val_if_fail (handle != NULL, -1);

  index = g_variant_get_handle (handle);
  if (fds == NULL || index < 0 || index >= g_unix_fd_list_get_length (fds))
    return -1;

  return g_unix_fd_list_get (fds, index, NULL);
}
