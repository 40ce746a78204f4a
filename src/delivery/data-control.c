/* SPDX-License-Identifier: MIT */
#include "data-control.h"

#include <unistd.h>

#include "ext-data-control-protocol.h"
#include "wlr-data-control-protocol.h"

/* The two protocols differ in the names of their interfaces alone: the order and the types of
 * requests and events are the same. So each request goes to the proxy by its number. */
typedef enum
{
  MANAGER_CREATE_SOURCE = 0,
  MANAGER_GET_DEVICE = 1,
  MANAGER_DESTROY = 2,
} ManagerRequest;

typedef enum
{
  DEVICE_SET_SELECTION = 0,
  DEVICE_DESTROY = 1,
  DEVICE_SET_PRIMARY_SELECTION = 2,
} DeviceRequest;

typedef enum
{
  SOURCE_OFFER = 0,
  SOURCE_DESTROY = 1,
} SourceRequest;

typedef enum
{
  OFFER_RECEIVE = 0,
  OFFER_DESTROY = 1,
} OfferRequest;

/* The interfaces of one of the protocols, and its first version with the primary selection. */
typedef struct
{
  const struct wl_interface *manager;
  const struct wl_interface *device;
  const struct wl_interface *source;
  guint primary_version;
} Protocol;

static const Protocol protocols[] = {
  { &ext_data_control_manager_v1_interface, &ext_data_control_device_v1_interface,
    &ext_data_control_source_v1_interface, 1 },
  { &zwlr_data_control_manager_v1_interface, &zwlr_data_control_device_v1_interface,
    &zwlr_data_control_source_v1_interface, 2 },
};

struct _WhisDataOffer
{
  struct wl_proxy *proxy;
  GPtrArray *formats;
};

struct _WhisDataControl
{
  WhisWaylandConnection *connection;
  const Protocol *protocol;
  const WhisDataControlFuncs *funcs;
  gpointer user_data;

  struct wl_callback *sync; /* nullable, until what is on the clipboard was told */
  struct wl_proxy *manager;
  struct wl_proxy *device;
  struct wl_proxy *source;  /* nullable, of the clipboard */
  struct wl_proxy *primary; /* nullable, of the primary selection */
  GPtrArray *offers;        /* of WhisDataOffer, those that are alive */
};

/* Listeners are called by the order of events of either protocol. */
typedef struct
{
  void (*data_offer) (void *data, void *device, void *offer);
  void (*selection) (void *data, void *device, void *offer);
  void (*finished) (void *data, void *device);
  void (*primary_selection) (void *data, void *device, void *offer);
} DeviceListener;

typedef struct
{
  void (*send) (void *data, void *source, const char *format, int32_t fd);
  void (*cancelled) (void *data, void *source);
} SourceListener;

typedef struct
{
  void (*offer) (void *data, void *offer, const char *format);
} OfferListener;

static void
destroy_proxy (struct wl_proxy *proxy, guint request)
{
  wl_proxy_marshal_flags (proxy, request, NULL, wl_proxy_get_version (proxy),
                          WL_MARSHAL_FLAG_DESTROY);
}

static void
data_offer_free (WhisDataOffer *self)
{
  destroy_proxy (self->proxy, OFFER_DESTROY);
  g_ptr_array_unref (self->formats);
  g_free (self);
}

static WhisDataOffer *
data_control_find_offer (WhisDataControl *self, void *proxy)
{
  for (guint i = 0; i < self->offers->len; i++)
    {
      WhisDataOffer *offer = self->offers->pdata[i];

      if (offer->proxy == proxy)
        return offer;
    }

  return NULL;
}

static void
on_format (void *data, void *proxy, const char *format)
{
  WhisDataOffer *offer = data_control_find_offer (data, proxy);

  if (offer != NULL)
    g_ptr_array_add (offer->formats, g_strdup (format));
}

static const OfferListener offer_listener = { on_format };

static void
add_listener (struct wl_proxy *proxy, const void *listener, void *data)
{
  wl_proxy_add_listener (proxy, (void (**) (void)) listener, data);
}

