#include <hiredis/read.h>
#include <hiredis/sds.h>
