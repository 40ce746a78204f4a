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
  AdwPreferencesGroup parent;

  WhisServiceProxy *service;
  WhisBusWhis1Endpoint *endpoint; /* NULL until the service was found */
  GCancellable *cancellable;
  AdwActionRow *row;
  GtkSwitch *toggle;
  AdwActionRow *address;
  GtkButton *copy_key;
  guint asked; /* how often; only the last answer counts */
};

G_DEFINE_FINAL_TYPE (WhisEndpointGroup, whis_endpoint_group, ADW_TYPE_PREFERENCES_GROUP)

/* Longer than any key. */
#define LONGEST_KEY 8192

static gboolean state_set_cb (WhisEndpointGroup *self, gboolean wanted);

/* --- the view --------------------------------------------------------------------------------- */

static const char *
get_address (WhisEndpointGroup *self)
{
  const char *address =
      self->endpoint != NULL ? whis_bus_whis1_endpoint_get_address (self->endpoint) : NULL;

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
  show_sentence (self, whis_bus_whis1_endpoint_get_problem (self->endpoint));
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
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->endpoint == NULL)
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
  if (self->endpoint == NULL)
    return FALSE;

  self->asked++;
  whis_bus_whis1_endpoint_call_set_enabled (self->endpoint, wanted, self->cancellable, set_cb,
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
show_problem (WhisEndpointGroup *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  sentence = whis_service_call_error_to_sentence (error);
  whis_toast_show (GTK_WIDGET (self), sentence);
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
      show_problem (self, error);
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
      show_problem (self, error);
      return;
    }
  /* The service wrote all of it at once. */
  stream = g_unix_input_stream_new (pipe, TRUE);
  g_input_stream_read_bytes_async (stream, LONGEST_KEY, G_PRIORITY_DEFAULT, self->cancellable,
                                   read_cb, g_object_ref (self));
}

static void
copy_key_cb (WhisEndpointGroup *self)
{
  if (self->endpoint != NULL)
    whis_bus_whis1_endpoint_call_open_key (self->endpoint, FALSE, NULL, self->cancellable,
                                           opened_cb, g_object_ref (self));
}

/* --- the service ------------------------------------------------------------------------------ */

static void
proxy_ready_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEndpointGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisBusWhis1Endpoint) endpoint =
      whis_bus_whis1_endpoint_proxy_new_finish (result, &error);

  if (endpoint == NULL || self->service == NULL || self->endpoint != NULL)
    {
      g_debug ("endpoint group: no proxy");
      return;
    }

  self->endpoint = g_steal_pointer (&endpoint);
  g_signal_connect_object (self->endpoint, "notify::address", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->endpoint, "notify::problem", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}

/* The proxy of the service has a bus once it runs. */
static void
availability_cb (WhisEndpointGroup *self)
{
  gboolean is_running = whis_service_proxy_is_running (self->service);
  GDBusProxy *interface;

  gtk_widget_set_sensitive (GTK_WIDGET (self), is_running);
  if (!is_running || self->endpoint != NULL)
    return;

  interface = G_DBUS_PROXY (whis_service_proxy_get_interface (self->service));
  whis_bus_whis1_endpoint_proxy_new (
      g_dbus_proxy_get_connection (interface), G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, WHIS_APP_ID,
      WHIS_APP_PATH, self->cancellable, proxy_ready_cb, g_object_ref (self));
}

/**
 * whis_endpoint_group_disconnect:
 * @self: the group
 *
 * Releases the service. Pending calls hold a reference to the group until they return.
 */
void
whis_endpoint_group_disconnect (WhisEndpointGroup *self)
{
  g_return_if_fail (WHIS_IS_ENDPOINT_GROUP (self));

  g_cancellable_cancel (self->cancellable);
  if (self->endpoint != NULL)
    g_signal_handlers_disconnect_by_data (self->endpoint, self);
  g_clear_object (&self->endpoint);
  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
}

static void
whis_endpoint_group_dispose (GObject *object)
{
  WhisEndpointGroup *self = WHIS_ENDPOINT_GROUP (object);

  whis_endpoint_group_disconnect (self);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (whis_endpoint_group_parent_class)->dispose (object);
}

static void
whis_endpoint_group_class_init (WhisEndpointGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_endpoint_group_dispose;

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
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  show_sentence (self, NULL);
}

/**
 * whis_endpoint_group_connect:
 * @self: the group
 * @service: the service; set once
 *
 * Shows whether other programs are answered, and follows that.
 */
void
whis_endpoint_group_connect (WhisEndpointGroup *self, WhisServiceProxy *service)
{
  g_return_if_fail (WHIS_IS_ENDPOINT_GROUP (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_cb), self,
                           G_CONNECT_SWAPPED);
  availability_cb (self);
}
