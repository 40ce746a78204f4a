/* SPDX-License-Identifier: MIT */
#include "bus-import.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "call-error.h"
#include "call-options.h"
#include "import.h"

/**
 * WhisBusImport:
 *
 * The method of the D-Bus interface that imports what the earlier Whis left.
 */

struct _WhisBusImport
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisKeyring *keyring;
};

G_DEFINE_FINAL_TYPE (WhisBusImport, whis_bus_import, G_TYPE_OBJECT)

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
import_cb (WhisBusImport *self,
           GDBusMethodInvocation *invocation,
           GVariant *options,
           WhisBusWhis1 *skeleton)
{
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

static void
whis_bus_import_dispose (GObject *object)
{
  WhisBusImport *self = WHIS_BUS_IMPORT (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);

  G_OBJECT_CLASS (whis_bus_import_parent_class)->dispose (object);
}

static void
whis_bus_import_class_init (WhisBusImportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_import_dispose;
}

static void
whis_bus_import_init (WhisBusImport *self)
{
}

/**
 * whis_bus_import_new:
 * @skeleton: the exported interface
 * @settings: the settings
 * @keyring: where keys are
 *
 * Returns: (transfer full): what answers the call as long as it lives
 */
WhisBusImport *
whis_bus_import_new (WhisBusWhis1 *skeleton, WhisSettings *settings, WhisKeyring *keyring)
{
  WhisBusImport *self = g_object_new (WHIS_TYPE_BUS_IMPORT, NULL);

  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  g_signal_connect_object (skeleton, "handle-import-original", G_CALLBACK (import_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
