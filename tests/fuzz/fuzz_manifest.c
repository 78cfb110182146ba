/* SPDX-License-Identifier: Apache-2.0
 * fuzz_manifest - any bytes as a manifest. What is read is exactly what its manifest writes, so
 * that two texts never share a digest.
 */
#include <string.h>

#include "fuzz.h"
#include "manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct manifest manifest;
	struct err err = {0};
	struct buf again;

	if (!manifest_read(&manifest, (const char *)bytes, len, &err)) {
		must(err.kind == ERR_INPUT && *err.en && *err.zh && !manifest.targets);
		return 0;
	}
	buf_init(&again, 0);
	manifest_write(&manifest, &again);
	must(again.len == len && memcmp(again.data, bytes, len) == 0);
	buf_finish(&again);
	manifest_finish(&manifest);
	return 0;
}
