import assert from "node:assert/strict";
import { shown } from "../../src/text.ts";

Deno.test("a path of Windows is shown as it is, and nothing that acts on a terminal", () => {
  assert.equal(shown("C:\\x\\y"), '"C:\\x\\y"');
  assert.equal(shown('a"b'), '"a\\"b"');
  assert.equal(shown("\x1b[2J\u202e\n"), '"\\u001b[2J\\u202e\\n"');
});
