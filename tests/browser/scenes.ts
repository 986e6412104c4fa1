import type { Page } from "playwright-core";

/** A drawing, 320 by 240, of something that people photograph to remember it. */
export type Scene = readonly string[];

const W = 320;
const H = 240;

function rect(x: number, y: number, w: number, h: number, fill: string, more = ""): string {
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}" ${more}/>`;
}

function circle(x: number, y: number, r: number, fill: string, more = ""): string {
  return `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}" ${more}/>`;
}

function path(d: string, fill: string, more = ""): string {
  return `<path d="${d}" fill="${fill}" ${more}/>`;
}

function line(d: string, stroke: string, width: number): string {
  return path(d, "none", `stroke="${stroke}" stroke-width="${width}" stroke-linecap="round"`);
}

function text(x: number, y: number, size: number, fill: string, words: string): string {
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" font-weight="600" ` +
    `font-family="monospace">${words}</text>`;
}

function sky(top: string, bottom: string): string {
  return `<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop stop-color="${top}"/>` +
    `<stop offset="1" stop-color="${bottom}"/></linearGradient></defs>` +
    rect(0, 0, W, H, "url(#s)");
}

const rows = (count: number, draw: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => draw(index)).join("");

export const mountains: Scene = [
  sky("#8fb8de", "#fbe3cf"),
  circle(238, 66, 24, "#fff3d6"),
  path("M0 170 70 82l46 52 52-74 74 92 40-36 38 40v104H0z", "#6d7f9c"),
  path("m70 82-18 23 14 8 9-7 12 10 8-6zM168 60l-22 31 13 8 10-9 13 12 11-7z", "#f7f8fa"),
  path("M0 196c70-36 130 12 190-10s90-18 130-4v58H0z", "#3f5a4c"),
  path("M0 220c80-18 170 8 320-12v32H0z", "#2c4238"),
];

export const sea: Scene = [
  sky("#f2a679", "#fde2b8"),
  circle(160, 128, 38, "#fff0c9"),
  rect(0, 132, W, 108, "#2f6d86"),
  rows(
    9,
    (i) => rect(160 - 12 - ((i * 37) % 60), 140 + i * 11, 50 + ((i * 29) % 50), 3, "#f6cf9a"),
  ),
  path("M222 122h56l-10 14h-36zM248 74v46h-26zM252 84v36h20z", "#33353d"),
];

export const receipt: Scene = [
  rect(0, 0, W, H, "#9c7653"),
  rows(6, (i) => line(`M0 ${20 + i * 42}q160 ${i % 2 === 0 ? 9 : -9} 320 0`, "#8d6847", 3)),
  `<g transform="rotate(-4 160 120)">`,
  rect(104, 10, 116, 224, "#fbfaf5"),
  text(126, 38, 15, "#333", "CORNER"),
  text(117, 54, 11, "#555", "HARDWARE CO"),
  rows(6, (i) => rect(118, 70 + i * 16, 46 + (i * 17) % 24, 5, "#b9b6ad")),
  rows(6, (i) => rect(186, 70 + i * 16, 20, 5, "#88857c")),
  text(118, 192, 14, "#222", "TOTAL 48.20"),
  rows(22, (i) => rect(120 + i * 4, 204, i % 3 === 0 ? 3 : 1.5, 20, "#333")),
  "</g>",
];

export const fuseBox: Scene = [
  rect(0, 0, W, H, "#cfcbc2"),
  rect(34, 22, 252, 196, "#f1f0ec", 'rx="8" stroke="#a9a69d" stroke-width="4"'),
  ...[52, 134].map((y) =>
    rect(50, y, 220, 64, "#dddbd4") +
    rows(9, (i) =>
      rect(54 + i * 24, y + 6, 20, 52, "#fff", 'stroke="#b5b2aa"') +
      rect(
        59 + i * 24,
        y + (i === 3 && y === 52 ? 30 : 16),
        10,
        16,
        i === 3 ? "#c2442f" : "#3c4048",
      ))
  ),
  rows(9, (i) => rect(56 + i * 24, 122, 16, 5, "#9a978e")),
];

