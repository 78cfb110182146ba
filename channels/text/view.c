/* SPDX-License-Identifier: Apache-2.0
 * view - see view.h.
 */
#include "view.h"
