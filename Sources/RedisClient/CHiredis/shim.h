#include <hiredis/hiredis.h>
#include <hiredis/read.h>

// The reader of hiredis 0.14 knows RESP2 only; from 1.0 on it also reads RESP3, through two more functions. Swift sees
// neither the version's macros nor a member that may be missing, so that difference is settled here.

typedef void *(*martletDoubleFunction)(const redisReadTask *, double, char *, size_t);
typedef void *(*martletBooleanFunction)(const redisReadTask *, int);

#if HIREDIS_MAJOR >= 1
static const int martletReadsRESP3 = 1;
static inline void martletSetRESP3Functions(
    redisReplyObjectFunctions *functions, martletDoubleFunction number, martletBooleanFunction boolean) {
    functions->createDouble = number;
    functions->createBool = boolean;
}
#else
static const int martletReadsRESP3 = 0;
static inline void martletSetRESP3Functions(
    redisReplyObjectFunctions *functions, martletDoubleFunction number, martletBooleanFunction boolean) {
    (void)functions;
    (void)number;
    (void)boolean;
}
#endif