static void
on_data_offer (void *data, void *device, void *proxy)
{
  WhisDataControl *self = data;
  WhisDataOffer *offer = g_new0 (WhisDataOffer, 1);

  offer->proxy = proxy;
  offer->formats = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->offers, offer);
  add_listener (offer->proxy, &offer_listener, self);
}

static void
on_selection (void *data, void *device, void *proxy)
{
  WhisDataControl *self = data;
  WhisDataOffer *offer = data_control_find_offer (self, proxy);

  self->funcs->selection (offer, self->user_data);

  /* What came before is no longer valid. */
  for (guint i = self->offers->len; i > 0; i--)
    if (self->offers->pdata[i - 1] != offer)
      g_ptr_array_remove_index (self->offers, i - 1);
}

static void
on_finished (void *data, void *device)
{
  WhisDataControl *self = data;

  g_debug ("The seat of the clipboard has gone");
  self->funcs->selection (NULL, self->user_data);
}

static void
on_primary_selection (void *data, void *device, void *proxy)
{
  WhisDataControl *self = data;
  WhisDataOffer *offer = data_control_find_offer (self, proxy);

  if (offer != NULL)
    g_ptr_array_remove (self->offers, offer);
}

static const DeviceListener device_listener = {
  on_data_offer,
  on_selection,
  on_finished,
  on_primary_selection,
};

static void
on_send (void *data, void *source, const char *format, int32_t fd)
{
  WhisDataControl *self = data;

  self->funcs->send (format, fd, self->user_data);
}

static void
on_cancelled (void *data, void *proxy)
{
  WhisDataControl *self = data;

  if (proxy == self->primary)
    {
      destroy_proxy (g_steal_pointer (&self->primary), SOURCE_DESTROY);
      return;
    }
  if (proxy != self->source)
    return;

  destroy_proxy (g_steal_pointer (&self->source), SOURCE_DESTROY);
  self->funcs->cancelled (self->user_data);
}

static const SourceListener source_listener = { on_send, on_cancelled };

static void
on_synchronized (void *data, struct wl_callback *callback, uint32_t serial)
{
  WhisDataControl *self = data;

  g_clear_pointer (&self->sync, wl_callback_destroy);
  self->funcs->ready (self->user_data);
}

static const struct wl_callback_listener sync_listener = { on_synchronized };

static const Protocol *
find_protocol (WhisWaylandConnection *connection)
{
  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (whis_wayland_connection_has (connection, protocols[i].manager->name))
      return &protocols[i];

  return NULL;
}

/**
 * whis_data_control_is_offered:
 * @connection: a connection
 *
 * Returns: whether the compositor lets this process reach the clipboard without a window
 */
gboolean
whis_data_control_is_offered (WhisWaylandConnection *connection)
{
  return whis_wayland_connection_get_seat (connection) != NULL
         && find_protocol (connection) != NULL;
}

/**
 * whis_data_control_new:
 * @connection: a connection, of which [func@DataControl.is_offered] is true
 * @funcs: what is told
 * @user_data: for @funcs
 *
 * The clipboard by ext-data-control-v1, else by wlr-data-control-unstable-v1.
 *
 * Returns: (transfer full): the clipboard of the first seat; free it in a handler of
 *   #WhisWaylandConnection::closed at the latest
 */
WhisDataControl *
whis_data_control_new (WhisWaylandConnection *connection,
                       const WhisDataControlFuncs *funcs,
                       gpointer user_data)
{
  WhisDataControl *self = g_new0 (WhisDataControl, 1);

  self->connection = g_object_ref (connection);
  self->protocol = find_protocol (connection);
  self->funcs = funcs;
  self->user_data = user_data;
  self->offers = g_ptr_array_new_with_free_func ((GDestroyNotify) data_offer_free);
  self->manager = whis_wayland_connection_bind (connection, self->protocol->manager,
                                                self->protocol->primary_version);
  self->device = wl_proxy_marshal_flags (self->manager, MANAGER_GET_DEVICE, self->protocol->device,
                                         wl_proxy_get_version (self->manager), 0, NULL,
                                         whis_wayland_connection_get_seat (connection));
  add_listener (self->device, &device_listener, self);
  self->sync = whis_wayland_connection_sync (connection);
  wl_callback_add_listener (self->sync, &sync_listener, self);
  whis_wayland_connection_flush (connection);

  return self;
}

