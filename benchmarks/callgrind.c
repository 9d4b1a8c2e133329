/* Tells callgrind where the calls that are counted begin and end; the worker loads it. Does nothing outside valgrind. */

#include <valgrind/callgrind.h>

void start(void) { CALLGRIND_START_INSTRUMENTATION; }
void stop(void) { CALLGRIND_STOP_INSTRUMENTATION; }
