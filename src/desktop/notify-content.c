/* SPDX-License-Identifier: MIT */
#include "notify-content.h"

#define DEFAULT_ACTION "default"

void
whis_notify_content_free (WhisNotifyContent *self)
{
  g_free (self->title);
  g_free (self->body);
  g_free (self->icon_name);
  g_ptr_array_unref (self->actions);
  g_free (self);
}

WhisNotifyContent *
whis_notify_content_new (const char *title,
                         const char *body,
                         const char *icon_name,
                         WhisNotifyUrgency urgency)
{
  WhisNotifyContent *self = g_new0 (WhisNotifyContent, 1);

  self->title = g_utf8_make_valid (title, -1);
  self->body = g_utf8_make_valid (body != NULL ? body : "", -1);
  self->icon_name = g_strdup (icon_name != NULL ? icon_name : WHIS_APP_ID);
  self->urgency = urgency;
  self->actions = g_ptr_array_new_null_terminated (4, g_free, TRUE);

  return self;
}

void
whis_notify_content_add_actions (WhisNotifyContent *self, va_list args)
{
  const char *name;

  while ((name = va_arg (args, const char *)) != NULL)
    {
      g_ptr_array_add (self->actions, g_strdup (name));
      g_ptr_array_add (self->actions, g_strdup (va_arg (args, const char *)));
    }
}

static GVariant *
notify_content_hints (const WhisNotifyContent *content)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "urgency", "y", (guchar) content->urgency);
  g_variant_dict_insert (&dict, "desktop-entry", "s", WHIS_APP_ID);

  return g_variant_dict_end (&dict);
}

static const char *
portal_priority (WhisNotifyUrgency urgency)
{
  switch (urgency)
    {
    case WHIS_NOTIFY_URGENCY_LOW:
      return "low";
    case WHIS_NOTIFY_URGENCY_CRITICAL:
      return "urgent";
    case WHIS_NOTIFY_URGENCY_NORMAL:
    default:
      return "normal";
    }
}

/* The portal takes the name of an action and what it is for apart, and its back ends insist on
 * names that are good ones. */
static GVariant *
portal_button (const char *action, const char *label)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;
  GVariantDict button;

  g_variant_dict_init (&button, NULL);
  g_variant_dict_insert (&button, "label", "s", label);
  if (g_action_parse_detailed_name (action, &name, &target, NULL))
    g_variant_dict_insert (&button, "action", "s", name);
  if (target != NULL)
    g_variant_dict_insert_value (&button, "target", target);

  return g_variant_dict_end (&button);
}

static GVariant *
portal_buttons (const WhisNotifyContent *content)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i + 1 < content->actions->len; i += 2)
    {
      if (!g_str_equal (content->actions->pdata[i], DEFAULT_ACTION))
        g_variant_builder_add_value (
            &builder, portal_button (content->actions->pdata[i], content->actions->pdata[i + 1]));
    }

  return g_variant_builder_end (&builder);
}

GVariant *
whis_notify_content_for_server (const WhisNotifyContent *self,
                                const char *app_name,
                                guint32 replaces_id,
                                const char *const *capabilities)
{
  static const char *const no_actions[] = { NULL };
  g_autofree char *markup = NULL;
  const char *const *actions = no_actions;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (app_name != NULL, NULL);
  g_return_val_if_fail (capabilities != NULL, NULL);

  if (g_strv_contains (capabilities, "body-markup"))
    markup = g_markup_escape_text (self->body, -1);
  if (g_strv_contains (capabilities, "actions"))
    actions = (const char *const *) self->actions->pdata;

  return g_variant_new ("(susss^as@a{sv}i)", app_name, replaces_id, self->icon_name, self->title,
                        markup != NULL ? markup : self->body, actions, notify_content_hints (self),
                        -1);
}

GVariant *
whis_notify_content_for_portal (const WhisNotifyContent *self, const char *id)
{
  g_autoptr (GIcon) icon = NULL;
  g_autoptr (GVariant) serialized = NULL;
  GVariantDict dict;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);

  icon = g_themed_icon_new (self->icon_name);
  serialized = g_icon_serialize (icon);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "title", "s", self->title);
  g_variant_dict_insert (&dict, "body", "s", self->body);
  g_variant_dict_insert (&dict, "priority", "s", portal_priority (self->urgency));
  g_variant_dict_insert (&dict, "default-action", "s", DEFAULT_ACTION);
  g_variant_dict_insert_value (&dict, "icon", serialized);
  g_variant_dict_insert_value (&dict, "buttons", portal_buttons (self));

  return g_variant_new ("(s@a{sv})", id, g_variant_dict_end (&dict));
}
