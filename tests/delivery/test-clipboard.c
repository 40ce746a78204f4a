/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clipboard.h"
#include "display.h"

#define HUGE_SIZE (10 * 1000 * 1000)

#define SHORT_TIMEOUT_MS 500

/* Emoji are four bytes long; the rest is what programs like to change: newlines, dashes, NBSP. */
#define AWKWARD_TEXT "--help \xf0\x9f\x98\x80\n\u00a0ü中文 العربية\\0%s\n\n"

static char *self_path;

/* What became of one text. */
typedef struct
{
  gboolean done;
  gboolean success;
  GError *error;
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
did_set_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->success =
      whis_clipboard_set_text_finish (WHIS_CLIPBOARD (source), result, &outcome->error);
  outcome->done = TRUE;
}

static void
await (Outcome *outcome)
{
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
put (WhisClipboard *clipboard, const char *text, Outcome *outcome)
{
  whis_clipboard_set_text_async (clipboard, text, FALSE, NULL, did_set_text, outcome);
  await (outcome);
}

static void
assert_put (WhisClipboard *clipboard, const char *text)
{
  g_auto (Outcome) outcome = { 0 };

  put (clipboard, text, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_true (outcome.success);
}

static void
assert_refused (WhisClipboard *clipboard, const char *text, WhisDeliveryError code)
{
  g_auto (Outcome) outcome = { 0 };

  put (clipboard, text, &outcome);
  g_assert_error (outcome.error, WHIS_DELIVERY_ERROR, (int) code);
  g_assert_false (outcome.success);
  g_assert_true (g_str_has_suffix (outcome.error->message, "."));
}

static WhisClipboard *
clipboard_on (const char *wayland_display, const char *x11_display)
{
  WhisClipboard *clipboard = whis_clipboard_new ();

  whis_clipboard_set_environment (clipboard, "WAYLAND_DISPLAY", wayland_display);
  whis_clipboard_set_environment (clipboard, "DISPLAY", x11_display);

  return clipboard;
}

/* What another program gets when it pastes. */
static void
assert_pasted (const char *const *argv, const char *variable, const char *display, const char *text)
{
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), variable, display, TRUE);
  g_autofree char *pasted = NULL;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                NULL, NULL, &pasted, NULL, NULL, &error);
  g_assert_no_error (error);

  /* No g_assert_cmpstr(): ten megabytes are not to be printed. */
  g_assert_cmpuint (strlen (pasted), ==, strlen (text));
  g_assert_true (g_str_equal (pasted, text));
}

static void
assert_pasted_x11 (const Display *display, const char *text)
{
  static const char *const argv[] = { "xclip", "-selection", "clipboard", "-out", NULL };

  assert_pasted (argv, "DISPLAY", display->name, text);
}

static void
assert_pasted_wayland (const Display *display, const char *text)
{
  static const char *const argv[] = { "wl-paste", "--no-newline", NULL };

  assert_pasted (argv, "WAYLAND_DISPLAY", display->name, text);
}

static char *
huge_text (void)
{
  char *text = g_malloc (HUGE_SIZE + 1);

  for (gsize i = 0; i < HUGE_SIZE; i++)
    text[i] = (char) ('a' + i % 23);
  text[HUGE_SIZE] = '\0';

  return text;
}

/* A process that puts a text on the clipboard and is gone. */
static void
put_from_another_process (const char *variable, const char *display, const char *text)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_setenv (launcher, variable, display, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, self_path, "--put", text, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
test_new_destroy (void)
{
  g_assert_finalize_object (whis_clipboard_new ());
}

static void
test_x11 (void)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autoptr (WhisClipboard) clipboard = NULL;

  if (display == NULL)
    return;

  clipboard = clipboard_on (NULL, display->name);
  assert_put (clipboard, AWKWARD_TEXT);
  assert_pasted_x11 (display, AWKWARD_TEXT);
  assert_put (clipboard, "second");
  assert_pasted_x11 (display, "second");
}