export const label: Scene = [
  rect(0, 0, W, H, "#3a3f47"),
  rect(46, 40, 228, 160, "#f5f5f2", 'rx="10"'),
  text(64, 74, 20, "#1e2126", "ROUTER X-200"),
  rows(3, (i) => rect(64, 90 + i * 16, 120 - i * 18, 6, "#a8abb2")),
  rows(46, (i) => rect(64 + i * 3.6, 148, (i * 7) % 3 + 0.8, 36, "#23262b")),
  rows(
    25,
    (i) =>
      (i * 11) % 4 > 1
        ? ""
        : rect(210 + (i % 5) * 10, 84 + Math.floor(i / 5) * 10, 10, 10, "#23262b"),
  ),
];

export const tyre: Scene = [
  rect(0, 0, W, H, "#77808a"),
  rect(0, 190, W, 50, "#565c64"),
  circle(160, 122, 104, "#22252a"),
  circle(160, 122, 72, "#c7ccd3"),
  circle(160, 122, 62, "#949ba6"),
  rows(
    5,
    (i) =>
      `<g transform="rotate(${i * 72} 160 122)">${
        path("M150 122 144 62h32l-6 60z", "#dfe3e8")
      }</g>`,
  ),
  circle(160, 122, 17, "#5c626b"),
  `<defs><path id="t" d="M72 122a88 88 0 0 1 176 0"/></defs>`,
  `<text font-size="15" fill="#e5e7ea" font-family="monospace" font-weight="600"><textPath href="#t" startOffset="26%">205/55 R16 91V</textPath></text>`,
];

export const coffee: Scene = [
  rect(0, 0, W, H, "#e5d7c5"),
  rect(0, 0, 92, H, "#d5c3ac"),
  circle(178, 124, 94, "#f8f5ef"),
  circle(178, 124, 62, "#fff", 'stroke="#dcd5ca" stroke-width="3"'),
  circle(178, 124, 51, "#6b4227"),
  path("M178 158c-44-28-30-58-12-56 8 1 12 10 12 10s4-9 12-10c18-2 32 28-12 56z", "#e9cfa8"),
  path("M238 110q34 14 0 30", "none", 'stroke="#fff" stroke-width="11"'),
  line("M40 50 62 206", "#aaa39a", 9),
];

export const plant: Scene = [
  rect(0, 0, W, H, "#eee9df"),
  rect(0, 188, W, 52, "#c9b191"),
  rows(
    7,
    (i) =>
      `<g transform="rotate(${-66 + i * 22} 160 160)">${
        path("M160 160c-22-48-16-92 0-118 16 26 22 70 0 118z", i % 2 === 0 ? "#3c7a52" : "#56976a")
      }${line("M160 158V58", "#2f6443", 2)}</g>`,
  ),
  path("M116 150h88l-12 66h-64z", "#bf6e4b"),
  rect(110, 142, 100, 18, "#ce7d58", 'rx="4"'),
];

export const whiteboard: Scene = [
  rect(0, 0, W, H, "#b8bdc4"),
  rect(18, 18, 284, 192, "#fcfcfb", 'stroke="#8d939c" stroke-width="5"'),
  text(40, 56, 19, "#2a5ea8", "Q3 plan"),
  path(
    "M44 80h70v36H44zM200 80h70v36h-70zM122 152h76v36h-76z",
    "none",
    'stroke="#333" stroke-width="3"',
  ),
  line("M114 98h84M236 118l-36 44M80 118l40 44", "#c2442f", 3),
  rows(3, (i) => line(`M226 ${150 + i * 14}h${46 - i * 10}`, "#3c7a52", 3)),
];

