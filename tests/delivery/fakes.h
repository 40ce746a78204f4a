/* SPDX-License-Identifier: MIT */
#pragma once

#include "insertion-method.h"
#include "key-chord.h"
#include "selection.h"

G_BEGIN_DECLS

/*
 * A selection, keys and a method that do what a test says. Each step that is called is noted in a
 * log, which is what the tests wait for.
 */

#define FAKE_TYPE_SELECTION (fake_selection_get_type ())
G_DECLARE_FINAL_TYPE (FakeSelection, fake_selection, FAKE, SELECTION, GObject)

struct _FakeSelection
{
  GObject parent_instance;
  GString *log;
  GHashTable *before;  /* what is saved; NULL makes saving fail */
  GHashTable *offered; /* what is owned, NULL if nothing is */
  GError *probe_error; /* for the next time */
  GError *own_error;   /* for the next time */
  gboolean tells_reader;
  gboolean primary;
  gboolean was_primary; /* of what was owned last */
};

FakeSelection *fake_selection_new (GString *log);
char *fake_selection_get_text (FakeSelection *self);
void fake_selection_lose (FakeSelection *self);
void fake_selection_read (FakeSelection *self, WhisSelectionReader reader);

#define FAKE_TYPE_KEYS (fake_keys_get_type ())
G_DECLARE_FINAL_TYPE (FakeKeys, fake_keys, FAKE, KEYS, GObject)

struct _FakeKeys
{
  GObject parent_instance;
  GString *log;
  GError *prepare_error;
  GError *send_error;
  gboolean hold_send; /* until fake_keys_release () */
  GTask *sending;
  WhisChord chord;
};

FakeKeys *fake_keys_new (GString *log);
void fake_keys_release (FakeKeys *self);

/* A method that does what a test says. */
#define FAKE_TYPE_METHOD (fake_method_get_type ())
G_DECLARE_FINAL_TYPE (FakeMethod, fake_method, FAKE, METHOD, GObject)

struct _FakeMethod
{
  GObject parent_instance;
  const char *name;
  GString *log;
  gboolean uses_clipboard;
  gboolean hold; /* until fake_method_release () */
  gboolean clipboard_lost;
  gboolean takes_back;
  WhisDeliveryOutcome outcome;
  GError *error; /* instead of an outcome */
  GTask *task;
};

void fake_method_release (FakeMethod *self);

G_END_DECLS
