/* SPDX-License-Identifier: MIT */
#include "bus-import.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "bus-object-private.h"
#include "call-error.h"
#include "call-options.h"
#include "import.h"

/* The method of the D-Bus interface that imports what the earlier Whis left. */

typedef struct
{
  gboolean dry_run;
  gboolean again;
  gboolean overwrite;
} Options;

static const WhisCallOption known_options[] = {
  { "dry-run", "b", G_STRUCT_OFFSET (Options, dry_run) },
  { "again", "b", G_STRUCT_OFFSET (Options, again) },
  { "overwrite", "b", G_STRUCT_OFFSET (Options, overwrite) },
};

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) report = whis_import_finish (WHIS_SETTINGS (object), result, &error);

  if (report != NULL)
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@a(ss))", report));
  else
    whis_call_return_error (invocation, error);
}

static gboolean
bus_import_handle_import_original (WhisBusWhis1 *interface,
                                   GDBusMethodInvocation *invocation,
                                   GVariant *options)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  g_autoptr (GError) error = NULL;
  Options wanted = { FALSE };

  if (whis_call_options_read (options, known_options, G_N_ELEMENTS (known_options), &wanted,
                              &error))
    whis_import_async (self->settings, self->keyring,
                       (wanted.dry_run ? WHIS_IMPORT_DRY_RUN : 0)
                           | (wanted.again ? WHIS_IMPORT_AGAIN : 0)
                           | (wanted.overwrite ? WHIS_IMPORT_OVERWRITE : 0),
                       NULL, imported_cb, invocation);
  else
    whis_call_return_error (invocation, error);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/**
 * whis_bus_import_implement:
 * @iface: the methods of #WhisBusObject
 *
 * Fills in the methods of this area.
 */
void
whis_bus_import_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_import_original = bus_import_handle_import_original;
}
