/* SPDX-License-Identifier: MIT */
#include "import-group.h"

#include <glib/gi18n-lib.h>

#include "import-text.h"

/**
 * WhisImportGroup:
 *
 * A row that takes settings, presets and keys of the earlier Whis over. It is there while there is
 * something to import that was not imported yet.
 */
struct _WhisImportGroup
{
  AdwPreferencesGroup parent;

  WhisServiceProxy *service;
  GCancellable *cancellable;
  GVariant *preview; /* (nullable): what would be imported */
  AdwActionRow *row;
};

enum
{
  IMPORTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisImportGroup, whis_import_group, ADW_TYPE_PREFERENCES_GROUP)

#define RESPONSE_IMPORT "import"

static void
set_preview (WhisImportGroup *self, GVariant *preview)
{
  g_clear_pointer (&self->preview, g_variant_unref);
  self->preview = preview;
  gtk_widget_set_visible (GTK_WIDGET (self), preview != NULL);
}

/* Nothing to import, imported before, or a service that does not know how: no row. */
static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisImportGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  GVariant *preview = NULL;

  if (!whis_bus_whis1_call_import_original_finish (WHIS_BUS_WHIS1 (source), &preview, result,
                                                   &error))
    g_debug ("import group: nothing to import: %s", error->message);
  if (self->service != NULL)
    set_preview (self, preview);
  else
    g_clear_pointer (&preview, g_variant_unref);
}

static GVariant *
get_options (gboolean dry_run)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  if (dry_run)
    g_variant_builder_add (&options, "{sv}", "dry-run", g_variant_new_boolean (TRUE));

  return g_variant_builder_end (&options);
}

static void
request_preview (WhisImportGroup *self)
{
  if (whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_import_original (whis_service_proxy_get_interface (self->service),
                                         get_options (TRUE), self->cancellable, previewed_cb,
                                         g_object_ref (self));
}

/* A heading, or what stands below it. */
static GtkWidget *
create_line (const char *line)
{
  gboolean indented = g_str_has_prefix (line, "  ");
  GtkWidget *label = gtk_label_new (indented ? line + 2 : line);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), indented);
  gtk_widget_set_can_focus (label, FALSE);
  gtk_widget_set_margin_start (label, indented ? 12 : 0);
  gtk_widget_set_margin_top (label, indented ? 0 : 6);
  if (!indented)
    gtk_widget_add_css_class (label, "heading");

  return label;
}

/* Such a report can be longer than a screen is high. */
static GtkWidget *
create_report (GVariant *report, gboolean dry_run)
{
  g_autofree char *text = whis_import_text_new (report, dry_run);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  for (char **line = lines; *line != NULL; line++)
    gtk_box_append (GTK_BOX (box), create_line (*line));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 360);

  return scrolled;
}

static AdwMessageDialog *
create_dialog (WhisImportGroup *self, const char *heading, const char *body, GtkWidget *report)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, body));

  if (report != NULL)
    adw_message_dialog_set_extra_child (dialog, report);

  return dialog;
}

static void
show_result (WhisImportGroup *self, const char *heading, const char *body, GtkWidget *report)
{
  AdwMessageDialog *dialog = create_dialog (self, heading, body, report);

  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisImportGroup) self = user_data;
  g_autoptr (GVariant) report = NULL;
  g_autoptr (GError) error = NULL;
  gboolean imported =
      whis_bus_whis1_call_import_original_finish (WHIS_BUS_WHIS1 (source), &report, result, &error);

  if (self->service == NULL)
    return;
  set_preview (self, NULL);
  if (imported)
    {
      show_result (self, _ ("Imported"), NULL, create_report (report, FALSE));
      g_signal_emit (self, signals[IMPORTED], 0);
    }
  else
    {
      g_autofree char *sentence = whis_service_call_error_to_sentence (error);

      show_result (self, _ ("Nothing Was Imported"), sentence, NULL);
    }
  /* The row comes back if something is left to be imported. */
  request_preview (self);
}

static void
response_cb (WhisImportGroup *self, const char *response)
{
  if (self->service == NULL || !g_str_equal (response, RESPONSE_IMPORT))
    return;

  whis_bus_whis1_call_import_original (whis_service_proxy_get_interface (self->service),
                                       get_options (FALSE), self->cancellable, imported_cb,
                                       g_object_ref (self));
}

static void
activated_cb (WhisImportGroup *self)
{
  AdwMessageDialog *dialog;

  if (self->preview == NULL)
    return;

  dialog = create_dialog (self, _ ("Import From the Earlier Whis?"), NULL,
                          create_report (self->preview, TRUE));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), RESPONSE_IMPORT, _ ("_Import"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, RESPONSE_IMPORT, ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, RESPONSE_IMPORT);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * whis_import_group_disconnect:
 * @self: the group
 *
 * Releases the service. A pending call holds a reference to the group until it returns.
 */
void
whis_import_group_disconnect (WhisImportGroup *self)
{
  g_return_if_fail (WHIS_IS_IMPORT_GROUP (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
}

static void
whis_import_group_dispose (GObject *object)
{
  WhisImportGroup *self = WHIS_IMPORT_GROUP (object);

  whis_import_group_disconnect (self);
  g_clear_pointer (&self->preview, g_variant_unref);

  G_OBJECT_CLASS (whis_import_group_parent_class)->dispose (object);
}

static void
whis_import_group_class_init (WhisImportGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_import_group_dispose;

  /**
   * WhisImportGroup::imported:
   * @self: the group
   *
   * Something was imported, keys perhaps.
   */
  signals[IMPORTED] = g_signal_new ("imported", WHIS_TYPE_IMPORT_GROUP, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/import-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisImportGroup, row);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
whis_import_group_init (WhisImportGroup *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_import_group_connect:
 * @self: the group
 * @service: the service; set once
 *
 * Asks the service whether there is something to import.
 */
void
whis_import_group_connect (WhisImportGroup *self, WhisServiceProxy *service)
{
  g_return_if_fail (WHIS_IS_IMPORT_GROUP (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (request_preview), self,
                           G_CONNECT_SWAPPED);
  request_preview (self);
}
