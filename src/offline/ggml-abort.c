/* SPDX-License-Identifier: MIT */
#include "ggml-abort.h"

#include <ggml-backend.h>

/* libwhisper and libparakeet look at their abort callback between two computations only (1.9.1),
 * and the encoder is one: 2 s with Whisper base on two cores, 10 s with small. ggml's processor
 * backend looks at its own after each step, but the libraries do not give their backends out. They
 * get them from ggml_backend_init_by_type(), which is called through the program's table of
 * symbols; the one below does what ggml's does, and gives the backend a callback. Were it not
 * called, a computation would go on to its end. */

static GCancellable *current; /* atomic; of what is being recognised, NULL for none */
static gint n_abortable;      /* atomic; backends that have the callback */

static bool
is_cancelled (void *data)
{
  GCancellable *cancellable = g_atomic_pointer_get (&current);

  return cancellable != NULL && g_cancellable_is_cancelled (cancellable);
}

static void
make_abortable (ggml_backend_t backend)
{
  ggml_backend_reg_t registry = ggml_backend_dev_backend_reg (ggml_backend_get_device (backend));
  ggml_backend_set_abort_callback_t set_callback = NULL;

  *(void **) &set_callback =
      ggml_backend_reg_get_proc_address (registry, "ggml_backend_set_abort_callback");
  if (set_callback == NULL)
    return;

  set_callback (backend, is_cancelled, NULL);
  g_atomic_int_inc (&n_abortable);
}

ggml_backend_t
ggml_backend_init_by_type (enum ggml_backend_dev_type type, const char *params)
{
  ggml_backend_dev_t device = ggml_backend_dev_by_type (type);
  ggml_backend_t backend = device != NULL ? ggml_backend_dev_init (device, params) : NULL;

  if (backend != NULL)
    make_abortable (backend);

  return backend;
}

/**
 * whis_ggml_set_cancellable:
 * @cancellable: (nullable): what ends the computations from now on, %NULL for nothing. It must live
 *   until the next call
 *
 * For the thread that recognises; there is one.
 */
void
whis_ggml_set_cancellable (GCancellable *cancellable)
{
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  g_atomic_pointer_set (&current, cancellable);
}

/**
 * whis_ggml_is_abortable:
 *
 * Returns: whether a library has made a backend whose computations can be ended in their midst
 */
gboolean
whis_ggml_is_abortable (void)
{
  return g_atomic_int_get (&n_abortable) > 0;
}
