/* SPDX-License-Identifier: MIT */
#include "history-model.h"

/* How many pages are cached: more than a list view has rows for. */
#define KEPT_PAGES 8u

typedef struct
{
  guint number;
  gboolean wanted;
} Page;

/**
 * WhisHistoryModel:
 *
 * The entries of the history that match a query, newest first, as a #GListModel of
 * #WhisHistoryItem. A page is loaded when one of its entries is read; the pages that were read last
 * are cached. There is one pending call at a time.
 *
 * New pages are matched with the cached ones by the ids of the entries, so that an added or deleted
 * entry changes only its place: selection and scroll position stay.
 */
struct _WhisHistoryModel
{
  GObject parent;

  WhisBusWhis1 *service;
  GCancellable *cancellable;
  GVariant *query;
  GError *error;
  gboolean asking;
  guint asked;            /* number of the page that is on its way while asking */
  gboolean loading;       /* nothing has come for this query yet */
  GPtrArray *entries;     /* %NULL where nobody has looked */
  Page pages[KEPT_PAGES]; /* last looked at first */
  guint n_pages;
};

static void whis_history_model_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisHistoryModel,
                               whis_history_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      whis_history_model_list_init))

enum
{
  PROP_0,
  PROP_LOADING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void load_next (WhisHistoryModel *self);

static void
set_loading (WhisHistoryModel *self, gboolean loading)
{
  if (self->loading == loading)
    return;

  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
entry_clear (gpointer entry)
{
  g_clear_object (&entry);
}

static void
set_entry (WhisHistoryModel *self, guint position, WhisHistoryItem *entry)
{
  entry_clear (g_ptr_array_index (self->entries, position));
  g_ptr_array_index (self->entries, position) = entry;
}

static WhisHistoryItem *
peek_entry (WhisHistoryModel *self, guint position)
{
  return g_ptr_array_index (self->entries, position);
}

static void
remove_entries (WhisHistoryModel *self, guint position, guint count)
{
  g_ptr_array_remove_range (self->entries, position, count);
  g_list_model_items_changed (G_LIST_MODEL (self), position, count, 0);
}

static void
insert_places (WhisHistoryModel *self, guint position, guint count)
{
  guint tail = self->entries->len - position;

  g_ptr_array_set_size (self->entries, (int) (self->entries->len + count));
  memmove (&self->entries->pdata[position + count], &self->entries->pdata[position],
           tail * sizeof (gpointer));
  memset (&self->entries->pdata[position], 0, count * sizeof (gpointer));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, count);
}

static void
drop_page (WhisHistoryModel *self, guint number)
{
  guint end = MIN ((number + 1) * WHIS_HISTORY_MODEL_PAGE, self->entries->len);

  for (guint i = number * WHIS_HISTORY_MODEL_PAGE; i < end; i++)
    set_entry (self, i, NULL);
}

/* Moves the page to the front of the cache, and drops the page that was read least recently. */
static Page *
touch_page (WhisHistoryModel *self, guint number)
{
  Page page = { number, TRUE };
  guint i = 0;

  while (i < self->n_pages && self->pages[i].number != number)
    i++;
  if (i < self->n_pages)
    page = self->pages[i];
  else if (self->n_pages < KEPT_PAGES)
    i = self->n_pages++;
  else
    drop_page (self, self->pages[--i].number);

  memmove (&self->pages[1], &self->pages[0], i * sizeof (Page));
  self->pages[0] = page;
  return &self->pages[0];
}

static gboolean
has_id (WhisHistoryItem *entry, const char *id)
{
  return entry != NULL && g_str_equal (whis_history_item_get_string (entry, "id"), id);
}

/* Drops entries that are not on a cached page, as those that moved across its edge. */
static gboolean
find_entry (WhisHistoryModel *self, const char *id, guint *position)
{
  for (guint i = 0; i < self->n_pages; i++)
    {
      guint start = self->pages[i].number * WHIS_HISTORY_MODEL_PAGE;
      guint end = MIN (start + WHIS_HISTORY_MODEL_PAGE, self->entries->len);

      for (*position = start; *position < end; ++*position)
        if (has_id (peek_entry (self, *position), id))
          return TRUE;
    }

  return FALSE;
}

/* Makes the place at @position the one of the entry @id. */
static void
make_place (WhisHistoryModel *self, guint position, const char *id)
{
  WhisHistoryItem *there = position < self->entries->len ? peek_entry (self, position) : NULL;
  guint found;

  if (has_id (there, id))
    return;

  if (find_entry (self, id, &found))
    {
      /* An entry in between was deleted, or one in front was added. */
      if (found > position)
        remove_entries (self, position, found - position);
      else
        insert_places (self, 0, position - found);
    }
  else if (position >= self->entries->len || (there != NULL && whis_history_item_is_known (there)))
    insert_places (self, position, 1);
}

static void
put_entry (WhisHistoryModel *self, guint position, GVariant *description)
{
  const char *id = "";

  g_variant_lookup (description, "id", "&s", &id);
  make_place (self, position, id);
  if (peek_entry (self, position) != NULL)
    whis_history_item_update (peek_entry (self, position), description);
  else
    set_entry (self, position, whis_history_item_new (description));
}

static void
begin_anew (WhisHistoryModel *self)
{
  if (self->entries->len > 0)
    remove_entries (self, 0, self->entries->len);
  self->n_pages = 0;
}

/* One items-changed for all places: not ten thousand for a list of ten thousand. */
static void
fit_total (WhisHistoryModel *self, guint total)
{
  guint len = self->entries->len;

  if (len > total)
    remove_entries (self, total, len - total);
  else if (len < total)
    insert_places (self, len, total - len);
}

/* The result of a new query replaces everything, with one items-changed. */
static void
put_first_page (WhisHistoryModel *self, GVariant *descriptions, guint total)
{
  guint count = MIN ((guint) g_variant_n_children (descriptions), total);

  begin_anew (self);
  touch_page (self, 0)->wanted = FALSE;
  g_ptr_array_set_size (self->entries, (int) total);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GVariant) description = g_variant_get_child_value (descriptions, i);

