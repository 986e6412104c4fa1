import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's package, Alpine's, and the one a person may have. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const EXECUTABLE = PLACES.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** A test that looks at something in a real browser; skipped, and named so, where there is none. */
export function testInBrowser(name: string, test: () => Promise<void>): void {
  const ignore = EXECUTABLE === undefined;
  Deno.test({ name: ignore ? `${name} (skipped: no Chromium here)` : name, ignore, fn: test });
}

export interface View {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** A browser with an empty profile of its own, which is gone with it. */
export async function openBrowser(): Promise<Browser & AsyncDisposable> {
  if (EXECUTABLE === undefined) throw new Error(`There is no Chromium at ${PLACES.join(", ")}`);
  return await chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page in a context of its own. */
export async function openPage(browser: Browser, view: View = {}): Promise<Page> {
  const { colorScheme = "light", width = 1200, height = 900 } = view;
  const context = await browser.newContext({ colorScheme, viewport: { width, height } });
  context.setDefaultTimeout(30_000);
  return await context.newPage();
}
