/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

/**
 * ScriptedService:
 * @status: exit status of the last command
 * @out: what it wrote to standard output
 * @err: what it wrote to standard error
 * @calls: (not nullable): what it called: a line for each, such as `Cancel('')`
 *
 * A service on a bus of its own, whose answers a test writes down, and the real command line as its
 * client. A method is called by its name; `Describe`, which several interfaces have, by that of its
 * area too: `Delivery.Describe`.
 */
typedef struct
{
  int status;
  char *out;
  char *err;
  GString *calls;

  /*< private >*/
  GTestDBus *daemon;
  GDBusConnection *bus;
  GHashTable *answers;     /* of methods: Answer */
  GHashTable *properties;  /* of names: GVariant */
  GHashTable *environment; /* of commands: what a test has set */
  char *directory;
  gboolean names_dictations;
} ScriptedService;

/**
 * ScriptedCase:
 * @command: what is typed behind `whis`
 * @status: its exit status
 * @out: (nullable): what it prints; %NULL where that is not looked at
 * @err: (nullable): what it says on standard error, likewise
 * @calls: (nullable): what it calls, likewise
 */
typedef struct
{
  const char *command;
  int status;
  const char *out;
  const char *err;
  const char *calls;
} ScriptedCase;

ScriptedService *scripted_service_new (void);
void scripted_service_free (ScriptedService *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScriptedService, scripted_service_free)

void scripted_service_answer (ScriptedService *self, const char *method, const char *values);
void
scripted_service_answer_file (ScriptedService *self, const char *method, const void *data, gsize n);
void scripted_service_refuse (ScriptedService *self,
                              const char *method,
                              const char *error,
                              const char *message);
void scripted_service_signal (ScriptedService *self,
                              const char *method,
                              const char *name,
                              const char *values);
void scripted_service_change (ScriptedService *self,
                              const char *method,
                              const char *property,
                              const char *value);
void scripted_service_name_dictations (ScriptedService *self);
void scripted_service_leave_after (ScriptedService *self, const char *method);
void scripted_service_set (ScriptedService *self, const char *property, const char *value);
void scripted_service_setenv (ScriptedService *self, const char *name, const char *value);
void scripted_service_leave (ScriptedService *self);
char *scripted_service_dup_path (ScriptedService *self, const char *name);

void scripted_service_run (ScriptedService *self, const char *command, const char *input);
void scripted_service_check (ScriptedService *self, const ScriptedCase *cases, gsize n);
