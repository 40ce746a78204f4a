/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_INTERFACE_GROUP (whis_interface_group_get_type ())
G_DECLARE_DERIVABLE_TYPE (WhisInterfaceGroup,
                          whis_interface_group,
                          WHIS,
                          INTERFACE_GROUP,
                          AdwPreferencesGroup)

/**
 * WhisInterfaceGroupClass:
 * @proxy_type: the type of the proxy of one of the service's interfaces
 * @interface: (transfer none): that interface
 * @connected: called once, when there is a proxy
 */
struct _WhisInterfaceGroupClass
{
  AdwPreferencesGroupClass parent_class;

  GType proxy_type;
  const GDBusInterfaceInfo *interface;
  void (*connected) (WhisInterfaceGroup *self);
};

void whis_interface_group_connect (WhisInterfaceGroup *self, WhisServiceProxy *service);
void whis_interface_group_disconnect (WhisInterfaceGroup *self);
gpointer whis_interface_group_get_proxy (WhisInterfaceGroup *self);
GCancellable *whis_interface_group_get_cancellable (WhisInterfaceGroup *self);
void whis_interface_group_show_error (WhisInterfaceGroup *self, const GError *error);

G_END_DECLS
