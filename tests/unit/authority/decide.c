/* SPDX-License-Identifier: Apache-2.0
 * `tocsin decide` alone, for the comparison with the oracle.
 */
#include "decide_main.h"

int main(int argc, char **argv)
{
	return decide_main(argc, argv);
}
