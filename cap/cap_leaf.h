/* SPDX-License-Identifier: Apache-2.0
 * cap_leaf - the simple types of CAP's schema, as questions about a text. Inside cap/ only.
 *
 * They say what an XSD validator says; texts are collapsed already where the type collapses.
 */
#ifndef TOCSIN_CAP_LEAF_H
#define TOCSIN_CAP_LEAF_H

#include <stdbool.h>

bool cap_leaf_blank(const char *text);    /* white space or nothing; NULL too */
bool cap_leaf_language(const char *text); /* xs:language; "" stands for the default */
bool cap_leaf_uri(const char *text);      /* xs:anyURI */
bool cap_leaf_integer(const char *text);  /* xs:integer of up to 24 digits */
bool cap_leaf_decimal(const char *text);  /* xs:decimal of up to 24 digits */

#endif
