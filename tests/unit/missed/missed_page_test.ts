import assert from "node:assert/strict";
import { ImmichError } from "../../../src/immich/immich_error.ts";
import { ImmichHttp } from "../../../src/immich/http.ts";
import { type FoundCandidate, NO_CANDIDATES } from "../../../src/missed/missed_document.ts";
import { makeMissedPage, MOST_CARDS } from "../../../src/missed/missed_page.ts";
import { IdSource } from "../../emulator/ids.ts";
import { immichConfig, silentLog } from "../../support/immich_config.ts";

const SERVER = "https://photos.example.com";

/** Has no pictures. */
class BareServer extends ImmichHttp {
  override call(): Promise<never> {
    return Promise.reject(new ImmichError("rejected", "None.", ""));
  }
}

Deno.test("as many as --limit allows stay below 30 MB, with the longest names that a file can have", async () => {
  const ids = new IdSource(3);
  const found = () => {
    const id = ids.next();
    const url = `${SERVER}/photos/${id}`;
    return { id, fileName: "x".repeat(255), takenAt: "2024-06-01T10:00:00", isVideo: true, url };
  };
  const people = Array.from({ length: 3 }, () => ({ id: ids.next(), name: "n".repeat(60) }));
  const candidates = Array.from({ length: MOST_CARDS }, (): FoundCandidate => ({
    ...found(),
    reason: "neighbour",
    evidence: { asset: found(), people, seconds: 99, shown: 20, of: 24 },
  }));
  const { signal } = new AbortController();
  const http = new BareServer(immichConfig({ url: SERVER }, ""), silentLog, signal);
  const { html } = await makeMissedPage({
    server: { url: SERVER, version: "3.2.0" },
    album: "Faceless",
    startedAt: new Date(),
    version: "0.1.0",
    candidates,
    counts: { ...NO_CANDIDATES, neighbour: MOST_CARDS },
    notes: [],
  }, { http, log: silentLog, signal, redact: (text) => text });
  http.close();
  const bytes = new TextEncoder().encode(html).length;
  assert.ok(bytes > 20_000_000 && bytes < 30_000_000, `${bytes} bytes`);
});
