/*
 * The kernel as Python sees it: tegenbeeld.pdq._kernel, with the functions of
 * ../index/kernel.py. Arrays come as buffers and are held for as long as they are used.
 */
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "index.h"

#include <stdlib.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "The kernel reads segments as they lie on disk: little-endian."
#endif

enum { SECTIONS = 2 + 3 * TABLES, HEX_DIGITS = 64 };

static PyTypeObject *part_type, *snapshot_type;
static PyObject *invalid_hash, *index_damaged;
static Kernel kernel;

/* ---- Buffers ---- */

static void release(Py_buffer *buffer)
{
    if (buffer->obj != NULL)
        PyBuffer_Release(buffer);
}

/* Get the bytes of an array; at least so many, or an error. */
static int get_bytes(PyObject *array, Py_buffer *buffer, int flags, size_t least)
{
    if (PyObject_GetBuffer(array, buffer, PyBUF_C_CONTIGUOUS | flags) < 0)
        return -1;
    if ((size_t)buffer->len >= least)
        return 0;
    PyErr_SetString(PyExc_ValueError, "An array is shorter than it must be.");
    release(buffer);
    buffer->obj = NULL;
    return -1;
}

static int fail(int status)
{
    if (status == NO_MEMORY)
        PyErr_NoMemory();
    if (status == DAMAGED)
        PyErr_SetString(index_damaged, "A table of the index points outside itself. Delete the "
                                       "folder of the index and build it again from the list.");
    return status;
}

/* ---- Part: a segment ---- */

typedef struct {
    PyObject_HEAD
    Segment segment;
    Py_buffer image;
    Py_buffer dead;
} Part;

static void part_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    release(&((Part *)self)->image);
    release(&((Part *)self)->dead);
    freefunc release_memory = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release_memory(self);
    Py_DECREF(type);
}

/* Find a section in the image. Its offset and length come from Python; both are checked. */
static const void *section_at(const Part *part, PyObject *sections, Py_ssize_t number, size_t least)
{
    size_t size = (size_t)part->image.len;
    Py_ssize_t offset, length;
    PyObject *section = PySequence_GetItem(sections, number);
    if (section == NULL)
        return NULL;
    int read = PyArg_ParseTuple(section, "nn", &offset, &length);
    Py_DECREF(section);
    if (!read)
        return NULL;
    if (offset < 0 || length < 0 || offset % 64 != 0 || (size_t)length < least ||
        (size_t)offset > size || (size_t)length > size - (size_t)offset ||
        size - (size_t)offset - (size_t)length < 64) {
        fail(DAMAGED);
        return NULL;
    }
    return (const char *)part->image.buf + offset;
}

static int find_sections(Part *part, PyObject *sections)
{
    Segment *segment = &part->segment;
    size_t rows = segment->rows, buckets = (size_t)1 << segment->bucket_bits;
    segment->keys = section_at(part, sections, 0, rows * 8);
    segment->words = segment->keys ? section_at(part, sections, 1, rows * 32) : NULL;
    if (segment->words == NULL)
        return -1;
    for (int table = 0; table < TABLES; table++) {
        int first = 2 + 3 * table;
        if ((segment->starts[table] = section_at(part, sections, first, (buckets + 1) * 4)) == NULL)
            return -1;
        segment->fingerprints[table] = section_at(part, sections, first + 1, rows * 2);
        if (segment->fingerprints[table] == NULL)
            return -1;
        segment->ids[table] = section_at(part, sections, first + 2, rows * segment->id_bytes);
        if (segment->ids[table] == NULL)
            return -1;
    }
    return 0;
}

static PyObject *new_object(PyTypeObject *type)
{
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    return allocate(type, 0);
}

static PyObject *make_part(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *image, *sections, *dead;
    unsigned long long rows;
    unsigned int bucket_bits, id_bytes;
    if (!PyArg_ParseTuple(args, "(KII)OOO:part", &rows, &bucket_bits, &id_bytes, &image, &sections,
                          &dead))
        return NULL;
    if (rows > UINT32_MAX || bucket_bits < 1 || bucket_bits > SUBSTRING_BITS ||
        (id_bytes != 3 && id_bytes != 4)) {
        fail(DAMAGED);
        return NULL;
    }
    Part *part = (Part *)new_object(part_type);
    if (part == NULL)
        return NULL;
    part->segment.rows = (uint32_t)rows;
    part->segment.bucket_bits = bucket_bits;
    part->segment.id_bytes = id_bytes;
    if (get_bytes(image, &part->image, 0, 0) < 0 ||
        get_bytes(dead, &part->dead, 0, (size_t)(rows + 7) / 8) < 0 ||
        find_sections(part, sections) < 0) {
        Py_DECREF(part);
        return NULL;
    }
    part->segment.dead = part->dead.buf;
    return (PyObject *)part;
}

