/* SPDX-License-Identifier: Apache-2.0
 * decide_main - `tocsin decide`: one JSON request per line on stdin, one JSON answer per line on
 * stdout.
 *
 * Usage: decide --policy FILE [--mode live|exercise|test] [--check]
 * Exits 0 (a deny is an answer), 64 usage, 65 a line that is no JSON object (its number on stderr;
 * the answers before it stand), 74 stdout or stdin broke, 78 the policy is broken (every fault a
 * line on stderr).
 */
#ifndef TOCSIN_DECIDE_MAIN_H
#define TOCSIN_DECIDE_MAIN_H

int decide_main(int argc, char **argv); /* argv[0] is the command's own name */

#endif
