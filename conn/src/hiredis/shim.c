/* What the engine needs of hiredis, and nothing else: so that no layout of its structs is written down in Rust.
 *
 * Each element that hiredis has read is told to `on_element` with the distance of its text from the end of the bytes
 * that were fed. The other side knows how many it has fed, so it finds the text among bytes of its own and never
 * follows a pointer of hiredis's. */

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

/* What the element is (`event`: what was created, `type`: what hiredis calls the item it stands in). */
typedef int redisy_on_element(void *sink, int event, int type, int nested, size_t behind, size_t len, int64_t number);

struct redisy_hiredis {
    redisReader *reader;
    /* Set during redisy_hiredis_advance only. */
    redisy_on_element *on_element;
    void *sink;
};

/* `at` is in the reader's buffer, at or before its end. Returns what hiredis takes for an object, or NULL to stop. */
static void *tell(const redisReadTask *task, int event, const char *at, size_t len, int64_t number) {
    struct redisy_hiredis *self = task->privdata;
    const redisReader *reader = self->reader;
    size_t behind = (size_t)(reader->buf + reader->len - at);
    int go_on = self->on_element(self->sink, event, task->type, task->parent != NULL, behind, len, number);
    return go_on ? self : NULL;
}

static const char *cursor(const redisReadTask *task) {
    const redisReader *reader = ((struct redisy_hiredis *)task->privdata)->reader;
    return reader->buf + reader->pos;
}

static void *create_string(const redisReadTask *task, char *text, size_t len) {
    return tell(task, REDIS_REPLY_STRING, text, len, 0);
}

static void *create_array(const redisReadTask *task, size_t elements) {
    return tell(task, REDIS_REPLY_ARRAY, cursor(task), elements, 0);
}

static void *create_integer(const redisReadTask *task, long long value) {
    return tell(task, REDIS_REPLY_INTEGER, cursor(task), 0, value);
}

/* `text` may be a copy; the line itself has just been read, up to the cursor. */
static void *create_double(const redisReadTask *task, double value, char *text, size_t len) {
    int64_t bits;
    (void)text;
    memcpy(&bits, &value, sizeof bits);
    return tell(task, REDIS_REPLY_DOUBLE, cursor(task), len, bits);
}

static void *create_nil(const redisReadTask *task) {
    return tell(task, REDIS_REPLY_NIL, cursor(task), 0, 0);
}

static void *create_bool(const redisReadTask *task, int value) {
    return tell(task, REDIS_REPLY_BOOL, cursor(task), 0, value);
}

/* What `tell` returns is nobody's object. */
static void free_object(void *object) {
    (void)object;
}

static redisReplyObjectFunctions functions = {
    create_string, create_array, create_integer, create_double, create_nil, create_bool, free_object,
};

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
    return self;
}

void redisy_hiredis_free(struct redisy_hiredis *self) {
    redisReaderFree(self->reader);
    free(self);
}

int redisy_hiredis_feed(struct redisy_hiredis *self, const char *bytes, size_t len) {
    return redisReaderFeed(self->reader, bytes, len) == REDIS_OK;
}

/* 1: a reply is whole; 0: more bytes are needed; -1: an error. `unread` is how many bytes hiredis has still before it. */
int redisy_hiredis_advance(struct redisy_hiredis *self, redisy_on_element *on_element, void *sink, size_t *unread) {
    void *reply = NULL;
    int status;
    self->on_element = on_element;
    self->sink = sink;
    status = redisReaderGetReply(self->reader, &reply);
    self->on_element = NULL;
    self->sink = NULL;
    if (status != REDIS_OK) return -1;
    *unread = self->reader->len - self->reader->pos;
    return reply != NULL;
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
