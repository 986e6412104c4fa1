import type { Page } from "playwright-core";

/** A text whose contrast to what is behind it is too low. */
export interface FaintText {
  readonly text: string;
  readonly ratio: number;
}

/** Runs in the page, which is why it is text: contrast by WCAG 2, of colours as they are rendered. */
const CONTRAST = String.raw`(() => {
  const channels = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e !== null; e = e.parentElement) {
      const { rgb, a } = channels(getComputedStyle(e).backgroundColor);
      if (a === 1) return rgb;
      if (a !== 0) throw new Error("half-transparent background");
    }
    throw new Error("no background");
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const measured = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (text === "" || element.getClientRects().length === 0) continue;
    const [front, back] = [channels(getComputedStyle(element).color).rgb, behind(element)]
      .map(luminance);
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    measured.push({ text: text.slice(0, 40), ratio });
  }
  return measured;
})()`;

/** All texts of the page that are seen, with their contrast. */
export async function measureContrast(page: Page): Promise<FaintText[]> {
  return await page.evaluate<FaintText[]>(CONTRAST);
}

/** How many pixels the page is wider than the window. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

/** What of the page goes to the keyboard, in its order: the texts of what has the focus. */
export async function tabStops(page: Page): Promise<string[]> {
  const stops: string[] = [];
  for (let i = 0; i < 500; i++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate<string | null>(
      "document.activeElement === document.body ? null : document.activeElement.innerText.trim().replace(/\\s+/g, ' ')",
    );
    if (stop === null) return stops;
    stops.push(stop);
  }
  return stops;
}

/** The width of the focus mark around what has the focus, or around what it is in, in pixels. */
export async function focusMark(page: Page): Promise<number> {
  return await page.evaluate<number>(`(() => {
    for (let e = document.activeElement; e !== null; e = e.parentElement) {
      const { outlineStyle, outlineWidth } = getComputedStyle(e);
      if (outlineStyle !== "none") return parseFloat(outlineWidth);
    }
    return 0;
  })()`);
}

/** How many of the page's pictures there are, and how many could be decoded. */
export async function pictures(page: Page): Promise<{ all: number; decoded: number }> {
  return await page.evaluate(`(async () => {
    const all = [...document.images];
    const results = await Promise.allSettled(all.map((image) => image.decode()));
    return {
      all: all.length,
      decoded: results.filter(({ status }, i) => status === "fulfilled" && all[i].naturalWidth > 0).length,
    };
  })()`);
}
