/* SPDX-License-Identifier: MIT */
#include "live-event.h"

/**
 * whis_live_event_clear:
 * @self: an event
 *
 * Frees what the event holds.
 */
void
whis_live_event_clear (WhisLiveEvent *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->item, g_free);
}
