/* SPDX-License-Identifier: MIT */
#pragma once

#include "wayland-connection.h"

G_BEGIN_DECLS

typedef struct _WhisDataControl WhisDataControl;
typedef struct _WhisDataOffer WhisDataOffer;

/**
 * WhisDataControlFuncs:
 * @ready: what is on the clipboard was told; never called in [func@DataControl.new]
 * @selection: the clipboard has another content, %NULL for none; the offer belongs to the device
 * and is valid until the next call
 * @send: somebody reads a format of the content that was set; the descriptor is the callee's
 * @cancelled: the content that was set is no longer on the clipboard
 *
 * What a device tells.
 */
typedef struct
{
  void (*ready) (gpointer user_data);
  void (*selection) (WhisDataOffer *offer, gpointer user_data);
  void (*send) (const char *format, int fd, gpointer user_data);
  void (*cancelled) (gpointer user_data);
} WhisDataControlFuncs;

gboolean whis_data_control_is_offered (WhisWaylandConnection *connection);

WhisDataControl *whis_data_control_new (WhisWaylandConnection *connection,
                                        const WhisDataControlFuncs *funcs,
                                        gpointer user_data);
void whis_data_control_free (WhisDataControl *self);

void whis_data_control_set (WhisDataControl *self,
                            const char *const *formats,
                            gboolean clipboard,
                            gboolean primary);
gboolean whis_data_control_has_primary (WhisDataControl *self);

GStrv whis_data_offer_get_formats (WhisDataOffer *self);
void whis_data_offer_receive (WhisDataOffer *self, const char *format, int fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisDataControl, whis_data_control_free)

G_END_DECLS
