/* SPDX-License-Identifier: Apache-2.0
 * page_style - the site's style sheet, one file, no fonts or pictures from anywhere.
 *
 * Text keeps a contrast of at least 4.5:1 on every ground (WCAG 2.1 AA); yellow and orange take
 * dark text. The level never rests on colour alone: the pages write shape and word beside it.
 */
#include "lists.h"

static const char style[] =
        ":root{color-scheme:light dark}\n"
        "body{margin:0 auto;max-width:50rem;padding:1rem 1rem 3rem;"
        "font:1.125rem/1.75 system-ui,\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;"
        "color:#1a1a1a;background:#fff}\n"
        "a{color:#0b4fa3}\n"
        "h1{font-size:1.9rem;line-height:1.35;margin:.6rem 0}\n"
        "h2{font-size:1.3rem;line-height:1.4;margin:0 0 .4rem}\n"
        "h3{font-size:1.2rem;line-height:1.4;margin:.3rem 0}\n"
        "p{margin:.4rem 0}\n"
        "header{border-bottom:.3rem solid #0b4fa3;margin:0 0 1.5rem}\n"
        "main h2{margin-top:1.5rem}\n"
        ".banner{position:sticky;top:0;z-index:1;margin:0 0 1rem;padding:1rem;"
        "font-size:1.6rem;text-align:center;color:#fff;background:#4b0082;"
        "border:.4rem dashed #fff;outline:.3rem solid #4b0082}\n"
        ".mode-exercise main,.mode-test main{border:.3rem dashed #4b0082;padding:.5rem}\n"
        ".alert{padding:1.25rem 1.5rem;border-radius:.5rem;background:#37474f;color:#fff}\n"
        ".alert h1{font-size:2.1rem}\n"
        ".alert .fact{font-size:1.25rem;font-weight:bold}\n"
        ".alert .fact strong{display:inline-block;min-width:4em;font-weight:normal}\n"
        ".alert a{color:inherit}\n"
        ".state{display:flex;flex-wrap:wrap;align-items:center;gap:.6rem;margin:0;"
        "font-size:1.6rem;font-weight:bold;line-height:1.3}\n"
        ".state span{font-size:1.5em;line-height:1}\n"
        ".state strong{padding:.1em .6em;border:.12em solid currentColor;border-radius:.3em;"
        "font-size:.75em}\n"
        ".alert.level-red{background:#b00020}\n"
        ".alert.level-orange{background:#f08a24;color:#1a1a1a}\n"
        ".alert.level-yellow{background:#ffd84d;color:#1a1a1a}\n"
        ".alert.level-blue{background:#0b5fc0}\n"
        ".alert.level-over{background:#2e6b34}\n"
        ".do{margin:1.5rem 0;padding:1rem 1.5rem;border:.2rem solid #1a1a1a;"
        "border-radius:.5rem;background:#fffbe6;color:#1a1a1a;font-size:1.25rem;"
        "font-weight:bold}\n"
        ".said{margin:1.5rem 0;padding:0 1.5rem;font-size:1.2rem}\n"
        ".do h2,.said h2{margin-top:0}\n"
        ".bulletins{list-style:none;padding:0}\n"
        ".bulletins li{margin:0 0 1rem;padding:.8rem 1.25rem;border-left:1rem solid #37474f;"
        "border-radius:.4rem;background:#f2f2f2;color:#1a1a1a}\n"
        ".bulletins p{margin:0}\n"
        ".bulletins .state{font-size:1.2rem}\n"
        ".bulletins .level-red{border-color:#b00020;background:#ffe3e6}\n"
        ".bulletins .level-orange{border-color:#f08a24;background:#ffeedd}\n"
        ".bulletins .level-yellow{border-color:#e0b000;background:#fff8d6}\n"
        ".bulletins .level-blue{border-color:#0b5fc0;background:#e3efff}\n"
        ".bulletins .level-over{border-color:#2e6b34;background:#eef5ee}\n"
        "table{border-collapse:collapse;width:100%;margin:1.5rem 0}\n"
        "caption{padding:.3rem 0;text-align:left;font-weight:bold}\n"
        "th,td{border-bottom:1px solid #767676;padding:.5rem .6rem;text-align:left;"
        "vertical-align:top;overflow-wrap:anywhere}\n"
        "th{white-space:nowrap;width:6em;font-weight:normal}\n"
        "footer{margin-top:2rem;font-size:1rem}\n"
        "a:focus-visible{outline:.2rem solid #0b4fa3;outline-offset:.2rem}\n"
        "@media (max-width:30rem){.alert h1{font-size:1.6rem}.alert,.do{padding:1rem}"
        ".said{padding:0}}\n"
        "@media (prefers-color-scheme:dark){body{color:#eee;background:#121212}"
        "a{color:#8ab8ff}.bulletins a{color:#0b4fa3}}\n"
        "@media print{.banner{position:static}}\n";

const char *page_style(void)
{
	return style;
}
