/** The style of the page: one sheet, no fonts or pictures of its own. */

const light = `
--bg:#fafaf8;--s:#fff;--ink:#1c2126;--mut:#59626c;--line:#d7dbe0;--link:#0a53a8;
--held:#3f7dbd;--loss:#b13c12;--good:#0d7268;--focus:#0a53a8`;

const dark = `
--bg:#14171a;--s:#1b1f23;--ink:#e7e9ec;--mut:#a8b0ba;--line:#3a4149;--link:#86bdff;
--held:#6ea8e4;--loss:#ffa273;--good:#55cdbd;--focus:#86bdff`;

const base = `
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums lining-nums;overflow-wrap:break-word}
header,nav,main,footer{max-width:74rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:2.5rem}footer{padding-top:1rem;padding-bottom:3rem;color:var(--mut)}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .4rem;letter-spacing:-.01em}
h2{font-size:1.45rem;line-height:1.25;margin:3rem 0 .5rem;padding-top:1rem;border-top:2px solid var(--ink)}
h3{font-size:1.1rem;margin:2.2rem 0 .6rem}h4{font-size:1rem;margin:0;display:inline}
p{margin:.5rem 0;max-width:75ch}.lead,.none,caption,.sum{color:var(--mut)}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-99rem;top:0;background:var(--s);padding:.6rem 1rem;z-index:1}.skip:focus{left:.5rem;top:.5rem}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{background:var(--s);border:1px solid var(--line);border-radius:4px;padding:.7rem .9rem;margin:.3rem 0 1rem;overflow-x:auto}
.hash{overflow-wrap:anywhere}
nav ul{list-style:none;margin:1rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem}
nav ul ul{margin:0}nav li>ul{display:inline-flex;margin-left:.8rem}
.wide{overflow-x:auto;margin:.4rem 0 .8rem}
table{border-collapse:collapse;min-width:100%;font-size:.87rem;line-height:1.4}
caption{text-align:left;padding:.2rem 0 .4rem;font-size:.87rem}
th,td{text-align:left;vertical-align:top;padding:.34rem .9rem .34rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{font-weight:600;border-bottom:1.5px solid var(--mut);vertical-align:bottom}
tbody th{font-weight:600}
.num{text-align:right;white-space:nowrap}thead .num{white-space:normal;width:1%}tbody th,.id,.id span{white-space:nowrap}.no{color:var(--mut)}.ids span{white-space:nowrap}
td b,.ids b{color:var(--loss)}td code{font-size:.95em;font-weight:600}
time{white-space:nowrap}.say{min-width:13rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.8rem;margin:1rem 0 1.6rem}
.tile{background:var(--s);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem}
.tile.alert{border-left:4px solid var(--loss)}
.tile dt{color:var(--mut);font-size:.87rem}.tile dd{margin:0;font-size:.87rem;line-height:1.4}
.tile strong{display:block;font-size:1.8rem;line-height:1.25;font-weight:600}
.made{margin:1rem 0}.made div{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.2rem 0}.made dt{flex:0 0 12rem;color:var(--mut)}.made dd{margin:0;flex:1 1 20rem;overflow-wrap:anywhere}
details{margin:.2rem 0}summary{cursor:pointer;padding:.35rem 0}summary:hover h4,summary:hover{text-decoration:underline;text-underline-offset:.2em;text-decoration-color:var(--mut)}
.seat{border:1px solid var(--line);border-radius:6px;background:var(--s);padding:.25rem 1rem;margin:.6rem 0;content-visibility:auto;contain-intrinsic-size:auto 3.2rem}
.seat[open]{contain-intrinsic-size:auto 16rem}
.sum{font-size:.87rem;margin-left:.6rem}
.pts summary{font-size:.87rem;color:var(--mut)}
.block{content-visibility:auto;contain-intrinsic-size:auto 2.3rem}
.defs{position:absolute}
.tl{display:block;width:100%;min-width:46rem;height:auto;font-size:12px}
.tl text{fill:var(--ink);unicode-bidi:isolate}
.tl .n{paint-order:stroke;stroke:var(--s);stroke-width:3.5px;stroke-linejoin:round}
.tl .a,.a{fill:var(--mut);font-size:11px;unicode-bidi:isolate}
.g{stroke:var(--line);fill:none}
.h{fill:var(--held);fill-opacity:.45;stroke:var(--held)}.l{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 3}
.o{fill:url(#over);stroke:var(--loss)}
.b{fill:var(--held)}.x{fill:none;stroke:var(--loss);stroke-width:2.2;stroke-linecap:round}
.r{stroke:var(--mut);stroke-width:2.5;fill:none}.p{stroke-dasharray:3 3}.q{fill:var(--s);stroke:var(--mut);stroke-width:2}.e{stroke:var(--mut);stroke-width:2.5}
.k{fill:url(#hatch);stroke:var(--mut)}.s{fill:var(--mut);fill-opacity:.13}.w{fill:var(--good)}
.hl{stroke:var(--mut);stroke-width:1.6}.ol{stroke:var(--loss);stroke-width:2.4}
.legend{list-style:none;padding:0;margin:.8rem 0 1rem;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;font-size:.87rem;color:var(--mut)}
.legend svg{width:28px;height:14px;margin-right:.45rem;vertical-align:-2px}
.bar{display:block;width:100%;max-width:40rem;height:auto;margin:.4rem 0 1rem}
.z{fill:var(--line);stroke:var(--mut)}.f{fill:var(--mut)}
`;

const narrow = `
@media(min-width:60rem){td bdi{overflow-wrap:anywhere}}
@media(max-width:40rem){header,nav,main,footer{padding-left:1rem;padding-right:1rem}h1{font-size:1.5rem}.sum{display:block;margin-left:0}}
@media(forced-colors:active){.b,.h,.w{fill:Highlight}.z,.s{fill:GrayText}.tl text{fill:CanvasText;stroke:none}.r,.e,.x,.l,.g{stroke:CanvasText}}
`;

// On paper: light, nothing folded, nothing beyond the edge, each seat on a page of its own.
const paper = `
@page{size:A4 landscape;margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt system-ui,sans-serif}}
@media print{
:root{${light};--bg:#fff}
html{color-scheme:light}
body{font-size:9.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
header,nav,main,footer{max-width:none;padding:0}.skip,nav,footer{display:none}
h2{break-before:page;border:0;margin-top:0}header+nav+main>section:first-child>h2,main>section:first-child>h2{break-before:auto;margin-top:1.5rem}
h2,h3,h4,summary,caption{break-after:avoid}
.wide,pre{overflow:visible}pre{white-space:pre-wrap;overflow-wrap:anywhere}
table{min-width:0;width:100%;font-size:8pt}th,td{overflow-wrap:anywhere;padding-right:.5rem}tbody th,.id,.ids span{white-space:normal}thead th{overflow-wrap:normal}.pts td:first-child{white-space:nowrap}
tr,.tile,.tl,li,.few{break-inside:avoid}.block summary,.pts summary{display:none}thead{display:table-header-group}
.tl,.say{min-width:0}
.seat,.block{content-visibility:visible;contain-intrinsic-size:none}
details::details-content{content-visibility:visible;block-size:auto;opacity:1}
.seat~.seat{break-before:page}.seat{border:0;padding:0}summary{list-style:none}summary::-webkit-details-marker{display:none}
a{color:inherit;text-decoration:none}
}
`;

export const pageStyle = [
  `:root{${light}}`,
  `@media(prefers-color-scheme:dark){:root{${dark}}}`,
  base,
  narrow,
  paper,
]
  .join('')
  .replace(/\n/g, '');
