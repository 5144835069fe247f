/* SPDX-License-Identifier: Apache-2.0 */
/* A test object of a vector file, made flat for the operations; see case.h. */
#ifndef COUNTERSIGN_VECTORS_JSON_CASE_H
#define COUNTERSIGN_VECTORS_JSON_CASE_H

#include <jansson.h>

#include "core.h"

/* json_case_fields flattens the fields of group and test, without the names in the NULL-terminated lists, into c->fields. */
void json_case_fields(vector_case *c, json_t *group, json_t *test);
void json_case_free(vector_case *c);

extern const char *const JSON_GROUP_META[]; /* members of a group that are not values for its operation */
extern const char *const JSON_TEST_META[];

#endif
