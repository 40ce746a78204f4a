/* SPDX-License-Identifier: MIT */
#include "clipboard-tool.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCK_SIZE (64 * 1024)

/* One look at the clipboard; the data of its task. */
typedef struct
{
  GSubprocess *process;
  GBytes *text;
  gboolean until_nul;
  gsize matched;     /* bytes of the text that the current output repeats */
  gboolean differs;  /* the current output is not the text */
  gboolean has_seen; /* there was any output */
} Look;

static void
look_free (Look *self)
{
  g_clear_object (&self->process);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self);
}

/* Runs in the child, between fork and exec. */
static void
begin_session (gpointer user_data)
{
  setsid ();
}

/* GSubprocess would search our own PATH, not that of the environment given. */
static char *
find_program (const char *name, const char *const *environment)
{
  const char *path = g_environ_getenv ((char **) environment, "PATH");
  g_auto (GStrv) dirs = g_strsplit (path != NULL ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);

  for (guint i = 0; dirs[i] != NULL; i++)
    {
      g_autofree char *program = g_build_filename (dirs[i], name, NULL);

      if (g_path_is_absolute (program) && g_file_test (program, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&program);
    }

  return NULL;
}

static GSubprocess *
clipboard_tool_spawn (const char *const *argv,
                      const char *const *environment,
                      GSubprocessFlags flags,
                      GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GPtrArray) full_argv = g_ptr_array_new ();
  g_autofree char *program = find_program (argv[0], environment);

  if (program == NULL)
    {
      g_set_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT, "%s was not found", argv[0]);
      return NULL;
    }

  g_ptr_array_add (full_argv, program);
  for (guint i = 1; argv[i] != NULL; i++)
    g_ptr_array_add (full_argv, (char *) argv[i]);
  g_ptr_array_add (full_argv, NULL);

  launcher = g_subprocess_launcher_new (flags | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_environ (launcher, (char **) environment);
  /* What stays behind must not keep a file system busy. */
  g_subprocess_launcher_set_cwd (launcher, "/");
  g_subprocess_launcher_set_child_setup (launcher, begin_session, NULL, NULL);

  return g_subprocess_launcher_spawnv (launcher, (const char *const *) full_argv->pdata, error);
}

/* The child and all it has started that has not left its session. */
static void
kill_session (GSubprocess *process)
{
  const char *pid = g_subprocess_get_identifier (process);

  if (pid != NULL)
    kill (-atoi (pid), SIGKILL);
}

static void
did_communicate (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GSubprocess *process = G_SUBPROCESS (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_communicate_finish (process, result, NULL, NULL, &error))
    {
      kill_session (process);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (!g_subprocess_get_successful (process))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "The program failed");
    }
  else
    {
      g_task_return_boolean (task, TRUE);
    }
}

void
whis_clipboard_tool_write_async (const char *const *argv,
                                 const char *const *environment,
                                 GBytes *text,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (argv != NULL && argv[0] != NULL);
  g_return_if_fail (environment != NULL);
  g_return_if_fail (text != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_clipboard_tool_write_async);

  process = clipboard_tool_spawn (
      argv, environment, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  if (process == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_subprocess_communicate_async (process, text, cancellable, did_communicate,
                                    g_steal_pointer (&task));
}

gboolean
whis_clipboard_tool_write_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_clipboard_tool_write_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The same bytes as far as the text goes, and no more of them. */
static void
clipboard_tool_compare (Look *self, const guint8 *data, gsize size)
{
  gsize text_size;
  const guint8 *text = g_bytes_get_data (self->text, &text_size);

  if (size == 0 || self->differs)
    return;

  if (size > text_size - self->matched || memcmp (text + self->matched, data, size) != 0)
    self->differs = TRUE;
  else
    self->matched += size;
}

static gboolean
is_same (Look *self)
{
  return !self->differs && self->matched == g_bytes_get_size (self->text);
}

/* Returns whether the text has been seen in full. */
static gboolean
take_output (Look *self, const guint8 *data, gsize size)
{
  const guint8 *nul;

  self->has_seen = TRUE;

  while (self->until_nul && (nul = memchr (data, '\0', size)) != NULL)
    {
      gsize length = (gsize) (nul - data);

      clipboard_tool_compare (self, data, length);
      if (is_same (self))
        return TRUE;

      self->matched = 0;
      self->differs = FALSE;
      data += length + 1;
      size -= length + 1;
    }

  clipboard_tool_compare (self, data, size);

  return FALSE;
}

static void
return_sight (GTask *task, WhisClipboardSight sight)
{
  Look *self = g_task_get_task_data (task);

  kill_session (self->process);
  g_task_return_int (task, sight);
}

static void
end_of_output (GTask *task)
{
  Look *self = g_task_get_task_data (task);

  if (!self->has_seen)
    return_sight (task, WHIS_CLIPBOARD_SIGHT_NOTHING);
  else if (!self->until_nul && is_same (self))
    return_sight (task, WHIS_CLIPBOARD_SIGHT_SAME);
  else
    return_sight (task, WHIS_CLIPBOARD_SIGHT_OTHER);
}

static void read_output (GTask *task);

static void
did_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Look *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  const guint8 *data;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (bytes == NULL)
    {
      kill_session (self->process);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  data = g_bytes_get_data (bytes, &size);
  if (size == 0)
    end_of_output (task);
  else if (take_output (self, data, size))
    return_sight (task, WHIS_CLIPBOARD_SIGHT_SAME);
  else
    read_output (g_steal_pointer (&task));
}

static void
read_output (GTask *task)
{
  Look *self = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (g_subprocess_get_stdout_pipe (self->process), BLOCK_SIZE,
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task), did_read,
                                   task);
}

void
whis_clipboard_tool_look_async (const char *const *argv,
                                const char *const *environment,
                                GBytes *text,
                                gboolean until_nul,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  Look *self;

  g_return_if_fail (argv != NULL && argv[0] != NULL);
  g_return_if_fail (environment != NULL);
  g_return_if_fail (text != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_clipboard_tool_look_async);

  self = g_new0 (Look, 1);
  self->text = g_bytes_ref (text);
  self->until_nul = until_nul;
  g_task_set_task_data (task, self, (GDestroyNotify) look_free);

  self->process = clipboard_tool_spawn (argv, environment, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  if (self->process == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    read_output (g_steal_pointer (&task));
}

gboolean
whis_clipboard_tool_look_finish (GAsyncResult *result, WhisClipboardSight *sight, GError **error)
{
  gssize value;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_clipboard_tool_look_async), FALSE);
  g_return_val_if_fail (sight != NULL, FALSE);

  value = g_task_propagate_int (G_TASK (result), error);
  if (value < 0)
    return FALSE;

  *sight = (WhisClipboardSight) value;

  return TRUE;
}
