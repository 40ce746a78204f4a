/* SPDX-License-Identifier: MIT */
#include "ibus-address.h"

#include <string.h>

#define ADDRESS "IBUS_ADDRESS="

static char *
get_machine_id (void)
{
  static const char *const paths[] = { "/var/lib/dbus/machine-id", "/etc/machine-id" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *id = NULL;

      if (g_file_get_contents (paths[i], &id, NULL, NULL))
        return g_strdup (g_strstrip (id));
    }

  /* What IBus takes where there is none. */
  return g_strdup ("machine-id");
}

/* The part of the file's name that says which display it is of: "unix-0" for ":0.1",
 * "unix-wayland-0" for "wayland-0". */
static char *
get_display_part (const char *display, gboolean is_wayland)
{
  const char *colon = strchr (display, ':');
  g_autofree char *host = NULL;
  g_autofree char *number = NULL;

  if (is_wayland)
    return g_strconcat ("unix-", display, NULL);
  if (colon == NULL)
    return NULL;

  host = g_strndup (display, (gsize) (colon - display));
  number = g_strndup (colon + 1, strcspn (colon + 1, "."));

  return g_strconcat (*host != '\0' ? host : "unix", "-", number, NULL);
}

static char *
read_address (const char *path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], ADDRESS))
      return g_strdup (lines[i] + strlen (ADDRESS));

  return NULL;
}

static char *
read_address_of_display (const char *display, gboolean is_wayland)
{
  g_autofree char *id = NULL;
  g_autofree char *part = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (display == NULL || *display == '\0')
    return NULL;

  id = get_machine_id ();
  part = get_display_part (display, is_wayland);
  if (part == NULL)
    return NULL;

  name = g_strconcat (id, "-", part, NULL);
  path = g_build_filename (g_get_user_config_dir (), "ibus", "bus", name, NULL);

  return read_address (path);
}

/**
 * whis_ibus_address_get:
 * @wayland_display: (nullable): the value of `WAYLAND_DISPLAY`
 * @x11_display: (nullable): the value of `DISPLAY`
 *
 * Finds the address of the private bus of IBus, as `ibus_get_address()` of libibus does: by the
 * variables `IBUS_ADDRESS` and `IBUS_ADDRESS_FILE`, or by a file that is named after the machine
 * and the display. A daemon that ended may have left its file.
 *
 * Returns: (transfer full) (nullable): the address
 */
char *
whis_ibus_address_get (const char *wayland_display, const char *x11_display)
{
  const char *address = g_getenv ("IBUS_ADDRESS");
  const char *path = g_getenv ("IBUS_ADDRESS_FILE");
  char *found;

  if (address != NULL && *address != '\0')
    return g_strdup (address);
  if (path != NULL && *path != '\0')
    return read_address (path);

  found = read_address_of_display (wayland_display, TRUE);

  return found != NULL ? found : read_address_of_display (x11_display, FALSE);
}
