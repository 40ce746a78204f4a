/* SPDX-License-Identifier: MIT */
#include "dictation-state.h"

#define STATES (WHIS_DICTATION_STATE_INTERRUPTED + 1)

/* Whether `to` can be reached from `from` over any number of edges. */
static gboolean
is_reachable (WhisDictationState from, WhisDictationState to)
{
  gboolean seen[STATES] = { FALSE };

  seen[from] = TRUE;
  for (int round = 0; round < STATES; round++)
    for (WhisDictationState a = 0; a < STATES; a++)
      for (WhisDictationState b = 0; b < STATES; b++)
        if (seen[a] && whis_dictation_state_may_follow (a, b))
          seen[b] = TRUE;

  return seen[to];
}

/* Whatever happens, a dictation can end, and it can end in each way. */
static void
test_every_state_has_an_end (void)
{
  for (WhisDictationState state = 0; state < STATES; state++)
    {
      if (whis_dictation_state_is_final (state))
        continue;
      g_assert_true (is_reachable (state, WHIS_DICTATION_STATE_DONE));
      g_assert_true (is_reachable (state, WHIS_DICTATION_STATE_FAILED));
      g_assert_true (is_reachable (state, WHIS_DICTATION_STATE_CANCELLED));
      g_assert_true (is_reachable (state, WHIS_DICTATION_STATE_WAITING));
      g_assert_true (is_reachable (state, WHIS_DICTATION_STATE_INTERRUPTED)
                     || state == WHIS_DICTATION_STATE_DELIVERING);
    }
}

static void
test_an_end_is_an_end (void)
{
  const WhisDictationState ends[] = { WHIS_DICTATION_STATE_DONE, WHIS_DICTATION_STATE_FAILED,
                                      WHIS_DICTATION_STATE_CANCELLED, WHIS_DICTATION_STATE_WAITING,
                                      WHIS_DICTATION_STATE_INTERRUPTED };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_assert_true (whis_dictation_state_is_final (ends[i]));
      for (WhisDictationState state = 0; state < STATES; state++)
        g_assert_false (whis_dictation_state_may_follow (ends[i], state));
    }
}

/* No text is delivered that was not transcribed, and the microphone opens once. */
static void
test_no_shortcuts (void)
{
  g_assert_false (whis_dictation_state_may_follow (WHIS_DICTATION_STATE_RECORDING,
                                                   WHIS_DICTATION_STATE_DELIVERING));
  g_assert_false (
      whis_dictation_state_may_follow (WHIS_DICTATION_STATE_RECORDING, WHIS_DICTATION_STATE_DONE));
  g_assert_false (whis_dictation_state_may_follow (WHIS_DICTATION_STATE_TRANSCRIBING,
                                                   WHIS_DICTATION_STATE_RECORDING));
  g_assert_false (
      whis_dictation_state_may_follow (WHIS_DICTATION_STATE_IDLE, WHIS_DICTATION_STATE_RECORDING));
}

static void
test_names_on_the_bus (void)
{
  const char *names[STATES] = { "idle", "starting", "recording", "transcribing", "delivering",
                                "done", "failed",   "cancelled", "waiting",      "interrupted" };

  for (WhisDictationState state = 0; state < STATES; state++)
    g_assert_cmpstr (whis_dictation_state_get_nick (state), ==, names[state]);
}

/* A client may be older than the service, or younger. */
static void
test_from_nick (void)
{
  for (WhisDictationState state = 0; state < STATES; state++)
    g_assert_cmpint (whis_dictation_state_from_nick (whis_dictation_state_get_nick (state)), ==,
                     state);
  g_assert_cmpint (whis_dictation_state_from_nick ("pasting"), ==, WHIS_DICTATION_STATE_IDLE);
  g_assert_cmpint (whis_dictation_state_from_nick (""), ==, WHIS_DICTATION_STATE_IDLE);
  g_assert_cmpint (whis_dictation_state_from_nick (NULL), ==, WHIS_DICTATION_STATE_IDLE);
}

/* What the icon, the command line and the window offer in each state. */
static void
test_questions (void)
{
  static const struct
  {
    gboolean busy;
    gboolean takes_sound;
    gboolean unfinished;
  } answers[STATES] = {
    [WHIS_DICTATION_STATE_STARTING] = { .busy = TRUE, .takes_sound = TRUE },
    [WHIS_DICTATION_STATE_RECORDING] = { .busy = TRUE, .takes_sound = TRUE },
    [WHIS_DICTATION_STATE_TRANSCRIBING] = { .busy = TRUE },
    [WHIS_DICTATION_STATE_DELIVERING] = { .busy = TRUE },
    [WHIS_DICTATION_STATE_WAITING] = { .unfinished = TRUE },
    [WHIS_DICTATION_STATE_INTERRUPTED] = { .unfinished = TRUE },
  };

  for (WhisDictationState state = 0; state < STATES; state++)
    {
      g_test_message ("%s", whis_dictation_state_get_nick (state));
      g_assert_cmpint (whis_dictation_state_is_busy (state), ==, answers[state].busy);
      g_assert_cmpint (whis_dictation_state_takes_sound (state), ==, answers[state].takes_sound);
      g_assert_cmpint (whis_dictation_state_is_unfinished (state), ==, answers[state].unfinished);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dictation-state/every-state-has-an-end", test_every_state_has_an_end);
  g_test_add_func ("/dictation-state/an-end-is-an-end", test_an_end_is_an_end);
  g_test_add_func ("/dictation-state/no-shortcuts", test_no_shortcuts);
  g_test_add_func ("/dictation-state/names-on-the-bus", test_names_on_the_bus);
  g_test_add_func ("/dictation-state/from-nick", test_from_nick);
  g_test_add_func ("/dictation-state/questions", test_questions);

  return g_test_run ();
}
