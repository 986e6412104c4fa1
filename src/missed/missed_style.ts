/** What the page of `missed` has beside the style sheet of a report. */
export const MISSED_STYLE = `
html { scroll-padding-block: 5rem 1rem; }
.tools { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .4rem 1.25rem;
  align-items: center; margin-top: 1.25rem; padding-block: .6rem; background: var(--page);
  border-bottom: 1px solid var(--line); font-size: .875rem; color: var(--soft); }
.tools output { color: var(--text); font-weight: 600; }
.tools label { display: flex; align-items: center; gap: .45rem; color: var(--text); }
.tools p { margin-inline-start: auto; }
input[type="checkbox"] { width: 1.05rem; height: 1.05rem; margin: 0; accent-color: var(--link); }
kbd { padding: 0 .35rem; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: .3rem;
  background: var(--card); color: var(--text); font: inherit; font-size: .8125rem; }
.tone-face { --tone: var(--bad); }
.tone-duplicate, .tone-stack { --tone: var(--good); }
.tone-neighbour { --tone: var(--warn); }
.tone-smart { --tone: var(--link); }
/* Only what is near is laid out and drawn: thousands of cards are to scroll smoothly. */
.sheet { grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr));
  content-visibility: auto; contain-intrinsic-size: auto 300rem; padding: .3rem; margin-inline: -.3rem; }
.sheet + .sheet { margin-top: .3rem; }
.card { scroll-margin-block: 4rem 1rem; }
.photo { position: absolute; inset: 0; margin: auto; }
.tile img:not([src]) { visibility: hidden; }
.face { position: absolute; border: 2px solid #fff; border-radius: .2rem;
  box-shadow: 0 0 0 1.5px #111, inset 0 0 0 1px #111; }
.why { display: flex; gap: .6rem; margin-top: .35rem; }
.why p { color: var(--text); min-width: 0; }
.text .small { position: relative; z-index: 1; flex: none; width: 4.25rem; height: 3.2rem; overflow: hidden;
  border-radius: .3rem; background: var(--tile); }
.text .small::after { content: none; }
.small img { width: 100%; height: 100%; object-fit: cover; font-size: 0; }
.small img:not([src]) { visibility: hidden; }
.done { position: relative; z-index: 1; display: flex; align-items: center; gap: .45rem; width: fit-content;
  margin-top: auto; padding: .35rem .35rem 0 0; color: var(--soft); font-size: .8125rem; }
.text { flex: 1; }
.seen .tile, .seen .small { opacity: .35; }
.hide .seen { display: none; }
.hide .sheet:not(:has(.card:not(.seen))) { display: none; }
.hide section:not(:has(.card:not(.seen))) .lead::after { content: " You have looked at all of them."; }
@media (max-width: 30rem) {
  .tools p { display: none; }
  .sheet { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .why { flex-direction: column; }
}
@media print {
  .tools, .done { display: none; }
  .sheet { content-visibility: visible; }
}
`;