static void
test_x11_huge (void)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autoptr (WhisClipboard) clipboard = NULL;
  g_autofree char *text = NULL;

  if (display == NULL)
    return;

  text = huge_text ();
  clipboard = clipboard_on (NULL, display->name);
  assert_put (clipboard, text);
  assert_pasted_x11 (display, text);
}

static void
test_x11_survives (void)
{
  g_autoptr (Display) display = display_new_x11 ();

  if (display == NULL)
    return;

  put_from_another_process ("DISPLAY", display->name, AWKWARD_TEXT);
  assert_pasted_x11 (display, AWKWARD_TEXT);
}

static void
test_x11_in_turn (void)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autoptr (WhisClipboard) clipboard = NULL;
  Outcome outcomes[5] = { 0 };

  if (display == NULL)
    return;

  clipboard = clipboard_on (NULL, display->name);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autofree char *text = g_strdup_printf ("text %u", i);

      whis_clipboard_set_text_async (clipboard, text, FALSE, NULL, did_set_text, &outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      await (&outcomes[i]);
      g_assert_no_error (outcomes[i].error);
    }

  assert_pasted_x11 (display, "text 4");
}

static void
test_wayland (void)
{
  g_autoptr (Display) display = display_new_wayland ();
  g_autoptr (WhisClipboard) clipboard = NULL;
  g_autofree char *text = NULL;

  if (display == NULL)
    return;

  clipboard = clipboard_on (display->name, NULL);
  assert_put (clipboard, AWKWARD_TEXT);
  assert_pasted_wayland (display, AWKWARD_TEXT);

  text = huge_text ();
  assert_put (clipboard, text);
  assert_pasted_wayland (display, text);
}

static void
test_wayland_survives (void)
{
  g_autoptr (Display) display = display_new_wayland ();

  if (display == NULL)
    return;

  put_from_another_process ("WAYLAND_DISPLAY", display->name, AWKWARD_TEXT);
  assert_pasted_wayland (display, AWKWARD_TEXT);
}

static void
test_wayland_falls_back (void)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autoptr (WhisClipboard) clipboard = NULL;

  if (display == NULL)
    return;

  clipboard = clipboard_on ("no-such-socket", display->name);
  assert_put (clipboard, "through X");
  assert_pasted_x11 (display, "through X");
}

static void
test_no_display (void)
{
  g_autoptr (WhisClipboard) clipboard = clipboard_on (NULL, NULL);

  assert_refused (clipboard, "text", WHIS_DELIVERY_ERROR_NO_DISPLAY);
}

static void
test_dead_display (void)
{
  g_autoptr (WhisClipboard) clipboard = clipboard_on (NULL, ":4242");

  assert_refused (clipboard, "text", WHIS_DELIVERY_ERROR_FAILED);
}

static void
test_bad_text (void)
{
  g_autoptr (WhisClipboard) clipboard = clipboard_on (NULL, ":4242");

  assert_refused (clipboard, "", WHIS_DELIVERY_ERROR_TEXT);
  assert_refused (clipboard, "half a letter \xc3", WHIS_DELIVERY_ERROR_TEXT);
}

/* A directory with programs of the test's own. */
typedef struct
{
  char *dir;
} Programs;

static void
programs_set_up (Programs *self, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("whis-programs-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
programs_tear_down (Programs *self, gconstpointer user_data)
{
  delete_tree (self->dir);
  g_free (self->dir);
}

/* A clipboard that finds those programs before all others. */
static WhisClipboard *
clipboard_with_timeout (Programs *self,
                        const char *wayland_display,
                        const char *x11_display,
                        guint timeout_ms)
{
  WhisClipboard *clipboard = g_object_new (WHIS_TYPE_CLIPBOARD, "timeout-ms", timeout_ms, NULL);
  g_autofree char *path = g_strconcat (self->dir, ":", g_getenv ("PATH"), NULL);

  whis_clipboard_set_environment (clipboard, "WAYLAND_DISPLAY", wayland_display);
  whis_clipboard_set_environment (clipboard, "DISPLAY", x11_display);
  whis_clipboard_set_environment (clipboard, "PATH", path);

  return clipboard;
}

static WhisClipboard *
clipboard_with (Programs *self, const char *wayland_display, const char *x11_display)
{
  return clipboard_with_timeout (self, wayland_display, x11_display, SHORT_TIMEOUT_MS);
}

G_GNUC_PRINTF (3, 4)
static void
add_program (Programs *self, const char *name, const char *format, ...)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_autofree char *body = NULL;
  g_autofree char *script = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, format);
  body = g_strdup_vprintf (format, args);
  va_end (args);

  script = g_strconcat ("#!/bin/sh\n", body, NULL);
  g_file_set_contents (path, script, -1, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_chmod (path, 0755));
}

