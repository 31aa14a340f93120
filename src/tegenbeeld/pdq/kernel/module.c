/* The module tegenbeeld.pdq._kernel. */
#include "glue.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "The kernel reads segments as they lie on disk: little-endian."
#endif

PyTypeObject *part_type, *snapshot_type;
PyObject *invalid_hash, *index_damaged;
Kernel kernel;

PyObject *new_object(PyTypeObject *type)
{
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    return allocate(type, 0);
}

void free_object(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    freefunc release_memory = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release_memory(object);
    Py_DECREF(type);
}

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
    if (rows > UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "A segment holds at most 4 294 967 295 hashes.");
        goto done;
    }
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

static PyObject *use(PyObject *module, PyObject *name)
{
    (void)module;
    const char *wanted = PyUnicode_AsUTF8AndSize(name, NULL);
    if (wanted == NULL)
        return NULL;
    kernel = choose_kernel(wanted);
    return PyUnicode_FromString(kernel.name);
}

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
