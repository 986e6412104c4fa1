/** The style sheet of the HTML report: one column of contact sheets, light or dark, any width. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f4f0; --card: #fff; --tile: #e9e7e1; --line: #dcd9d1;
  --text: #1b1d21; --soft: #595e68; --link: #274690;
  --good: #17663f; --warn: #7d4e00; --bad: #a52a1a; --quiet: #4d5666;
  --good-bg: #dff0e4; --warn-bg: #f8e9c9; --bad-bg: #f9dfd8; --quiet-bg: #e6e8ec;
  --focus: #1c57d9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121316; --card: #1c1e23; --tile: #2a2d34; --line: #33363e;
    --text: #eeece7; --soft: #a9adb7; --link: #aec4ff;
    --good: #7fd8a6; --warn: #f0c473; --bad: #ff9f8a; --quiet: #bcc3d0;
    --good-bg: #183325; --warn-bg: #382a10; --bad-bg: #43201a; --quiet-bg: #2b2f37;
    --focus: #8fb1ff;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
header, main, footer { max-width: 78rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
h1, h2, p, ul, dl, dd { margin: 0; }
ul { padding: 0; list-style: none; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: .25rem; }
.skip { position: absolute; left: 1rem; top: -6rem; z-index: 1; padding: .6rem 1rem;
  background: var(--card); border-radius: 0 0 .5rem .5rem; }
.skip:focus { top: 0; }

header { padding-block: clamp(1.75rem, 5vw, 3.5rem) 0; }
.brand { display: flex; align-items: center; gap: .6rem; color: var(--soft); font-size: .875rem; }
.brand svg { flex: none; width: 1.375rem; height: 1.375rem; }
h1 { margin-top: 1.1rem; font-size: clamp(1.75rem, 1.2rem + 2.6vw, 2.75rem); line-height: 1.12;
  font-weight: 680; letter-spacing: -.022em; text-wrap: balance; }
.meta { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin-top: 1rem;
  color: var(--soft); }
.meta b { color: var(--text); font-weight: 600; }
.state { display: inline-flex; align-items: center; gap: .5rem; padding: .2rem .75rem .2rem .6rem;
  border-radius: 1rem; font-size: .875rem; font-weight: 600; }
.state::before { content: ""; width: .5rem; height: .5rem; border-radius: 50%; background: currentColor; }
.good { color: var(--good); background: var(--good-bg); }
.warn { color: var(--warn); background: var(--warn-bg); }
.bad { color: var(--bad); background: var(--bad-bg); }
.quiet { color: var(--quiet); background: var(--quiet-bg); }

.box { margin-top: 1.5rem; padding: .9rem 1.1rem; border-radius: .6rem; max-width: 62rem; }
.box h2 { font-size: 1rem; line-height: 1.5; letter-spacing: 0; }
.box p, .box li { color: var(--text); }
.box li + li, .box p + p { margin-top: .4rem; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.25rem, 1fr)); gap: 1px;
  margin-top: 1.75rem; border: 1px solid var(--line); border-radius: .75rem; overflow: hidden;
  background: var(--line); }
.facts div { display: flex; flex-direction: column-reverse; justify-content: flex-end;
  padding: .8rem 1rem .75rem; background: var(--card); }
.facts dt { color: var(--soft); font-size: .8125rem; line-height: 1.35; }
.facts dd { font-size: 1.5rem; line-height: 1.25; font-weight: 640; letter-spacing: -.015em; }
.facts .add dd { color: var(--good); }
.facts .remove dd { color: var(--bad); }

nav ul { display: flex; flex-wrap: wrap; gap: .5rem; padding-top: 1.5rem; }
nav a { display: inline-block; padding: .4rem .9rem; border: 1px solid var(--line);
  border-radius: 2rem; background: var(--card); color: var(--text); text-decoration: none;
  font-size: .9375rem; }
nav a:hover { border-color: currentColor; }
nav a:focus-visible { border-radius: 2rem; }
nav span { margin-left: .2rem; color: var(--soft); }

section { padding-top: clamp(2rem, 5vw, 3rem); }
section > h2 { display: flex; align-items: baseline; gap: .6rem; font-size: 1.375rem;
  line-height: 1.3; font-weight: 650; letter-spacing: -.012em; }
section > h2 span { color: var(--soft); font-weight: 500; }
section > h2::before { content: ""; align-self: center; width: .25rem; height: 1.15rem;
  border-radius: .25rem; background: var(--tone, var(--quiet)); }
.tone-add { --tone: var(--good); }
.tone-remove, .tone-failed { --tone: var(--bad); }
.tone-heldBack { --tone: var(--warn); }
.lead { margin-top: .25rem; color: var(--soft); max-width: 60rem; text-wrap: pretty; }

.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 10.75rem), 1fr));
  gap: .9rem; margin-top: 1.1rem; }
.card { position: relative; display: flex; flex-direction: column; min-width: 0; overflow: hidden;
  border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.card:hover { border-color: var(--soft); }
.card:focus-within { outline: 3px solid var(--focus); outline-offset: 2px; }
.card a:focus-visible { outline: none; }
.tile { position: relative; display: grid; place-items: center; aspect-ratio: 4 / 3; background: var(--tile); }
.tile img { position: absolute; width: 100%; height: 100%; object-fit: contain;
  /* The text for a picture that can't be shown. */ font-size: .8125rem; color: var(--text); }
.tile svg { width: 2rem; height: 2rem; color: var(--soft); }
.kind { position: absolute; top: .5rem; left: .5rem; padding: 0 .45rem; border-radius: .3rem;
  background: #15161a; color: #fff; font-size: .75rem; font-weight: 600; line-height: 1.6; }
.text { display: flex; flex-direction: column; gap: .15rem; padding: .6rem .75rem .7rem; }
.text a { color: var(--text); font-size: .875rem; font-weight: 560; line-height: 1.4;
  text-decoration: none; }
.text bdi { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 5; overflow: hidden; }
.text a::after { content: ""; position: absolute; inset: 0; }
.card:hover .text a { text-decoration: underline; }
.text time, .text p { color: var(--soft); font-size: .8125rem; line-height: 1.4; }
.text .bad { background: none; color: var(--bad); }
.who { display: flex; flex-wrap: wrap; gap: .3rem; margin-top: .3rem; }
.who li { max-width: 100%; padding: .05rem .5rem; border-radius: .75rem; background: var(--quiet-bg);
  color: var(--quiet); font-size: .8125rem; line-height: 1.5; font-weight: 560; }

footer { margin-top: clamp(2.5rem, 6vw, 4rem); padding-block: 1.25rem 2.5rem; color: var(--soft);
  font-size: .875rem; }
footer p { padding-top: 1.25rem; border-top: 1px solid var(--line); }
footer p + p { padding-top: .4rem; border: 0; }
.nobr { white-space: nowrap; }
@media (max-width: 30rem) {
  .sheet { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .65rem; }
  .text { padding-inline: .6rem; }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .facts div:last-child:nth-child(odd) { grid-column: 1 / -1; }
}
@media print {
  .skip, nav { display: none; }
  .card { break-inside: avoid; }
}
`;
