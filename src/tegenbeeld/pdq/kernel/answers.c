/* What was found, as Python gets it: a list of pairs, or three columns. */
#include "glue.h"

static PyObject *pair_of(const Match *match)
{
    PyObject *key = PyLong_FromUnsignedLongLong(match->key);
    PyObject *distance = PyLong_FromLong(match->distance);
    PyObject *pair = PyTuple_New(2);
    if (key == NULL || distance == NULL || pair == NULL) {
        Py_XDECREF(key);
        Py_XDECREF(distance);
        Py_XDECREF(pair);
        return NULL;
    }
    PyTuple_SetItem(pair, 0, key);
    PyTuple_SetItem(pair, 1, distance);
    return pair;
}

PyObject *pairs_of(const Matches *matches)
{
    PyObject *pairs = PyList_New((Py_ssize_t)matches->count);
    for (size_t i = 0; pairs != NULL && i < matches->count; i++) {
        PyObject *pair = pair_of(&matches->items[i]);
        if (pair == NULL)
            Py_CLEAR(pairs);
        else
            PyList_SetItem(pairs, (Py_ssize_t)i, pair);
    }
    return pairs;
}

PyObject *columns_of(const Matches *matches)
{
    Py_ssize_t count = (Py_ssize_t)matches->count;
    PyObject *queries = PyByteArray_FromStringAndSize(NULL, count * 8);
    PyObject *keys = PyByteArray_FromStringAndSize(NULL, count * 8);
    PyObject *distances = PyByteArray_FromStringAndSize(NULL, count * 2);
    PyObject *columns = NULL;
    if (queries != NULL && keys != NULL && distances != NULL) {
        int64_t *query = (int64_t *)PyByteArray_AsString(queries);
        uint64_t *key = (uint64_t *)PyByteArray_AsString(keys);
        uint16_t *distance = (uint16_t *)PyByteArray_AsString(distances);
        for (size_t i = 0; i < matches->count; i++) {
            query[i] = matches->items[i].query;
            key[i] = matches->items[i].key;
            distance[i] = matches->items[i].distance;
        }
        columns = PyTuple_Pack(3, queries, keys, distances);
    }
    Py_XDECREF(queries);
    Py_XDECREF(keys);
    Py_XDECREF(distances);
    return columns;
}
