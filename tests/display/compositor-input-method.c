/* SPDX-License-Identifier: MIT */
#include "compositor-private.h"
#include "input-method-unstable-v2-server-protocol.h"

/* How much of its text a field tells. */
#define TOLD_BYTES 3000

static void
send_text (CompositorPrivate *self)
{
  GString *text = self->public.text;
  const char *told = text->str + text->len - MIN (text->len, TOLD_BYTES);

  while (*told != '\0' && (*told & 0xc0) == 0x80)
    told++;
  zwp_input_method_v2_send_surrounding_text (self->input_method, told, (uint32_t) strlen (told),
                                             (uint32_t) strlen (told));
}

static void
send_done (CompositorPrivate *self)
{
  self->n_done++;
  zwp_input_method_v2_send_done (self->input_method);
}

static void
commit_string (struct wl_client *client, struct wl_resource *resource, const char *text)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  g_assert_cmpuint (strlen (text), <=, 4000);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_string_append (self->pending, text);
}

static void
set_preedit_string (struct wl_client *client,
                    struct wl_resource *resource,
                    const char *text,
                    int32_t begin,
                    int32_t end)
{
  g_assert_not_reached ();
}

static void
delete_surrounding_text (struct wl_client *client,
                         struct wl_resource *resource,
                         uint32_t before,
                         uint32_t after)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  g_assert_cmpuint (after, ==, 0);
  self->n_deleted = before;
}

/* Applies what is pending. */
static void
take_pending (CompositorPrivate *self)
{
  g_string_truncate (self->public.text, self->public.text->len - self->n_deleted);
  g_string_append (self->public.text, self->pending->str);
  g_string_truncate (self->pending, 0);
  self->n_deleted = 0;
}

static void
commit (struct wl_client *client, struct wl_resource *resource, uint32_t serial)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  compositor_note (self, "commit:%u:%" G_GSIZE_FORMAT, serial, self->pending->len);
  g_assert_cmpuint (serial, ==, self->n_done);
  switch (self->public.field)
    {
    case COMPOSITOR_FIELD_STALE:
      send_text (self);
      send_done (self);
      G_GNUC_FALLTHROUGH;
    case COMPOSITOR_FIELD_TELLS:
      take_pending (self);
      send_text (self);
      send_done (self);
      break;
    case COMPOSITOR_FIELD_REFUSES:
      send_text (self);
      send_done (self);
      break;
    case COMPOSITOR_FIELD_LACONIC:
      take_pending (self);
      zwp_input_method_v2_send_surrounding_text (
          resource, self->public.text->str + self->public.text->len - 1, 1, 1);
      send_done (self);
      break;
    case COMPOSITOR_FIELD_MUTE:
      take_pending (self);
      send_done (self);
      break;
    case COMPOSITOR_FIELD_LOSES_FOCUS:
      compositor_leave_field (&self->public);
      break;
    case COMPOSITOR_FIELD_TAKEN:
      zwp_input_method_v2_send_unavailable (resource);
      break;
    case COMPOSITOR_FIELD_SILENT:
    default:
      break;
    }
}

static void
get_popup (struct wl_client *client,
           struct wl_resource *resource,
           uint32_t id,
           struct wl_resource *surface)
{
  g_assert_not_reached ();
}

static void
grab_keyboard (struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  g_assert_not_reached ();
}

static const struct zwp_input_method_v2_interface input_method_implementation = {
  .commit_string = commit_string,
  .set_preedit_string = set_preedit_string,
  .delete_surrounding_text = delete_surrounding_text,
  .commit = commit,
  .get_input_popup_surface = get_popup,
  .grab_keyboard = grab_keyboard,
  .destroy = compositor_destroy_resource,
};

/* By a request, or because the connection has ended before it was read. */
static void
on_input_method_destroyed (struct wl_resource *resource)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  self->input_method = NULL;
  compositor_note (self, "give-back");
}

static void
get_input_method (struct wl_client *client,
                  struct wl_resource *resource,
                  struct wl_resource *seat,
                  uint32_t id)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  self->input_method = wl_resource_create (client, &zwp_input_method_v2_interface, 1, id);
  self->n_done = 0;
  wl_resource_set_implementation (self->input_method, &input_method_implementation, self,
                                  on_input_method_destroyed);
  compositor_note (self, "get-input-method");
  if (self->public.unavailable)
    {
      zwp_input_method_v2_send_unavailable (self->input_method);
      return;
    }
  if (!self->public.focused)
    {
      send_done (self);
      return;
    }

  zwp_input_method_v2_send_activate (self->input_method);
  if (self->public.tells_kind_later)
    send_done (self);
  zwp_input_method_v2_send_content_type (self->input_method, 0, self->public.purpose);
  if (self->public.field != COMPOSITOR_FIELD_MUTE)
    send_text (self);
  send_done (self);
}

static const struct zwp_input_method_manager_v2_interface manager_implementation = {
  .get_input_method = get_input_method,
  .destroy = compositor_destroy_resource,
};

static void
bind_manager (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *manager =
      wl_resource_create (client, &zwp_input_method_manager_v2_interface, (int) version, id);

  wl_resource_set_implementation (manager, &manager_implementation, data, NULL);
}

void
compositor_add_input_method (CompositorPrivate *self)
{
  compositor_add_global (self, COMPOSITOR_INPUT_METHOD, &zwp_input_method_manager_v2_interface, 1,
                         bind_manager);
}

/* Another window gets the focus. */
void
compositor_leave_field (Compositor *public)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  zwp_input_method_v2_send_deactivate (self->input_method);
  send_done (self);
  wl_display_flush_clients (self->display);
}
