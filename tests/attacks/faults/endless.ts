import { isRecord } from "../../emulator/reading.ts";
import { cursorAt } from "../../emulator/search_filter.ts";

/**
 * Makes a search's answer a full page of assets that nobody has seen before, with another to
 * follow: each a minute older than the one before, or all of one moment.
 */
export function endless(kind: "ever older" | "of one moment"): (body: unknown) => unknown {
  let time = Date.UTC(2030, 0, 1);
  let model: Record<string, unknown> | undefined;
  return (body) => {
    if (!isRecord(body) || !isRecord(body["assets"])) return body;
    const { items } = body["assets"];
    if (Array.isArray(items)) model ??= items.find(isRecord);
    // The oldest of a window is asked for again with the window after it.
    if (kind === "ever older") time += 60_000;
    const page = Array.from({ length: 100 }, () => {
      if (kind === "ever older") time -= 60_000;
      return { ...model, id: crypto.randomUUID(), fileCreatedAt: new Date(time).toISOString() };
    });
    const next = "nextCursor" in body["assets"] ? { nextCursor: cursorAt(100) } : { nextPage: "2" };
    return { ...body, assets: { ...body["assets"], items: page, ...next } };
  };
}