      set_entry (self, i, whis_history_item_new (description));
    }
  if (total > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, total);
  set_loading (self, FALSE);
}

static void
put_page (WhisHistoryModel *self, guint offset, GVariant *descriptions, guint total)
{
  gsize count = g_variant_n_children (descriptions);

  for (guint i = 0; i < count && offset + i <= self->entries->len; i++)
    {
      g_autoptr (GVariant) description = g_variant_get_child_value (descriptions, i);

      put_entry (self, offset + i, description);
    }
  fit_total (self, total);
}

typedef struct
{
  WhisHistoryModel *self;
  guint offset;
} Request;

static void
request_free (Request *request)
{
  g_clear_object (&request->self);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  WhisHistoryModel *self = request->self;
  g_autoptr (GVariant) descriptions = NULL;
  g_autoptr (GError) error = NULL;
  guint total;

  if (whis_bus_whis1_call_list_history_finish (WHIS_BUS_WHIS1 (source), &descriptions, &total,
                                               result, &error))
    {
      if (self->loading)
        put_first_page (self, descriptions, total);
      else
        put_page (self, request->offset, descriptions, total);
      self->asking = FALSE;
      load_next (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_debug ("history model: no list: %s", error->message);
      self->asking = FALSE;
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
      begin_anew (self);
      set_loading (self, FALSE);
    }
}

static GVariant *
build_query (WhisHistoryModel *self, guint offset)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, self->query);
  g_variant_dict_insert (&dict, "offset", "u", offset);
  g_variant_dict_insert (&dict, "limit", "u", WHIS_HISTORY_MODEL_PAGE);
  return g_variant_dict_end (&dict);
}

/* The first page is loaded first: an entry that was added there moves all others. */
static Page *
find_wanted (WhisHistoryModel *self)
{
  Page *first = NULL;

  for (guint i = 0; i < self->n_pages; i++)
    if (self->pages[i].wanted && (first == NULL || self->pages[i].number < first->number))
      first = &self->pages[i];

  return first;
}

static void
load_next (WhisHistoryModel *self)
{
  Page *page = self->loading ? NULL : find_wanted (self);
  Request *request;

  if (self->asking || self->service == NULL || (page == NULL && !self->loading))
    return;

  request = g_new0 (Request, 1);
  request->self = g_object_ref (self);
  if (page != NULL)
    {
      request->offset = page->number * WHIS_HISTORY_MODEL_PAGE;
      page->wanted = FALSE;
    }
  self->asking = TRUE;
  self->asked = request->offset / WHIS_HISTORY_MODEL_PAGE;
  whis_bus_whis1_call_list_history (self->service, build_query (self, request->offset),
                                    self->cancellable, listed_cb, request);
}

static GType
whis_history_model_get_item_type (GListModel *list)
{
  return WHIS_TYPE_HISTORY_ITEM;
}

static guint
whis_history_model_get_n_items (GListModel *list)
{
  return WHIS_HISTORY_MODEL (list)->entries->len;
}

