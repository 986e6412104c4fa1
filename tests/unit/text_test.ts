import assert from "node:assert/strict";
import { shown, span } from "../../src/text.ts";

Deno.test("a path of Windows is shown as it is, and nothing that acts on a terminal", () => {
  assert.equal(shown("C:\\x\\y"), '"C:\\x\\y"');
  assert.equal(shown('a"b'), '"a\\"b"');
  assert.equal(shown("\x1b[2J\u202e\n"), '"\\u001b[2J\\u202e\\n"');
});

Deno.test("a time is told in the unit that says it best, down to a second", () => {
  const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE;
  const words = [0, 1, 30 * SECOND, MINUTE, 90 * MINUTE, 24 * HOUR, 168 * HOUR].map(span);
  assert.deepEqual(words, [
    ...["0 seconds", "1 second", "30 seconds", "1 minute", "90 minutes", "24 hours", "7 days"],
  ]);
});
