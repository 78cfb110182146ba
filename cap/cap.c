/* SPDX-License-Identifier: Apache-2.0
 * cap - see cap.h.
 */
#include "cap.h"
