/* A segment, as Python holds it: the memory that it lies in, and where its sections are. */
#include "glue.h"

enum { PADDING = 64 };

/*
 * Find a section in the image. Its offset and length come from Python and are checked: it lies in
 * the image, and after it there is padding, because vectors are read whole.
 */
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
    const char *image = part->image.buf;
    if (offset < 0 || length < 0 || (size_t)length < least || (size_t)offset > size ||
        (size_t)length > size - (size_t)offset ||
        size - (size_t)offset - (size_t)length < PADDING ||
        (uintptr_t)(image + offset) % sizeof(uint64_t) != 0) {
        fail(DAMAGED);
        return NULL;
    }
    return image + offset;
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

PyObject *make_part(PyObject *module, PyObject *args)
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

static void part_dealloc(PyObject *self)
{
    release(&((Part *)self)->image);
    release(&((Part *)self)->dead);
    free_object(self);
}

static PyType_Slot part_slots[] = {{Py_tp_dealloc, part_dealloc}, {0, NULL}};
PyType_Spec part_spec = {"tegenbeeld.pdq._kernel.Part", sizeof(Part), 0,
                         Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, part_slots};