export const book: Scene = [
  rect(0, 0, W, H, "#5d4a3e"),
  path("M160 44C120 22 70 26 36 36v166c40-10 88-8 124 10z", "#fbf7ec"),
  path("M160 44c40-22 90-18 124-8v166c-40-10-88-8-124 10z", "#f2ecdc"),
  rows(9, (i) => line(`M54 ${64 + i * 15}q44-8 88 6`, "#a9a293", 3)),
  rows(9, (i) => line(`M178 ${70 + i * 15}q44-14 88-6`, "#a9a293", 3)),
  rect(178, 128, 88, 17, "#f4d35e", 'opacity=".55" transform="rotate(-4 220 136)"'),
];

export const road: Scene = [
  sky("#9cc3d5", "#e8eee0"),
  path("M0 132q80-30 160-6t160-10v124H0z", "#8aa468"),
  path("M138 128h36l108 112H20z", "#5a5e64"),
  rows(
    4,
    (i) =>
      path(
        `M${154 - i * 1.5} ${136 + i * 26}h${5 + i * 3}l1 ${10 + i * 4}h-${7 + i * 3}z`,
        "#f1efe6",
      ),
  ),
  path("M66 136V74l-26 0 28-44 28 44H72v62zM248 132V86h-20l24-38 24 38h-20v46z", "#3f6b4a"),
];

export const meter: Scene = [
  rect(0, 0, W, H, "#8b8f8a"),
  rows(4, (i) => line(`M0 ${i * 62 + 16}h320M${i % 2 * 80 + 60} ${i * 62 + 16}v62`, "#7b7f7a", 4)),
  circle(160, 118, 88, "#f3f2ee", 'stroke="#454a50" stroke-width="10"'),
  rect(100, 84, 120, 34, "#1f2226", 'rx="4"'),
  text(108, 110, 26, "#f4f4f0", "0482731"),
  text(136, 140, 16, "#33373c", "kWh"),
  circle(160, 168, 15, "#d8d6ce"),
  line("M160 168l9-9", "#c2442f", 4),
];

/** Somebody, by the colours of skin, hair and clothes. */
export function portrait(
  { skin, hair, shirt, back, long = false }: {
    skin: string;
    hair: string;
    shirt: string;
    back: readonly [string, string];
    long?: boolean;
  },
): Scene {
  return [
    sky(...back),
    long ? path("M96 226c-8-80 0-176 64-176s72 96 64 176z", hair) : "",
    path("M60 240c6-48 46-64 100-64s94 16 100 64z", shirt),
    path("M138 150h44v34q-22 18-44 0z", skin),
    `<ellipse cx="160" cy="112" rx="48" ry="58" fill="${skin}"/>`,
    path("M108 112c-6-52 22-74 54-74s58 22 50 74c-6-28-20-40-42-42-24 16-52 14-62 42z", hair),
    circle(142, 114, 4.5, "#2b2622") + circle(178, 114, 4.5, "#2b2622"),
    line("M142 140q18 14 36 0", "#8c4a3c", 4),
  ];
}

/** Draws scenes as PNG, of which a picture of them can be small again. */
export async function drawScenes(
  page: Page,
  scenes: readonly Scene[],
  { width, height, left = 0 } = { width: W, height: H, left: 0 },
): Promise<Uint8Array[]> {
  const pictures: Uint8Array[] = [];
  await page.setViewportSize({ width, height });
  for (const parts of scenes) {
    await page.setContent(
      `<body style="margin:0"><svg viewBox="${left} 0 ${width} ${height}" style="display:block">${
        parts.join("")
      }</svg>`,
    );
    pictures.push(await page.screenshot());
  }
  return pictures;
}

/** Two of the people in made-up libraries. */
export const ANNA = {
  skin: "#f1c9a5",
  hair: "#7a3f22",
  shirt: "#2f6d86",
  back: ["#f3d9b1", "#e8b98a"],
  long: true,
} as const;
export const BEN = {
  skin: "#a9714b",
  hair: "#1f1a18",
  shirt: "#d9a441",
  back: ["#b6d3cf", "#7fa8a4"],
} as const;