static void
test_missing (Programs *programs, gconstpointer user_data)
{
  const char *const *params = user_data;
  g_autoptr (WhisClipboard) clipboard = clipboard_with (programs, NULL, NULL);
  g_auto (Outcome) outcome = { 0 };

  whis_clipboard_set_environment (clipboard, params[0], "some-display");
  whis_clipboard_set_environment (clipboard, "PATH", programs->dir);
  put (clipboard, "text", &outcome);

  g_assert_error (outcome.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_CLIPBOARD);
  g_assert_nonnull (strstr (outcome.error->message, params[1]));
}

static char *
dup_calls (Programs *programs)
{
  g_autofree char *path = g_build_filename (programs->dir, "calls", NULL);
  char *calls = NULL;

  return g_file_get_contents (path, &calls, NULL, NULL) ? calls : g_strdup ("");
}

/* A wl-copy that notes how it is called; one before 2.3 knows no such option. */
static void
add_wl_copy (Programs *programs, gboolean knows_sensitive)
{
  add_program (programs, "wl-copy",
               "echo \"wl-copy $*\" >>%s/calls\ncat >/dev/null\n"
               "[ \"$1\" != --sensitive ] || exit %d\n",
               programs->dir, knows_sensitive ? 0 : 1);
  add_program (programs, "wl-paste", "exit 1\n");
}

static void
put_sensitive (WhisClipboard *clipboard)
{
  g_auto (Outcome) outcome = { 0 };

  whis_clipboard_set_text_async (clipboard, "words", TRUE, NULL, did_set_text, &outcome);
  await (&outcome);
  g_assert_no_error (outcome.error);
}

#define TYPE "--type text/plain;charset=utf-8\n"

/* Clipboard managers are asked not to write it to their files, where wl-copy can do that. */
static void
test_sensitive (Programs *programs, gconstpointer user_data)
{
  gboolean knows = GPOINTER_TO_INT (user_data);
  g_autoptr (WhisClipboard) clipboard = clipboard_with (programs, "wayland-0", NULL);
  g_autofree char *calls = NULL;

  add_wl_copy (programs, knows);
  put_sensitive (clipboard);
  calls = dup_calls (programs);
  g_assert_cmpstr (
      calls, ==, knows ? "wl-copy --sensitive " TYPE : "wl-copy --sensitive " TYPE "wl-copy " TYPE);
}

/* Where wl-copy takes the focus, what is being typed goes astray. */
static void
test_gnome (Programs *programs, gconstpointer user_data)
{
  g_autoptr (WhisClipboard) clipboard = clipboard_with (programs, "wayland-0", ":0");
  g_autofree char *calls = NULL;
  g_autofree char *later = NULL;

  whis_clipboard_set_environment (clipboard, "XDG_CURRENT_DESKTOP", "ubuntu:GNOME");
  add_wl_copy (programs, TRUE);
  add_program (
      programs, "xclip",
      "case \"$*\" in *-out*) cat %s/text;; *) echo xclip >>%s/calls; cat >%s/text;; esac\n",
      programs->dir, programs->dir, programs->dir);
  assert_put (clipboard, "words");
  calls = dup_calls (programs);
  g_assert_cmpstr (calls, ==, "xclip\n");

  /* Without an X server there is no other way. */
  whis_clipboard_set_environment (clipboard, "DISPLAY", NULL);
  assert_put (clipboard, "words");
  later = dup_calls (programs);
  g_assert_cmpstr (later, ==, "xclip\nwl-copy " TYPE);
}

