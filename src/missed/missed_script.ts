/**
 * The script of the page: pictures when they come near, the keyboard, and marks that stay in the
 * browser. Runs there, under a policy that lets nothing else run, and asks for nothing.
 */
export const SCRIPT = String.raw`"use strict";
(() => {
  const pictures = JSON.parse(document.getElementById("pictures").textContent);
  const cards = [...document.querySelectorAll(".card")];
  const linkOf = (card) => card.querySelector(".text a");
  const boxOf = (card) => card.querySelector(".done input");

  // As long as it is far away a picture is only text: thousands of them would fill the memory.
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      for (const image of target.querySelectorAll("img")) image.src = pictures[image.dataset.picture];
    }
  }, { rootMargin: "800px" });
  for (const card of cards) near.observe(card);
  addEventListener("beforeprint", () => {
    for (const image of document.querySelectorAll("img")) image.src = pictures[image.dataset.picture];
  });

  // What has been looked at stays known to the next page of the same server.
  const PREFIX = "immich-faceless-sync ";
  const key = PREFIX + "looked at " + document.body.dataset.server;
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null; // switched off, or not ours
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // Then the marks last as long as the page.
    }
  };
  const stored = read(key);
  const seen = new Set(Array.isArray(stored) ? stored : []);
  const hide = document.getElementById("hide");
  const progress = document.getElementById("progress");
  const show = (card) => {
    const isSeen = seen.has(card.dataset.id);
    card.classList.toggle("seen", isSeen);
    boxOf(card).checked = isSeen;
  };
  const count = () => {
    const done = cards.filter((card) => seen.has(card.dataset.id)).length;
    progress.textContent = done.toLocaleString("en-US") + " of " +
      cards.length.toLocaleString("en-US") + " looked at";
  };
  const mark = (card) => {
    const { id } = card.dataset;
    const next = neighbour(card, 1) || neighbour(card, -1);
    // Another page may be open: what was marked there is not to be lost.
    for (const other of read(key) || []) if (other !== id) seen.add(other);
    if (!seen.delete(id)) seen.add(id);
    write(key, [...seen]);
    show(card);
    count();
    if (hide.checked && next) linkOf(next).focus();
  };
  const applyHide = () => document.body.classList.toggle("hide", hide.checked);
  hide.checked = read(PREFIX + "hide") === true;
  hide.addEventListener("change", () => {
    write(PREFIX + "hide", hide.checked);
    applyHide();
  });
  cards.forEach(show);
  count();
  applyHide();
  for (const card of cards) boxOf(card).addEventListener("change", () => mark(card));

  const isShown = (card) => !(hide.checked && seen.has(card.dataset.id));
  const neighbour = (card, step) => {
    for (let i = cards.indexOf(card) + step; i in cards; i += step) if (isShown(cards[i])) return cards[i];
  };
  // The one above or below: of the next row that one that begins nearest to it.
  const vertical = (card, step) => {
    const from = card.getBoundingClientRect();
    let best, row;
    for (let next = neighbour(card, step); next; next = neighbour(next, step)) {
      const { top, left } = next.getBoundingClientRect();
      if (Math.abs(top - from.top) < 2) continue;
      if (row === undefined) row = top;
      if (Math.abs(top - row) > 2) break;
      const apart = Math.abs(left - from.left);
      if (!best || apart < best.apart) best = { card: next, apart };
    }
    return best && best.card;
  };
  const moves = {
    ArrowRight: (card) => neighbour(card, 1),
    ArrowLeft: (card) => neighbour(card, -1),
    ArrowDown: (card) => vertical(card, 1),
    ArrowUp: (card) => vertical(card, -1),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const card = document.activeElement.closest(".card");
    const move = moves[event.key];
    if (move) {
      const next = card ? move(card) : cards.find(isShown);
      if (!next) return;
      event.preventDefault();
      linkOf(next).focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    } else if (card && (event.key === "x" || event.key === "X")) mark(card);
  });
})();
`;
