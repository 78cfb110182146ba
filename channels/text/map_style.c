/* SPDX-License-Identifier: Apache-2.0
 * map_style - the style sheet of the map and of the list by district. Colours are those of
 * page_style.c; names keep a contrast of at least 4.5:1 on the ground of each level.
 */
#include "lists.h"

static const char style[] =
        ".sheets{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}\n"
        ".sheets>svg{flex:8 1 20rem;max-width:28rem}\n"
        ".sheets>div{flex:4 1 12rem;max-width:16rem}\n"
        ".sheets svg{display:block}\n"
        ".sheet-2{border:1px dashed #767676;border-radius:.4rem}\n"
        ".sheets path{stroke:#fff;stroke-width:2;stroke-linejoin:round}\n"
        ".sheets .calm{fill:#e4e8ec}\n"
        ".sheets .larger{fill:none;stroke:#5c5c5c;stroke-width:2;stroke-dasharray:6 5}\n"
        ".sheets a:hover path{filter:brightness(1.08)}\n"
        ".sheets a:focus-visible path{stroke:#0b4fa3;stroke-width:8}\n"
        ".sheets text{font-size:30px;text-anchor:middle;pointer-events:none;fill:#1a1a1a;"
        "paint-order:stroke;stroke-width:7;stroke-linejoin:round}\n"
        ".sheet-2 text{font-size:26px;stroke-width:4}\n"
        ".sheets text[class^=on-]:not(.on-calm){font-weight:bold}\n"
        ".sheets .on-calm{stroke:#e4e8ec}\n"
        ".sheets .on-red{fill:#fff;stroke:#b00020}\n"
        ".sheets .on-orange{stroke:#f08a24}\n"
        ".sheets .on-yellow{stroke:#ffd84d}\n"
        ".sheets .on-blue{fill:#fff;stroke:#0b5fc0}\n"
        ".sheets .on-none{stroke:#b9c4cc}\n"
        "pattern path{fill:none;stroke-width:3}\n"
        ".fill-red rect{fill:#b00020}.sheets .fill-red path{stroke:#cf4258}\n"
        ".fill-orange rect{fill:#f08a24}.sheets .fill-orange path{stroke:#ffb061}\n"
        ".fill-yellow rect{fill:#ffd84d}.fill-yellow circle{fill:#d9a900}\n"
        ".fill-blue rect{fill:#0b5fc0}.sheets .fill-blue path{stroke:#4a8fdd}\n"
        ".fill-none rect{fill:#b9c4cc}.sheets .fill-none path{stroke:#d5dde2}\n"
        ".sheets .not-live{font-size:200px;font-weight:bold;fill:none;stroke:#4b0082;"
        "stroke-width:5;dominant-baseline:middle}\n"
        ".sheet-2 .not-live{font-size:120px;stroke-width:4}\n"
        ".key,.districts{list-style:none;padding:0}\n"
        ".key{margin:1rem 0 0;font-size:1rem}\n"
        ".key svg{display:inline-block;width:1.8rem;vertical-align:-.2rem}\n"
        ".districts li{margin:0 0 .5rem;padding:.3rem .9rem;border-left:.6rem solid #37474f}\n"
        ".districts p{margin:0}\n"
        ".districts .sign{font-weight:bold}\n"
        ".districts .level-red{border-color:#b00020}\n"
        ".districts .level-orange{border-color:#f08a24}\n"
        ".districts .level-yellow{border-color:#e0b000}\n"
        ".districts .level-blue{border-color:#0b5fc0}\n"
        ".districts li:target{outline:.2rem solid #0b4fa3}\n"
        "@media (min-width:62rem){.sheets>svg{max-height:max(34rem,calc(100vh - 10rem))}"
        ".wide{max-width:88rem}"
        ".wide main{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:0 2rem}"
        ".districts{columns:2}.districts li{break-inside:avoid}"
        ".wide main>div>h2:first-child{margin-top:0}}\n"
        "@media (prefers-color-scheme:dark){.sheets path{stroke:#121212}"
        ".sheets .calm{fill:#333b43}.sheets .on-calm{fill:#eee;stroke:#333b43}"
        ".sheets .larger{stroke:#b5b5b5}.sheets a:focus-visible path{stroke:#fff}"
        ".sheets .not-live{stroke:#d9b8ff}"
        ".districts li:target{outline-color:#8ab8ff}}\n"
        "@media print{.sheets svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
        ".sheets>svg{max-width:11cm}.sheets,.districts li{break-inside:avoid}}\n";

const char *map_style(void)
{
	return style;
}
