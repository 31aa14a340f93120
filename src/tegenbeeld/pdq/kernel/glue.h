/*
 * What the files share that speak with Python. The others know nothing of it.
 *
 * tegenbeeld.pdq._kernel has the functions of ../index/kernel.py. Arrays come as buffers and are
 * held for as long as they are used.
 */
#ifndef TEGENBEELD_GLUE_H
#define TEGENBEELD_GLUE_H

#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "index.h"

/* A segment, with the memory that it lies in. */
typedef struct {
    PyObject_HEAD
    Segment segment;
    Py_buffer image;
    Py_buffer dead;
} Part;

/* Several segments and loose hashes. */
typedef struct {
    PyObject_HEAD
    PyObject *parts;
    Loose loose;
    Py_buffer keys;
    Py_buffer words;
    Py_buffer dead;
} Snapshot;

/* What one call asks. */
typedef struct {
    Query *queries;
    size_t count;
    int max_distance;
    size_t most;
} Question;

extern PyTypeObject *part_type, *snapshot_type;
extern PyObject *invalid_hash, *index_damaged;
extern PyType_Spec part_spec, snapshot_spec;
extern Kernel kernel;

/* values.c: what comes in. Each gives 0, or sets an exception. */
int get_bytes(PyObject *array, Py_buffer *buffer, int flags, size_t least);
void release(Py_buffer *buffer);
int get_limits(PyObject *const *arguments, Py_ssize_t count, Question *question);
int get_hex(PyObject *text, Query *query);
Query *get_queries(PyObject *array, size_t *count);
int fail(int status);

/* module.c */
PyObject *new_object(PyTypeObject *type);
void free_object(PyObject *object);

/* part.c, snapshot.c, answers.c */
PyObject *make_part(PyObject *module, PyObject *args);
PyObject *make_snapshot(PyObject *module, PyObject *args);
int run_search(Snapshot *snapshot, const Question *question, Matches *matches);
PyObject *pairs_of(const Matches *matches);
PyObject *columns_of(const Matches *matches);

#endif
