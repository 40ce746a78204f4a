/* SPDX-License-Identifier: MIT */
#pragma once

#include "notify.h"

G_BEGIN_DECLS

/**
 * WhisNotifyContent:
 * @title: one line
 * @body: more, plain text
 * @icon_name: an icon of the theme
 * @urgency: how much it matters
 * @actions: (element-type utf8): names and labels by turns, ended by %NULL
 *
 * What a notification says, and how the two kinds of servers want to hear it.
 */
typedef struct
{
  char *title;
  char *body;
  char *icon_name;
  WhisNotifyUrgency urgency;
  GPtrArray *actions;
} WhisNotifyContent;

/**
 * whis_notify_content_new:
 * @title: one line; what is not UTF-8 is made so
 * @body: (nullable): more
 * @icon_name: (nullable): an icon, or %NULL for the program's
 * @urgency: how much it matters
 *
 * Returns: (transfer full): a content without actions
 */
WhisNotifyContent *whis_notify_content_new (const char *title,
                                            const char *body,
                                            const char *icon_name,
                                            WhisNotifyUrgency urgency);
void whis_notify_content_free (WhisNotifyContent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisNotifyContent, whis_notify_content_free)

/**
 * whis_notify_content_add_actions: (skip)
 * @self: a content
 * @args: pairs of an action's name and its label, ended by %NULL
 */
void whis_notify_content_add_actions (WhisNotifyContent *self, va_list args);

/**
 * whis_notify_content_for_server:
 * @self: a content
 * @app_name: the name of the program, for people
 * @replaces_id: the server's id of the earlier notification, or 0
 * @capabilities: what the server can do
 *
 * Returns: (transfer floating): the arguments of `org.freedesktop.Notifications.Notify`
 */
GVariant *whis_notify_content_for_server (const WhisNotifyContent *self,
                                          const char *app_name,
                                          guint32 replaces_id,
                                          const char *const *capabilities);

/**
 * whis_notify_content_for_portal:
 * @self: a content
 * @id: our id of the notification
 *
 * Returns: (transfer floating): the arguments of
 *   `org.freedesktop.portal.Notification.AddNotification`
 */
GVariant *whis_notify_content_for_portal (const WhisNotifyContent *self, const char *id);

G_END_DECLS