static gpointer
whis_history_model_get_item (GListModel *list, guint position)
{
  WhisHistoryModel *self = WHIS_HISTORY_MODEL (list);
  Page *page;

  if (position >= self->entries->len)
    return NULL;

  page = touch_page (self, position / WHIS_HISTORY_MODEL_PAGE);
  if (peek_entry (self, position) == NULL)
    {
      set_entry (self, position, whis_history_item_new (NULL));
      if (!self->asking || self->asked != page->number)
        page->wanted = TRUE;
    }
  load_next (self);
  return g_object_ref (peek_entry (self, position));
}

static void
whis_history_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = whis_history_model_get_item_type;
  iface->get_n_items = whis_history_model_get_n_items;
  iface->get_item = whis_history_model_get_item;
}

static void
whis_history_model_dispose (GObject *object)
{
  WhisHistoryModel *self = WHIS_HISTORY_MODEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_history_model_parent_class)->dispose (object);
}

static void
whis_history_model_finalize (GObject *object)
{
  WhisHistoryModel *self = WHIS_HISTORY_MODEL (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->query, g_variant_unref);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->entries);

  G_OBJECT_CLASS (whis_history_model_parent_class)->finalize (object);
}

static void
whis_history_model_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, WHIS_HISTORY_MODEL (object)->loading);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_history_model_class_init (WhisHistoryModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_history_model_dispose;
  object_class->finalize = whis_history_model_finalize;
  object_class->get_property = whis_history_model_get_property;

  properties[PROP_LOADING] =
      g_param_spec_boolean ("loading", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_history_model_init (WhisHistoryModel *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_clear);
}

/**
 * whis_history_model_new:
 *
 * Returns: (transfer full): an empty list
 */
WhisHistoryModel *
whis_history_model_new (void)
{
  return g_object_new (WHIS_TYPE_HISTORY_MODEL, NULL);
}

/**
 * whis_history_model_set_query:
 * @self: a model
 * @service: (nullable): the service to ask, %NULL while there is none
 * @search: words that an entry must have, may be empty
 * @marked: whether it must be marked
 * @unfinished: whether it must be one that can be finished
 *
 * Changes the query. The former result stays until the answer has come.
 */
void
whis_history_model_set_query (WhisHistoryModel *self,
                              WhisBusWhis1 *service,
                              const char *search,
                              gboolean marked,
                              gboolean unfinished)
{
  static const char *const states[] = { "waiting", "interrupted", "failed", "cancelled", NULL };
  GVariantDict dict;

  g_return_if_fail (WHIS_IS_HISTORY_MODEL (self));
  g_return_if_fail (search != NULL);

  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->service, service);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->query, g_variant_unref);
  g_clear_error (&self->error);
  self->cancellable = g_cancellable_new ();
  self->asking = FALSE;

  g_variant_dict_init (&dict, NULL);
  if (*search != '\0')
    g_variant_dict_insert (&dict, "search", "s", search);
  if (marked)
    g_variant_dict_insert (&dict, "marked", "b", TRUE);
  if (unfinished)
    g_variant_dict_insert (&dict, "states", "^as", states);
  self->query = g_variant_ref_sink (g_variant_dict_end (&dict));

  if (service == NULL)
    begin_anew (self);
  set_loading (self, service != NULL);
  load_next (self);
}

/**
 * whis_history_model_refresh:
 * @self: a model
 *
 * Loads the cached pages again, since the history has changed.
 */
void
whis_history_model_refresh (WhisHistoryModel *self)
{
  g_return_if_fail (WHIS_IS_HISTORY_MODEL (self));

  /* An empty list has no page to ask for again, and a list that failed has none either. */
  if (self->error != NULL)
    {
      g_clear_error (&self->error);
      set_loading (self, self->service != NULL);
    }
  else if (!self->loading)
    touch_page (self, 0);
  for (guint i = 0; i < self->n_pages; i++)
    self->pages[i].wanted = TRUE;
  load_next (self);
}

/**
 * whis_history_model_is_loading:
 * @self: a model
 *
 * Returns: whether the first entries of this query are still on their way
 */
gboolean
whis_history_model_is_loading (WhisHistoryModel *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY_MODEL (self), FALSE);

  return self->loading;
}

/**
 * whis_history_model_get_error:
 * @self: a model
 *
 * Returns: (transfer none) (nullable): why there is no list
 */
const GError *
whis_history_model_get_error (WhisHistoryModel *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY_MODEL (self), NULL);

  return self->error;
}