/* ---- Snapshot: several segments and loose hashes ---- */

typedef struct {
    PyObject_HEAD
    PyObject *parts;
    Loose loose;
    Py_buffer keys;
    Py_buffer words;
    Py_buffer dead;
} Snapshot;

static void snapshot_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Snapshot *snapshot = (Snapshot *)self;
    Py_XDECREF(snapshot->parts);
    release(&snapshot->keys);
    release(&snapshot->words);
    release(&snapshot->dead);
    freefunc release_memory = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release_memory(self);
    Py_DECREF(type);
}

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

static PyObject *make_snapshot(PyObject *module, PyObject *args)
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

static void cut(Query *query)
{
    for (uint32_t number = 0; number < TABLES; number++)
        query->substrings[number] = substring(query->words, number);
}

/* Search everything. Runs without the interpreter's lock: touches no Python object. */
static int search_all(const Snapshot *snapshot, const Segment **segments, size_t segment_count,
                      const Query *queries, size_t count, int max_distance, Matches *matches)
{
    for (size_t i = 0; i < segment_count; i++) {
        int status = kernel.search(segments[i], queries, count, max_distance, matches);
        if (status != OK)
            return status;
    }
    int status = kernel.compare(&snapshot->loose, queries, count, max_distance, matches);
    return status == OK ? matches_sort(matches, count) : status;
}

static int run_search(Snapshot *snapshot, const Query *queries, size_t count, int max_distance,
                      Matches *matches)
{
    size_t segment_count = (size_t)PyTuple_Size(snapshot->parts);
    const Segment **segments = malloc((segment_count + 1) * sizeof *segments);
    if (segments == NULL)
        return fail(NO_MEMORY);
    for (size_t i = 0; i < segment_count; i++)
        segments[i] = &((Part *)PyTuple_GetItem(snapshot->parts, (Py_ssize_t)i))->segment;
    int status;
    Py_BEGIN_ALLOW_THREADS
    status = search_all(snapshot, segments, segment_count, queries, count, max_distance, matches);
    Py_END_ALLOW_THREADS
    free(segments);
    return fail(status);
}

static int get_distance(PyObject *number)
{
    int overflow = 0;
    long distance = PyLong_AsLongAndOverflow(number, &overflow);
    if (distance == -1 && PyErr_Occurred())
        return -1;
    if (!overflow && distance >= 0 && distance <= MAX_DISTANCE)
        return (int)distance;
    PyErr_Format(PyExc_ValueError, "max_distance is 0 to 31, inclusive, not %S.", number);
    return -1;
}

/* ---- One query, as text ---- */

static int digit_of(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    return -1;
}

static int read_hex(PyObject *text, Query *query)
{
    Py_ssize_t length = 0;
    const char *digits = PyUnicode_Check(text) ? PyUnicode_AsUTF8AndSize(text, &length) : NULL;
    int wrong = digits == NULL || length != HEX_DIGITS ? -1 : 0;
    for (int i = 0; !wrong && i < HEX_DIGITS; i++) {
        int digit = digit_of(digits[i]);
        wrong |= digit;
        query->words[i / 16] = query->words[i / 16] << 4 | (uint64_t)(digit & 15);
        wrong = wrong < 0 ? -1 : 0;
    }
    if (!wrong)
        return 0;
    PyErr_Clear();
    PyErr_SetString(invalid_hash, "This is not a PDQ hash. One is written as 64 digits: 0 to 9 and "
                                  "a to f, in lower case, without spaces.");
    return -1;
}

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

static PyObject *pairs_of(const Matches *matches)
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

static PyObject *search_hex(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Query query = {0};
    Matches matches = {0};
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "search_hex takes a text and a distance.");
        return NULL;
    }
    int max_distance = get_distance(args[1]);
    if (max_distance < 0 || read_hex(args[0], &query) < 0)
        return NULL;
    cut(&query);
    PyObject *pairs = NULL;
    if (run_search((Snapshot *)self, &query, 1, max_distance, &matches) == OK)
        pairs = pairs_of(&matches);
    free(matches.items);
    return pairs;
}

/* ---- Many queries, as arrays ---- */

static PyObject *columns_of(const Matches *matches)
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

static Query *read_queries(const Py_buffer *buffer, size_t count)
{
    Query *queries = count < UINT32_MAX ? malloc((count + 1) * sizeof *queries) : NULL;
    for (size_t i = 0; queries != NULL && i < count; i++) {
        memcpy(queries[i].words, (const char *)buffer->buf + i * 32, 32);
        cut(&queries[i]);
    }
    return queries;
}

