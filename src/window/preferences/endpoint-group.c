/* SPDX-License-Identifier: MIT */
#include "endpoint-group.h"

#include <gio/gunixfdlist.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>

#include "secret.h"
#include "toast.h"
#include "whis-bus-endpoint.h"

/**
 * WhisEndpointGroup:
 *
 * Whether other programs may use the recogniser of this computer, where they find it, and the key
 * that they need.
 */
struct _WhisEndpointGroup
{
  WhisInterfaceGroup parent;

  AdwActionRow *row;
  GtkSwitch *toggle;
  AdwActionRow *address;
  GtkButton *copy_key;
  guint asked; /* how often; only the last answer counts */
};

G_DEFINE_FINAL_TYPE (WhisEndpointGroup, whis_endpoint_group, WHIS_TYPE_INTERFACE_GROUP)

static WhisBusWhis1Endpoint *
endpoint_group_get_proxy (WhisEndpointGroup *self)
{
  return whis_interface_group_get_proxy (WHIS_INTERFACE_GROUP (self));
}

static GCancellable *
endpoint_group_get_cancellable (WhisEndpointGroup *self)
{
  return whis_interface_group_get_cancellable (WHIS_INTERFACE_GROUP (self));
}

/* Longer than any key. */
#define LONGEST_KEY 8192

static gboolean state_set_cb (WhisEndpointGroup *self, gboolean wanted);

/* --- the view --------------------------------------------------------------------------------- */

static const char *
get_address (WhisEndpointGroup *self)
{
  const char *address = endpoint_group_get_proxy (self) != NULL
                            ? whis_bus_whis1_endpoint_get_address (endpoint_group_get_proxy (self))
                            : NULL;

  return address != NULL ? address : "";
}

static void
show_sentence (WhisEndpointGroup *self, const char *problem)
{
  gboolean has_problem = problem != NULL && *problem != '\0';

  adw_action_row_set_subtitle (self->row, has_problem
                                              ? problem
                                              : _ ("For editors and scripts that speak to OpenAI; "
                                                   "nothing leaves this computer"));
  if (has_problem)
    gtk_widget_add_css_class (GTK_WIDGET (self->row), "problem");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->row), "problem");
}

static void
endpoint_group_show (WhisEndpointGroup *self)
{
  const char *address = get_address (self);
  gboolean is_on = *address != '\0';

  if (self->asked > 0)
    return;
  g_signal_handlers_block_by_func (self->toggle, state_set_cb, self);
  gtk_switch_set_active (self->toggle, is_on);
  gtk_switch_set_state (self->toggle, is_on);
  g_signal_handlers_unblock_by_func (self->toggle, state_set_cb, self);
  gtk_widget_set_visible (GTK_WIDGET (self->address), is_on);
  adw_action_row_set_subtitle (self->address, address);
}

static void
changed_cb (WhisEndpointGroup *self)
{
  endpoint_group_show (self);
  show_sentence (self, whis_bus_whis1_endpoint_get_problem (endpoint_group_get_proxy (self)));
}

/* --- calls ------------------------------------------------------------------------------------ */

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEndpointGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  whis_bus_whis1_endpoint_call_set_enabled_finish (WHIS_BUS_WHIS1_ENDPOINT (source), result,
                                                   &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || endpoint_group_get_proxy (self) == NULL)
    return;
  if (--self->asked > 0)
    return;
  sentence = error != NULL ? whis_service_call_error_to_sentence (error) : NULL;
  endpoint_group_show (self);
  show_sentence (self, sentence);
}

/* “active” of the switch changes at once, “state” when the service has made the change. */
static gboolean
state_set_cb (WhisEndpointGroup *self, gboolean wanted)
{
  if (endpoint_group_get_proxy (self) == NULL)
    return FALSE;

  self->asked++;
  whis_bus_whis1_endpoint_call_set_enabled (endpoint_group_get_proxy (self), wanted,
                                            endpoint_group_get_cancellable (self), set_cb,
                                            g_object_ref (self));

  return TRUE;
}

/* Clipboard managers that know the hint of KDE do not keep what is secret. */
static void
put_on_clipboard (WhisEndpointGroup *self, const char *key)
{
  static const char hint[] = "secret";
  g_autoptr (GBytes) bytes = g_bytes_new_static (hint, strlen (hint));
  GdkContentProvider *both[] = {
    gdk_content_provider_new_typed (G_TYPE_STRING, key),
    gdk_content_provider_new_for_bytes ("x-kde-passwordManagerHint", bytes),
  };
  g_autoptr (GdkContentProvider) content =
      gdk_content_provider_new_union (both, G_N_ELEMENTS (both));

  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), content);
  whis_toast_show (GTK_WIDGET (self), _ ("The key is on the clipboard."));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEndpointGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  char *key;

  if (bytes == NULL)
    {
      whis_interface_group_show_error (WHIS_INTERFACE_GROUP (self), error);
      return;
    }
  key = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  put_on_clipboard (self, key);
  whis_secret_free (key);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEndpointGroup) self = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  int pipe = -1;

  if (whis_bus_whis1_endpoint_call_open_key_finish (WHIS_BUS_WHIS1_ENDPOINT (source), &handle, &fds,
                                                    result, &error))
    pipe = g_unix_fd_list_get (fds, g_variant_get_handle (handle), &error);
  if (pipe < 0)
    {
      whis_interface_group_show_error (WHIS_INTERFACE_GROUP (self), error);
      return;
    }
  /* The service wrote all of it at once. */
  stream = g_unix_input_stream_new (pipe, TRUE);
  g_input_stream_read_bytes_async (stream, LONGEST_KEY, G_PRIORITY_DEFAULT,
                                   endpoint_group_get_cancellable (self), read_cb,
                                   g_object_ref (self));
}

static void
copy_key_cb (WhisEndpointGroup *self)
{
  if (endpoint_group_get_proxy (self) != NULL)
    whis_bus_whis1_endpoint_call_open_key (endpoint_group_get_proxy (self), FALSE, NULL,
                                           endpoint_group_get_cancellable (self), opened_cb,
                                           g_object_ref (self));
}

static void
whis_endpoint_group_connected (WhisInterfaceGroup *group)
{
  WhisBusWhis1Endpoint *endpoint = whis_interface_group_get_proxy (group);

  g_signal_connect_object (endpoint, "notify::address", G_CALLBACK (changed_cb), group,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (endpoint, "notify::problem", G_CALLBACK (changed_cb), group,
                           G_CONNECT_SWAPPED);
  changed_cb (WHIS_ENDPOINT_GROUP (group));
}

static void
whis_endpoint_group_class_init (WhisEndpointGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  WhisInterfaceGroupClass *group_class = WHIS_INTERFACE_GROUP_CLASS (klass);

  group_class->proxy_type = WHIS_BUS_TYPE_WHIS1_ENDPOINT_PROXY;
  group_class->interface = whis_bus_whis1_endpoint_interface_info ();
  group_class->connected = whis_endpoint_group_connected;

  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/endpoint-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisEndpointGroup, row);
  gtk_widget_class_bind_template_child (widget_class, WhisEndpointGroup, toggle);
  gtk_widget_class_bind_template_child (widget_class, WhisEndpointGroup, address);
  gtk_widget_class_bind_template_child (widget_class, WhisEndpointGroup, copy_key);
  gtk_widget_class_bind_template_callback (widget_class, state_set_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_key_cb);
}

static void
whis_endpoint_group_init (WhisEndpointGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_sentence (self, NULL);
}
