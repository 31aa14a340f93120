/* Several segments and loose hashes, and how all of them are searched. */
#include "glue.h"

#include <stdlib.h>

static int hold_loose(Snapshot *snapshot, PyObject *loose)
{
    PyObject *keys, *words, *dead;
    Py_ssize_t rows;
    if (loose == Py_None)
        return 0;
    if (!PyArg_ParseTuple(loose, "nOOO", &rows, &keys, &words, &dead))
        return -1;
    if (rows < 0 || get_bytes(keys, &snapshot->keys, 0, (size_t)rows * 8) < 0 ||
        get_bytes(words, &snapshot->words, 0, (size_t)rows * 32) < 0 ||
        get_bytes(dead, &snapshot->dead, 0, (size_t)(rows + 7) / 8) < 0)
        return -1;
    snapshot->loose = (Loose){(size_t)rows, snapshot->keys.buf, snapshot->words.buf,
                              snapshot->dead.buf};
    return 0;
}

PyObject *make_snapshot(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *parts, *loose;
    if (!PyArg_ParseTuple(args, "OO:snapshot", &parts, &loose))
        return NULL;
    Snapshot *snapshot = (Snapshot *)new_object(snapshot_type);
    if (snapshot == NULL)
        return NULL;
    snapshot->parts = PySequence_Tuple(parts);
    if (snapshot->parts == NULL || hold_loose(snapshot, loose) < 0) {
        Py_DECREF(snapshot);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyTuple_Size(snapshot->parts); i++)
        if (!Py_IS_TYPE(PyTuple_GetItem(snapshot->parts, i), part_type)) {
            PyErr_SetString(PyExc_TypeError, "A snapshot is made of parts.");
            Py_DECREF(snapshot);
            return NULL;
        }
    return (PyObject *)snapshot;
}

/* Search everything. Runs without the interpreter's lock: touches no Python object. */
static int search_all(const Loose *loose, const Segment **segments, size_t segment_count,
                      const Question *question, Matches *matches)
{
    for (size_t i = 0; i < segment_count; i++) {
        int status = kernel.search(segments[i], question->queries, question->count,
                                   question->max_distance, matches);
        if (status != OK)
            return status;
    }
    int status = kernel.compare(loose, question->queries, question->count, question->max_distance,
                                matches);
    return status == OK ? matches_sort(matches) : status;
}

int run_search(Snapshot *snapshot, const Question *question, Matches *matches)
{
    size_t segment_count = (size_t)PyTuple_Size(snapshot->parts);
    const Segment **segments = malloc((segment_count + 1) * sizeof *segments);
    if (segments == NULL)
        return fail(NO_MEMORY);
    for (size_t i = 0; i < segment_count; i++)
        segments[i] = &((Part *)PyTuple_GetItem(snapshot->parts, (Py_ssize_t)i))->segment;
    int status;
    Py_BEGIN_ALLOW_THREADS
    status = search_all(&snapshot->loose, segments, segment_count, question, matches);
    Py_END_ALLOW_THREADS
    free(segments);
    return fail(status);
}

/* search_hex(text, max_distance, most=None): one query, as text. */
static PyObject *search_hex(PyObject *self, PyObject *const *arguments, Py_ssize_t count)
{
    Query query = {0};
    Question question = {.queries = &query, .count = 1};
    if (count != 2 && count != 3) {
        PyErr_SetString(PyExc_TypeError, "search_hex takes a text, a distance and a number.");
        return NULL;
    }
    if (get_limits(arguments + 1, count - 1, &question) < 0 || get_hex(arguments[0], &query) < 0)
        return NULL;
    Matches matches = matches_none(1, question.most);
    PyObject *pairs = NULL;
    if (run_search((Snapshot *)self, &question, &matches) == OK)
        pairs = pairs_of(&matches);
    matches_free(&matches);
    return pairs;
}

/* search_many(queries, max_distance, most=None): many queries, as an array. */
static PyObject *search_many(PyObject *self, PyObject *const *arguments, Py_ssize_t count)
{
    Question question = {0};
    if (count != 2 && count != 3) {
        PyErr_SetString(PyExc_TypeError, "search_many takes queries, a distance and a number.");
        return NULL;
    }
    if (get_limits(arguments + 1, count - 1, &question) < 0)
        return NULL;
    question.queries = get_queries(arguments[0], &question.count);
    if (question.queries == NULL)
        return NULL;
    Matches matches = matches_none(question.count, question.most);
    PyObject *columns = NULL;
    if (run_search((Snapshot *)self, &question, &matches) == OK)
        columns = columns_of(&matches);
    free(question.queries);
    matches_free(&matches);
    return columns;
}

static void snapshot_dealloc(PyObject *self)
{
    Snapshot *snapshot = (Snapshot *)self;
    Py_XDECREF(snapshot->parts);
    release(&snapshot->keys);
    release(&snapshot->words);
    release(&snapshot->dead);
    free_object(self);
}

static PyMethodDef snapshot_methods[] = {
    {"search_hex", (PyCFunction)(void (*)(void))search_hex, METH_FASTCALL, NULL},
    {"search_many", (PyCFunction)(void (*)(void))search_many, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot snapshot_slots[] = {
    {Py_tp_dealloc, snapshot_dealloc}, {Py_tp_methods, snapshot_methods}, {0, NULL}};
PyType_Spec snapshot_spec = {"tegenbeeld.pdq._kernel.Snapshot", sizeof(Snapshot), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                             snapshot_slots};