static PyObject *search_many(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Matches matches = {0};
    Py_buffer buffer = {0};
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "search_many takes queries and a distance.");
        return NULL;
    }
    int max_distance = get_distance(args[1]);
    if (max_distance < 0 || get_bytes(args[0], &buffer, 0, 0) < 0)
        return NULL;
    size_t query_count = (size_t)buffer.len / 32;
    Query *queries = read_queries(&buffer, query_count);
    release(&buffer);
    if (queries == NULL)
        return PyErr_NoMemory();
    PyObject *columns = NULL;
    if (run_search((Snapshot *)self, queries, query_count, max_distance, &matches) == OK)
        columns = columns_of(&matches);
    free(queries);
    free(matches.items);
    return columns;
}

/* ---- Building ---- */

static PyObject *build(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *arrays[4];
    Py_buffer buffers[4] = {0};
    unsigned int table, bucket_bits;
    if (!PyArg_ParseTuple(args, "OIIOOO:build_table", &arrays[0], &table, &bucket_bits, &arrays[1],
                          &arrays[2], &arrays[3]))
        return NULL;
    if (table >= TABLES || bucket_bits < 1 || bucket_bits > SUBSTRING_BITS) {
        PyErr_SetString(PyExc_ValueError, "There is no such table.");
        return NULL;
    }
    int status = NO_MEMORY;
    size_t rows = 0, id_bytes = 3;
    if (get_bytes(arrays[0], &buffers[0], 0, 0) < 0)
        goto done;
    rows = (size_t)buffers[0].len / 32;
    id_bytes = rows < 1 << 24 ? 3 : 4;
    if (get_bytes(arrays[1], &buffers[1], PyBUF_WRITABLE, (((size_t)1 << bucket_bits) + 1) * 4) < 0 ||
        get_bytes(arrays[2], &buffers[2], PyBUF_WRITABLE, rows * 2) < 0 ||
        get_bytes(arrays[3], &buffers[3], PyBUF_WRITABLE, rows * id_bytes) < 0)
        goto done;
    Py_BEGIN_ALLOW_THREADS
    status = build_table(buffers[0].buf, rows, table, bucket_bits, (uint32_t)id_bytes,
                         buffers[1].buf, buffers[2].buf, buffers[3].buf);
    Py_END_ALLOW_THREADS
    fail(status);
done:
    for (int i = 0; i < 4; i++)
        release(&buffers[i]);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

/* ---- The module ---- */

static PyObject *use(PyObject *module, PyObject *name)
{
    (void)module;
    const char *wanted = PyUnicode_AsUTF8AndSize(name, NULL);
    if (wanted == NULL)
        return NULL;
    kernel = choose_kernel(wanted);
    return PyUnicode_FromString(kernel.name);
}

static PyMethodDef snapshot_methods[] = {
    {"search_hex", (PyCFunction)(void (*)(void))search_hex, METH_FASTCALL, NULL},
    {"search_many", (PyCFunction)(void (*)(void))search_many, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot part_slots[] = {{Py_tp_dealloc, part_dealloc}, {0, NULL}};
static PyType_Slot snapshot_slots[] = {
    {Py_tp_dealloc, snapshot_dealloc}, {Py_tp_methods, snapshot_methods}, {0, NULL}};
static PyType_Spec part_spec = {"tegenbeeld.pdq._kernel.Part", sizeof(Part), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, part_slots};
static PyType_Spec snapshot_spec = {"tegenbeeld.pdq._kernel.Snapshot", sizeof(Snapshot), 0,
                                    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                                    snapshot_slots};

static PyMethodDef functions[] = {
    {"part", make_part, METH_VARARGS, "Prepare a segment for snapshots."},
    {"snapshot", make_snapshot, METH_VARARGS, "Make something that can be searched."},
    {"build_table", build, METH_VARARGS, "Fill one table."},
    {"use", use, METH_O, "Choose the search: avx512, avx2 or generic; the best at most."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_kernel",
    .m_doc = "The search of tegenbeeld.pdq.index, compiled.",
    .m_size = -1,
    .m_methods = functions,
};

static int load_errors(void)
{
    PyObject *errors = PyImport_ImportModule("tegenbeeld.errors");
    if (errors == NULL)
        return -1;
    invalid_hash = PyObject_GetAttrString(errors, "InvalidHash");
    index_damaged = PyObject_GetAttrString(errors, "IndexDamaged");
    Py_DECREF(errors);
    return invalid_hash == NULL || index_damaged == NULL ? -1 : 0;
}

PyMODINIT_FUNC PyInit__kernel(void)
{
    kernel = choose_kernel("");
    if (load_errors() < 0)
        return NULL;
    part_type = (PyTypeObject *)PyType_FromSpec(&part_spec);
    snapshot_type = (PyTypeObject *)PyType_FromSpec(&snapshot_spec);
    if (part_type == NULL || snapshot_type == NULL)
        return NULL;
    return PyModule_Create(&definition);
}
