/* SPDX-License-Identifier: MIT */
#pragma once

#include "state-machine.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisSupervisorState:
 * @WHIS_SUPERVISOR_STATE_STOPPED: no process runs
 * @WHIS_SUPERVISOR_STATE_STARTING: the process was started and has not said that it is ready
 * @WHIS_SUPERVISOR_STATE_READY: the process is ready
 * @WHIS_SUPERVISOR_STATE_STOPPING: the process was asked to end
 * @WHIS_SUPERVISOR_STATE_KILLING: the process was ended by force, and is not gone yet
 *
 * How a helper process is.
 */
typedef enum
{
  WHIS_SUPERVISOR_STATE_STOPPED,
  WHIS_SUPERVISOR_STATE_STARTING,
  WHIS_SUPERVISOR_STATE_READY,
  WHIS_SUPERVISOR_STATE_STOPPING,
  WHIS_SUPERVISOR_STATE_KILLING,
  WHIS_N_SUPERVISOR_STATES,
} WhisSupervisorState;

#define WHIS_TYPE_SUPERVISOR_STATE (whis_supervisor_state_get_type ())
GType whis_supervisor_state_get_type (void);

extern const WhisStateTable whis_supervisor_states;

/**
 * WhisSupervisorKill:
 * @WHIS_SUPERVISOR_KILL_NONE: it was not ended by force
 * @WHIS_SUPERVISOR_KILL_NOT_READY: it was not ready in time
 * @WHIS_SUPERVISOR_KILL_UNHEALTHY: it cannot be reached, or answers nonsense
 * @WHIS_SUPERVISOR_KILL_HANGING: it did not finish what it was asked
 *
 * Why a process was ended by force.
 */
typedef enum
{
  WHIS_SUPERVISOR_KILL_NONE,
  WHIS_SUPERVISOR_KILL_NOT_READY,
  WHIS_SUPERVISOR_KILL_UNHEALTHY,
  WHIS_SUPERVISOR_KILL_HANGING,
} WhisSupervisorKill;

/**
 * WhisSupervisorLimits:
 * @ready_seconds: how long a process may take until it is ready
 * @most_failures: so many failures within @failure_seconds are no accident, at most 8
 * @failure_seconds: see @most_failures
 *
 * What a helper process may do. Static data.
 */
typedef struct
{
  guint ready_seconds;
  guint most_failures;
  guint failure_seconds;
} WhisSupervisorLimits;

/**
 * WhisSupervisorEnd:
 * @state: the state in which it ended
 * @was_ready: whether it had been ready
 * @kill: why it was ended by force
 * @signal: the signal that ended it, 0 if none did
 * @status: its exit status, if no signal ended it
 * @complaint: the last that it wrote to standard error, maybe empty
 *
 * How a process ended.
 */
typedef struct
{
  WhisSupervisorState state;
  gboolean was_ready;
  WhisSupervisorKill kill;
  int signal;
  int status;
  const char *complaint;
} WhisSupervisorEnd;

#define WHIS_TYPE_SUPERVISOR (whis_supervisor_get_type ())
G_DECLARE_FINAL_TYPE (WhisSupervisor, whis_supervisor, WHIS, SUPERVISOR, GObject)

WhisSupervisor *whis_supervisor_new (const WhisSupervisorLimits *limits);

WhisSupervisorState whis_supervisor_get_state (WhisSupervisor *self);
gboolean whis_supervisor_start (WhisSupervisor *self,
                                GSubprocessLauncher *launcher,
                                const char *const *arguments,
                                GError **error);
void whis_supervisor_stop (WhisSupervisor *self);
void whis_supervisor_kill (WhisSupervisor *self, WhisSupervisorKill reason);
WhisSupervisorKill whis_supervisor_get_kill (WhisSupervisor *self);

void whis_supervisor_count_failure (WhisSupervisor *self);
gboolean whis_supervisor_fails_too_often (WhisSupervisor *self);
guint64 whis_supervisor_get_cpu_ms (WhisSupervisor *self);

G_END_DECLS