/**
 * whis_data_control_free:
 * @self: (transfer full): a clipboard
 *
 * What was set is no longer on it.
 */
void
whis_data_control_free (WhisDataControl *self)
{
  g_clear_pointer (&self->sync, wl_callback_destroy);
  g_ptr_array_unref (self->offers);
  if (self->source != NULL)
    destroy_proxy (self->source, SOURCE_DESTROY);
  if (self->primary != NULL)
    destroy_proxy (self->primary, SOURCE_DESTROY);
  destroy_proxy (self->device, DEVICE_DESTROY);
  destroy_proxy (self->manager, MANAGER_DESTROY);
  g_object_unref (self->connection);
  g_free (self);
}

static struct wl_proxy *
data_control_create_source (WhisDataControl *self, const char *const *formats)
{
  struct wl_proxy *source =
      wl_proxy_marshal_flags (self->manager, MANAGER_CREATE_SOURCE, self->protocol->source,
                              wl_proxy_get_version (self->manager), 0, NULL);

  add_listener (source, &source_listener, self);
  for (gsize i = 0; formats[i] != NULL; i++)
    wl_proxy_marshal_flags (source, SOURCE_OFFER, NULL, wl_proxy_get_version (source), 0,
                            formats[i]);

  return source;
}

static void
data_control_select (WhisDataControl *self,
                     DeviceRequest request,
                     struct wl_proxy **slot,
                     const char *const *formats)
{
  struct wl_proxy *source = formats[0] != NULL ? data_control_create_source (self, formats) : NULL;

  /* The old one is destroyed first, so that its end is not taken for somebody else's copying. */
  if (*slot != NULL)
    destroy_proxy (g_steal_pointer (slot), SOURCE_DESTROY);
  *slot = source;
  wl_proxy_marshal_flags (self->device, request, NULL, wl_proxy_get_version (self->device), 0,
                          source);
}

/**
 * whis_data_control_set:
 * @self: a clipboard
 * @formats: the formats of the content; empty to clear the clipboard
 * @clipboard: whether to set the clipboard
 * @primary: whether to set the primary selection, if there is one
 */
void
whis_data_control_set (WhisDataControl *self,
                       const char *const *formats,
                       gboolean clipboard,
                       gboolean primary)
{
  if (clipboard)
    data_control_select (self, DEVICE_SET_SELECTION, &self->source, formats);
  if (primary && whis_data_control_has_primary (self))
    data_control_select (self, DEVICE_SET_PRIMARY_SELECTION, &self->primary, formats);
  whis_wayland_connection_flush (self->connection);
}

/**
 * whis_data_control_has_primary:
 * @self: a clipboard
 *
 * Returns: whether the primary selection can be set, too
 */
gboolean
whis_data_control_has_primary (WhisDataControl *self)
{
  return wl_proxy_get_version (self->device) >= self->protocol->primary_version;
}

/**
 * whis_data_offer_get_formats:
 * @self: what is on the clipboard
 *
 * Returns: (transfer full): its formats
 */
GStrv
whis_data_offer_get_formats (WhisDataOffer *self)
{
  g_autoptr (GStrvBuilder) formats = g_strv_builder_new ();

  for (guint i = 0; i < self->formats->len; i++)
    g_strv_builder_add (formats, self->formats->pdata[i]);

  return g_strv_builder_end (formats);
}

/**
 * whis_data_offer_receive:
 * @self: what is on the clipboard
 * @format: one of its formats
 * @fd: (transfer full): where its owner writes it
 */
void
whis_data_offer_receive (WhisDataOffer *self, const char *format, int fd)
{
  wl_proxy_marshal_flags (self->proxy, OFFER_RECEIVE, NULL, wl_proxy_get_version (self->proxy), 0,
                          format, fd);
  close (fd);
}