/* Every process of the wedged program holds a pipe open; the pipe ends when the last one does. */
static int
add_wedged_program (Programs *programs, const char *name)
{
  g_autofree char *pipe_path = g_build_filename (programs->dir, "alive", NULL);
  int fd;

  g_assert_no_errno (mkfifo (pipe_path, 0600));
  fd = g_open (pipe_path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  add_program (programs, name, "exec >%s\necho started\nsleep 1000 &\nsleep 1000\n", pipe_path);

  return fd;
}

static void
await_end_of_pipe (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  char buffer[64];
  gssize size;
  gboolean started = FALSE;

  do
    {
      g_assert_cmpint (poll (&poll_fd, 1, -1), ==, 1);
      size = read (fd, buffer, sizeof buffer);
      started |= size > 0;
    }
  while (size > 0);

  g_assert_true (started);
  close (fd);
}

static void
test_wedged (Programs *programs, gconstpointer user_data)
{
  g_autoptr (WhisClipboard) clipboard = clipboard_with (programs, NULL, ":4242");
  int fd = add_wedged_program (programs, "xclip");

  assert_refused (clipboard, "text", WHIS_DELIVERY_ERROR_TIMED_OUT);
  await_end_of_pipe (fd);
}

static void
test_wedged_reader (Programs *programs, gconstpointer user_data)
{
  g_autoptr (WhisClipboard) clipboard = clipboard_with (programs, "some-display", NULL);

  add_program (programs, "wl-copy", "cat >/dev/null");
  add_program (programs, "wl-paste", "sleep 1000");
  assert_refused (clipboard, "text", WHIS_DELIVERY_ERROR_TIMED_OUT);
}

static gboolean
program_started (int fd, GIOCondition condition, gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

/* The next text does not wait for one that nobody wants: the program that hangs is ended, and not
 * by the clock. */
static void
test_cancelled (Programs *programs, gconstpointer user_data)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autoptr (WhisClipboard) clipboard = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) cancelled = { 0 };
  g_auto (Outcome) next = { 0 };
  int fd;

  if (display == NULL)
    return;

  clipboard = clipboard_with_timeout (programs, "some-display", display->name, G_MAXINT);
  fd = add_wedged_program (programs, "wl-copy");
  whis_clipboard_set_text_async (clipboard, "unwanted", FALSE, cancellable, did_set_text,
                                 &cancelled);
  whis_clipboard_set_environment (clipboard, "WAYLAND_DISPLAY", NULL);
  whis_clipboard_set_text_async (clipboard, "wanted", FALSE, NULL, did_set_text, &next);
  g_unix_fd_add (fd, G_IO_IN, program_started, cancellable);
  await (&cancelled);
  await (&next);

  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_no_error (next.error);
  assert_pasted_x11 (display, "wanted");
  await_end_of_pipe (fd);
}

/* A program that says it worked and did nothing. */
static void
test_liar (Programs *programs, gconstpointer user_data)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autofree char *real_xclip = NULL;
  g_autoptr (WhisClipboard) clipboard = NULL;

  if (display == NULL)
    return;

  real_xclip = g_find_program_in_path ("xclip");
  clipboard = clipboard_with_timeout (programs, NULL, display->name, G_MAXINT);
  assert_put (clipboard, "what was there before");
  add_program (programs, "xclip",
               "case \"$*\" in *-in) exec cat >/dev/null ;; *) exec %s \"$@\" ;; esac\n",
               real_xclip);
  assert_refused (clipboard, "never there", WHIS_DELIVERY_ERROR_FAILED);
}

/* More than fits into a pipe, for a program that does not read. */
static void
test_deaf (Programs *programs, gconstpointer user_data)
{
  g_autoptr (WhisClipboard) clipboard = clipboard_with_timeout (programs, NULL, ":4242", G_MAXINT);
  g_autofree char *text = huge_text ();

  add_program (programs, "xclip", "exit 1\n");
  assert_refused (clipboard, text, WHIS_DELIVERY_ERROR_FAILED);
}

