/* SPDX-License-Identifier: Apache-2.0
 * page_style - the site's style sheet, one file, no fonts or pictures from anywhere.
 *
 * Text keeps a contrast of at least 4.5:1 on every ground (WCAG 2.1 AA); yellow and orange take
 * dark text. The level never rests on colour alone: the pages write shape and word beside it.
 */
#include "lists.h"

static const char style[] =
        ":root{color-scheme:light dark}\n"
        "body{margin:0 auto;max-width:46rem;padding:0 1rem 3rem;font:1.125rem/1.7 system-ui,\"Noto "
        "Sans CJK SC\","
        "\"Microsoft YaHei\",sans-serif;color:#1a1a1a;background:#fff}\n"
        "a{color:#0b4fa3}\n"
        "h1{font-size:1.6rem;line-height:1.35;margin:.4rem 0}\n"
        "h2{font-size:1.25rem;margin:1.6rem 0 .4rem}\n"
        "h3{font-size:1.1rem;margin:.2rem 0}\n"
        ".banner{position:sticky;top:0;z-index:1;margin:0 0 "
        "1rem;padding:1rem;font-size:1.6rem;text-align:center;"
        "color:#fff;background:#4b0082;border:.4rem dashed #fff;outline:.3rem solid #4b0082}\n"
        ".mode-exercise main,.mode-test main{border:.3rem dashed #4b0082;padding:.5rem}\n"
        ".alert{padding:1rem;border-left:.8rem solid #555;background:#f2f2f2;color:#1a1a1a}\n"
        ".state{font-size:1.3rem;margin:0}\n"
        ".bulletins{list-style:none;padding:0}\n"
        ".bulletins li{margin:0 0 1rem;padding:.6rem 1rem;border-left:.8rem solid "
        "#555;background:#f2f2f2;"
        "color:#1a1a1a}\n"
        ".bulletins p{margin:0}\n"
        ".alert.level-red,.bulletins .level-red{border-color:#b00020;background:#ffe3e6}\n"
        ".alert.level-orange,.bulletins .level-orange{border-color:#d95f00;background:#ffeedd}\n"
        ".alert.level-yellow,.bulletins .level-yellow{border-color:#c9a100;background:#fff8d6}\n"
        ".alert.level-blue,.bulletins .level-blue{border-color:#0b5fc0;background:#e3efff}\n"
        ".alert.level-over,.bulletins .level-over{border-color:#2e7d32;background:#eef5ee}\n"
        "table{border-collapse:collapse;width:100%;margin:1.6rem 0}\n"
        "caption{text-align:left;font-weight:bold}\n"
        "th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:left;vertical-align:top;"
        "overflow-wrap:anywhere}\n"
        "th{white-space:nowrap;width:6em}\n"
        "a:focus-visible{outline:.2rem solid #0b4fa3;outline-offset:.2rem}\n"
        "@media (prefers-color-scheme:dark){body{color:#eee;background:#121212}a{color:#8ab8ff}"
        ".alert a,.bulletins a{color:#0b4fa3}}\n"
        "@media print{.banner{position:static}}\n";

const char *page_style(void)
{
	return style;
}
