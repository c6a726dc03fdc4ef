/* What a user of hiredis writes around its reader, in C as he would write it. */

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
