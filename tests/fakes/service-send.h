/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-call.h"

G_BEGIN_DECLS

/* The request is not active any more. Called before the answer leaves: once the client has it, the
 * request must not count. */
void service_send_note_answered (ServiceCall *call);

/* The first half of the body. */
void service_send_part (ServiceCall *call);
/* The answer, or what service_send_part() left of it. */
void service_send_rest (ServiceCall *call);
/* The answer, after its delay. */
void service_send_late (ServiceCall *call);
/* Both go on until the client has gone. */
void service_send_endlessly (ServiceCall *call);
void service_send_drops (ServiceCall *call);
/* What was late or goes on is not sent any more. */
void service_send_stop (ServiceCall *call);

G_END_DECLS
