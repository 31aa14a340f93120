/* What Python hands over: arrays, texts and numbers, checked. */
#include "glue.h"

#include <stdlib.h>

enum { HEX_DIGITS = 64 };

void release(Py_buffer *buffer)
{
    if (buffer->obj != NULL)
        PyBuffer_Release(buffer);
}

/* Get the bytes of an array; at least so many, or an error. */
int get_bytes(PyObject *array, Py_buffer *buffer, int flags, size_t least)
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

int fail(int status)
{
    if (status == NO_MEMORY)
        PyErr_NoMemory();
    if (status == DAMAGED)
        PyErr_SetString(index_damaged, "A table of the index points outside itself. Delete the "
                                       "folder of the index and build it again from the list.");
    return status;
}

/* ---- Limits ---- */

/* Read a whole number; True and False are none. Beyond what a long long holds: its end. */
static int get_number(PyObject *number, long long *value)
{
    int overflow = 0;
    if (PyBool_Check(number)) {
        *value = -1;
        return 0;
    }
    *value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (overflow != 0)
        *value = overflow < 0 ? LLONG_MIN : LLONG_MAX;
    return *value == -1 && PyErr_Occurred() ? -1 : 0;
}

/* max_distance, and most if there is a second argument. */
int get_limits(PyObject *const *arguments, Py_ssize_t count, Question *question)
{
    long long distance, most;
    if (get_number(arguments[0], &distance) < 0)
        return -1;
    if (distance < 0 || distance > MAX_DISTANCE) {
        PyErr_Format(PyExc_ValueError, "max_distance is 0 to 31, inclusive, not %S.", arguments[0]);
        return -1;
    }
    question->max_distance = (int)distance;
    question->most = SIZE_MAX;
    if (count < 2 || arguments[1] == Py_None)
        return 0;
    if (get_number(arguments[1], &most) < 0)
        return -1;
    if (most < 1) {
        PyErr_Format(PyExc_ValueError, "most is 1 or more, or None for all, not %S.", arguments[1]);
        return -1;
    }
    question->most = (size_t)most;
    return 0;
}

/* ---- Queries ---- */

static void cut(Query *query)
{
    for (uint32_t number = 0; number < TABLES; number++)
        query->substrings[number] = substring(query->words, number);
}

static int digit_of(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    return -1;
}

static int read_digits(const char *digits, Query *query)
{
    for (int i = 0; i < HEX_DIGITS; i++) {
        int digit = digit_of(digits[i]);
        if (digit < 0)
            return -1;
        query->words[i / 16] = query->words[i / 16] << 4 | (uint64_t)digit;
    }
    return 0;
}

/* Read a hash as it is written into a query that is all zero. */
int get_hex(PyObject *text, Query *query)
{
    Py_ssize_t length = 0;
    const char *digits = PyUnicode_Check(text) ? PyUnicode_AsUTF8AndSize(text, &length) : NULL;
    if (digits != NULL && length == HEX_DIGITS && read_digits(digits, query) == 0) {
        cut(query);
        return 0;
    }
    PyErr_Clear();
    PyErr_SetString(invalid_hash, "This is not a PDQ hash. One is written as 64 digits: 0 to 9 and "
                                  "a to f, in lower case, without spaces.");
    return -1;
}

/* Copy hashes out of an array, to be freed; NULL and an exception if that cannot be. */
Query *get_queries(PyObject *array, size_t *count)
{
    Py_buffer buffer = {0};
    if (get_bytes(array, &buffer, 0, 0) < 0)
        return NULL;
    *count = (size_t)buffer.len / sizeof(uint64_t[WORDS]);
    Query *queries = *count < UINT32_MAX ? malloc((*count + 1) * sizeof *queries) : NULL;
    for (size_t i = 0; queries != NULL && i < *count; i++) {
        memcpy(queries[i].words, (const char *)buffer.buf + i * sizeof queries[i].words,
               sizeof queries[i].words);
        cut(&queries[i]);
    }
    release(&buffer);
    if (queries == NULL)
        PyErr_NoMemory();
    return queries;
}
