import assert from "node:assert/strict";
import { problemOf } from "../../../src/check/finding.ts";
import { ImmichError, type ImmichErrorKind } from "../../../src/immich/immich_error.ts";

Deno.test("a request that failed is a problem of what failed, whatever was asked for", () => {
  const expected: Partial<Record<ImmichErrorKind, string>> = {
    ...{ certificate: "connection", connection: "connection", timeout: "connection" },
    ...{ maintenance: "server", server: "server", unauthorized: "key" },
    ...{ forbidden: "album", "not-found": "album", rejected: "album", answer: "album" },
  };
  for (const kind of Object.keys(expected) as ImmichErrorKind[]) {
    const { name, status } = problemOf("album", new ImmichError(kind, "Why.", "What to do."));
    assert.deepEqual([kind, name, status], [kind, expected[kind], "problem"]);
  }
  assert.throws(() => problemOf("album", new TypeError("a defect")), TypeError);
});
