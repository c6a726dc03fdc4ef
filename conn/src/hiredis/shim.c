/* What the engine needs of hiredis, and nothing else: so that no layout of its structs is written down in Rust.
 *
 * hiredis reads all that it was fed at once, however many replies that is, and each element that it has read is written
 * into a list of the caller's: so the border between the languages is crossed once for many. A text is told by its
 * distance from the end of the bytes that were fed. The other side knows how many it has fed, so it finds the text among
 * bytes of its own and never follows a pointer of hiredis's.
 *
 * hiredis is made to believe that all replies are the elements of one array without an end. So it comes back to its
 * caller once for what it was fed and not for each reply, which is a quarter of what a short reply costs it. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis.h>

#if !defined(HIREDIS_MAJOR) || HIREDIS_MAJOR < 1
#error "hiredis 1.0 or newer is needed: run `cargo xtask hiredis`, or let HIREDIS_DIR name a newer one"
#endif

/* The kinds as the Rust side numbers them, `Tag` in ffi.rs. */
_Static_assert(REDIS_REPLY_STRING == 1 && REDIS_REPLY_ARRAY == 2 && REDIS_REPLY_INTEGER == 3, "kinds");
_Static_assert(REDIS_REPLY_NIL == 4 && REDIS_REPLY_STATUS == 5 && REDIS_REPLY_ERROR == 6, "kinds");
_Static_assert(REDIS_REPLY_DOUBLE == 7 && REDIS_REPLY_BOOL == 8 && REDIS_REPLY_MAP == 9, "kinds");
_Static_assert(REDIS_REPLY_SET == 10 && REDIS_REPLY_ATTR == 11 && REDIS_REPLY_PUSH == 12, "kinds");
_Static_assert(REDIS_REPLY_BIGNUM == 13 && REDIS_REPLY_VERB == 14, "kinds");
_Static_assert(sizeof(double) == sizeof(int64_t), "a double has 64 bits");

/* `Element` in ffi.rs. What it is: `event` was created, `type` is what hiredis calls the item it stands in. */
struct redisy_element {
    size_t behind;
    int64_t number; /* or the length of a text, or the elements of an aggregate */
    uint16_t digits; /* of a double; hiredis has room for 325 */
    uint8_t event;
    uint8_t type;
    uint8_t nested;
};

struct redisy_hiredis {
    redisReader *reader;
    /* The room that is left, set during redisy_hiredis_advance only. */
    struct redisy_element *next;
    struct redisy_element *end;
};

/* `at` is in the reader's buffer, at or before its end. Returns what hiredis takes for an object, or NULL to stop. */
static inline void *tell(const redisReadTask *task, uint8_t event, const char *at, int64_t number) {
    struct redisy_hiredis *self = task->privdata;
    const redisReader *reader = self->reader;
    struct redisy_element *element = self->next;
    if (element == self->end) return NULL;
    element->behind = (size_t)(reader->buf + reader->len - at);
    element->number = number;
    element->digits = 0;
    element->event = event;
    element->type = (uint8_t)task->type;
    element->nested = task->parent->parent != NULL;
    self->next = element + 1;
    return self;
}

static const char *cursor(const redisReadTask *task) {
    const redisReader *reader = ((struct redisy_hiredis *)task->privdata)->reader;
    return reader->buf + reader->pos;
}

static void *create_string(const redisReadTask *task, char *text, size_t len) {
    return tell(task, REDIS_REPLY_STRING, text, (int64_t)len);
}

static void *create_array(const redisReadTask *task, size_t elements) {
    if (task->parent == NULL) return task->privdata; /* the one without an end */
    return tell(task, REDIS_REPLY_ARRAY, cursor(task), (int64_t)elements);
}

static void *create_integer(const redisReadTask *task, long long value) {
    return tell(task, REDIS_REPLY_INTEGER, cursor(task), value);
}

/* `text` may be a copy; the line itself has just been read, up to the cursor. */
static void *create_double(const redisReadTask *task, double value, char *text, size_t len) {
    struct redisy_hiredis *self = task->privdata;
    struct redisy_element *element = self->next;
    int64_t bits;
    (void)text;
    memcpy(&bits, &value, sizeof bits);
    if (len > UINT16_MAX || tell(task, REDIS_REPLY_DOUBLE, cursor(task), bits) == NULL) return NULL;
    element->digits = (uint16_t)len;
    return self;
}

static void *create_nil(const redisReadTask *task) {
    return tell(task, REDIS_REPLY_NIL, cursor(task), 0);
}

static void *create_bool(const redisReadTask *task, int value) {
    return tell(task, REDIS_REPLY_BOOL, cursor(task), value);
}

/* What `tell` returns is nobody's object. */
static void free_object(void *object) {
    (void)object;
}

static redisReplyObjectFunctions functions = {
    create_string, create_array, create_integer, create_double, create_nil, create_bool, free_object,
};

void redisy_hiredis_free(struct redisy_hiredis *self) {
    redisReaderFree(self->reader);
    free(self);
}

/* The header of the array without an end, of which hiredis is never told more than this. */
static int begin(redisReader *reader) {
    static const char header[] = "*2147483647\r\n";
    void *reply;
    return redisReaderFeed(reader, header, sizeof header - 1) == REDIS_OK
        && redisReaderGetReply(reader, &reply) == REDIS_OK;
}

struct redisy_hiredis *redisy_hiredis_new(void) {
    struct redisy_hiredis *self = calloc(1, sizeof *self);
    if (self == NULL) return NULL;
    self->reader = redisReaderCreateWithFunctions(&functions);
    if (self->reader == NULL) {
        free(self);
        return NULL;
    }
    self->reader->privdata = self;
    /* Keep the buffer: only small pieces are fed, and whoever feeds a large one starts anew after it. */
    self->reader->maxbuf = 0;
#ifdef REDIS_READER_MAX_REPLY_DEPTH
    self->reader->maxdepth = REDIS_READER_MAX_REPLY_DEPTH + 1;
#endif
    if (!begin(self->reader)) {
        redisy_hiredis_free(self);
        return NULL;
    }
    return self;
}

int redisy_hiredis_feed(struct redisy_hiredis *self, const char *bytes, size_t len) {
    return redisReaderFeed(self->reader, bytes, len) == REDIS_OK;
}

/* Reads all that was fed, and writes the elements into `elements`, no more than `room`. `count` is how many there are,
 * `unread` how many bytes hiredis has still before it. False after an error, behind the elements that came before it. */
int redisy_hiredis_advance(struct redisy_hiredis *self, struct redisy_element *elements, size_t room, size_t *count,
                           size_t *unread) {
    void *reply;
    int status;
    self->next = elements;
    self->end = elements + room;
    self->reader->task[1]->idx = 0; /* still the first element */
    status = redisReaderGetReply(self->reader, &reply);
    *count = (size_t)(self->next - elements);
    self->next = self->end = NULL;
    *unread = self->reader->len - self->reader->pos;
    return status == REDIS_OK;
}

/* Copies the message of the error without its NUL, and returns its length. */
size_t redisy_hiredis_error(const struct redisy_hiredis *self, char *message, size_t room) {
    size_t len = strnlen(self->reader->errstr, sizeof self->reader->errstr);
    if (len > room) len = room;
    memcpy(message, self->reader->errstr, len);
    return len;
}

/* The version that this was compiled with: 1005000 for 1.5.0. */
int redisy_hiredis_version(void) {
    return HIREDIS_MAJOR * 1000000 + HIREDIS_MINOR * 1000 + HIREDIS_PATCH;
}