static void
test_private (Programs *programs, gconstpointer user_data)
{
  g_autoptr (WhisClipboard) clipboard = clipboard_with_timeout (programs, NULL, ":4242", G_MAXINT);
  g_autofree char *seen_path = g_build_filename (programs->dir, "seen", NULL);
  g_autofree char *seen = NULL;
  g_autoptr (GError) error = NULL;
  int fd = open ("/dev/null", O_RDONLY); /* not closed on exec */

  add_program (programs, "xclip",
               "outputs=$(readlink /proc/$$/fd/1 /proc/$$/fd/2)\n"
               "{ echo \"$outputs\"; echo \"$@\"; env; ls -l /proc/self/fd; } >%s\nexit 1\n",
               seen_path);
  assert_refused (clipboard, "a secret", WHIS_DELIVERY_ERROR_FAILED);
  close (fd);

  g_file_get_contents (seen_path, &seen, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (seen, "/dev/null\n/dev/null\n"));
  g_assert_null (strstr (seen, "secret"));
  /* Standard input, output and errors, and the directory that ls reads. */
  g_assert_nonnull (strstr (seen, " 3 -> /proc/"));
  g_assert_null (strstr (seen, " 4 -> "));
}

static int
put_and_exit (const char *text)
{
  g_autoptr (WhisClipboard) clipboard = whis_clipboard_new ();
  g_auto (Outcome) outcome = { 0 };

  put (clipboard, text, &outcome);
  if (!outcome.success)
    g_printerr ("%s\n", outcome.error->message);

  return outcome.success ? 0 : 1;
}

#define ADD_WITH_PROGRAMS(path, data, function)                                                    \
  g_test_add (path, Programs, data, programs_set_up, function, programs_tear_down)

int
main (int argc, char *argv[])
{
  static const char *const wayland_params[] = { "WAYLAND_DISPLAY", "wl-clipboard" };
  static const char *const x11_params[] = { "DISPLAY", "xclip" };

  self_path = g_canonicalize_filename (argv[0], NULL);
  if (argc == 3 && g_str_equal (argv[1], "--put"))
    return put_and_exit (argv[2]);

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clipboard/new-destroy", test_new_destroy);
  g_test_add_func ("/clipboard/x11/text", test_x11);
  g_test_add_func ("/clipboard/x11/huge", test_x11_huge);
  g_test_add_func ("/clipboard/x11/survives", test_x11_survives);
  g_test_add_func ("/clipboard/x11/in-turn", test_x11_in_turn);
  g_test_add_func ("/clipboard/wayland/text", test_wayland);
  g_test_add_func ("/clipboard/wayland/survives", test_wayland_survives);
  g_test_add_func ("/clipboard/wayland/falls-back", test_wayland_falls_back);
  g_test_add ("/clipboard/sensitive", Programs, GINT_TO_POINTER (TRUE), programs_set_up,
              test_sensitive, programs_tear_down);
  g_test_add ("/clipboard/sensitive-unknown", Programs, GINT_TO_POINTER (FALSE), programs_set_up,
              test_sensitive, programs_tear_down);
  g_test_add ("/clipboard/gnome", Programs, NULL, programs_set_up, test_gnome, programs_tear_down);
  g_test_add_func ("/clipboard/no-display", test_no_display);
  g_test_add_func ("/clipboard/dead-display", test_dead_display);
  g_test_add_func ("/clipboard/bad-text", test_bad_text);
  ADD_WITH_PROGRAMS ("/clipboard/missing/wayland", wayland_params, test_missing);
  ADD_WITH_PROGRAMS ("/clipboard/missing/x11", x11_params, test_missing);
  ADD_WITH_PROGRAMS ("/clipboard/wedged", NULL, test_wedged);
  ADD_WITH_PROGRAMS ("/clipboard/wedged-reader", NULL, test_wedged_reader);
  ADD_WITH_PROGRAMS ("/clipboard/cancelled", NULL, test_cancelled);
  ADD_WITH_PROGRAMS ("/clipboard/liar", NULL, test_liar);
  ADD_WITH_PROGRAMS ("/clipboard/deaf", NULL, test_deaf);
  ADD_WITH_PROGRAMS ("/clipboard/private", NULL, test_private);

  return g_test_run ();
}
