/* What a user of hiredis writes around its reader and its connection, in C as he would write it. */

#include <stdint.h>
#include <stdlib.h>

#include <hiredis.h>

/* For callbacks that do nothing: what every object is, but NULL, which would stop the reader. */
static char object;

static void *no_string(const redisReadTask *task, char *text, size_t len) {
    (void)task, (void)text, (void)len;
    return &object;
}

static void *no_array(const redisReadTask *task, size_t elements) {
    (void)task, (void)elements;
    return &object;
}

static void *no_integer(const redisReadTask *task, long long value) {
    (void)task, (void)value;
    return &object;
}

static void *no_double(const redisReadTask *task, double value, char *text, size_t len) {
    (void)task, (void)value, (void)text, (void)len;
    return &object;
}

static void *no_nil(const redisReadTask *task) {
    (void)task;
    return &object;
}

static void *no_bool(const redisReadTask *task, int value) {
    (void)task, (void)value;
    return &object;
}

static void free_nothing(void *nothing) {
    (void)nothing;
}

static redisReplyObjectFunctions nothing = {
    no_string, no_array, no_integer, no_double, no_nil, no_bool, free_nothing,
};

/* Its own objects, or callbacks that do nothing. */
redisReader *redisy_benches_reader(int objects) {
    return objects ? redisReaderCreate() : redisReaderCreateWithFunctions(&nothing);
}

/* Takes all replies that are whole and frees them; returns how many there were, or -1 after an error. */
int64_t redisy_benches_replies(redisReader *reader) {
    int64_t count = 0;
    void *reply;
    for (;;) {
        if (redisReaderGetReply(reader, &reply) != REDIS_OK) return -1;
        if (reply == NULL) return count;
        reader->fn->freeObject(reply);
        count++;
    }
}

/* Packs a command of so many arguments, by redisFormatSdsCommandArgv; returns its length, or -1. */
int64_t redisy_benches_pack(int count, const char **arguments, const size_t *lengths) {
    sds packed;
    long long len = redisFormatSdsCommandArgv(&packed, count, arguments, lengths);
    if (len >= 0) redisFreeSdsCommand(packed);
    return len;
}

/* The same by redisFormatCommand, for SET. */
int64_t redisy_benches_pack_set(const char *key, size_t key_len, const char *value, size_t value_len) {
    char *packed;
    int len = redisFormatCommand(&packed, "SET %b %b", key, key_len, value, value_len);
    if (len >= 0) redisFreeCommand(packed);
    return len;
}

/* NULL when nobody listens there. */
redisContext *redisy_benches_connect(const char *host, int port) {
    redisContext *context = redisConnect(host, port);
    if (context != NULL && context->err) {
        redisFree(context);
        return NULL;
    }
    return context;
}

/* Frees it and returns its length, or the number of its elements; -1 if it is of another type. */
static int64_t taken(redisReply *reply, int type) {
    int64_t len = -1;
    if (reply != NULL && reply->type == type) len = (int64_t)(type == REDIS_REPLY_ARRAY ? reply->elements : reply->len);
    freeReplyObject(reply);
    return len;
}

int64_t redisy_benches_get(redisContext *context, const char *key, size_t len) {
    return taken(redisCommand(context, "GET %b", key, len), REDIS_REPLY_STRING);
}

int redisy_benches_set(redisContext *context, const char *key, size_t key_len, const char *value, size_t value_len) {
    return taken(redisCommand(context, "SET %b %b", key, key_len, value, value_len), REDIS_REPLY_STATUS) < 0;
}

int64_t redisy_benches_lrange(redisContext *context, const char *key, size_t len) {
    return taken(redisCommand(context, "LRANGE %b 0 -1", key, len), REDIS_REPLY_ARRAY);
}

int redisy_benches_append_get(redisContext *context, const char *key, size_t len) {
    return redisAppendCommand(context, "GET %b", key, len);
}

/* Takes so many replies, and returns how many of them are strings. */
int64_t redisy_benches_strings(redisContext *context, size_t count) {
    int64_t strings = 0;
    while (count-- > 0) {
        void *reply;
        if (redisGetReply(context, &reply) != REDIS_OK) return -1;
        strings += taken(reply, REDIS_REPLY_STRING) >= 0;
    }
    return strings;
}
