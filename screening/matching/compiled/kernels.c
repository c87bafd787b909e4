/* The inner loops of the search, compiled: the same steps as search.py, pairs.py and likeness.py take with NumPy, in
 * the same order, so that both give the same scores to the last bit. Those modules say why each step is taken; a test
 * holds the two to each other. Built by hatch_build.py; where there is no compiler, NumPy does the work.
 *
 * Results go to buffers of the caller. A kernel stops before a row for which there may be no room, and says where.
 *
 * Each file is named after what it does in NumPy's place and included once, below what it builds on: to the compiler all
 * is one file, so that what is called in the inner loops is put into them. */

#include "base.h"
#include "lookup.h"
#include "distance.h"
#include "likeness.h"
#include "tables.h"
#include "pairs.h"
#include "candidates.h"
#include "search.h"
#include "words.h"
#include "spelling.h"

/* The digest of the files that this was compiled from. */
const char *kernels_source(void) { return SOURCE; }
