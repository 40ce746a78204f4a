/* SPDX-License-Identifier: MIT */
#pragma once

#include "engine.h"

/**
 * FakeEngine:
 * @text: what is recognised
 * @fails: the %WHIS_OFFLINE_ERROR of the next recognitions, 0 for none
 * @fails_to_load: whether loading fails
 * @is_gpu: whether the models may be computed by a graphics processor
 * @n_loads: how often a model was loaded
 * @n_frees: how often one was given back
 * @n_cancelled: how many recognitions were cancelled while they ran
 * @most_at_once: how many recognitions ran at the same time
 * @requests: a line for each recognition: model, language, prompt, temperature, flags
 *
 * The engine for every kind of model, in place of those of src/offline/engine.c: it recognises in
 * whatever file has a model's head what a test says.
 */
typedef struct
{
  const char *text;
  int fails;
  gboolean fails_to_load;
  gboolean is_gpu;
  guint n_loads;
  guint n_frees;
  guint n_cancelled;
  guint most_at_once;
  GString *requests;
} FakeEngine;

extern FakeEngine fake_engine;

void fake_engine_reset (void);
void fake_engine_hold (void);
void fake_engine_release (void);
void fake_engine_await_held (guint n);
char *fake_engine_dup_requests (void);
