import assert from "node:assert/strict";
import { EXIT, type ExitCode, worstOf } from "../../src/exit_code.ts";

Deno.test("of several runs the worst code counts: signals, then 1, 2, 3, 4, 5, 0", () => {
  const order: ExitCode[] = [EXIT.terminated, EXIT.interrupted, 1, 2, 3, 4, 5, 0];
  for (const [index, code] of order.entries()) {
    for (const better of order.slice(index)) {
      assert.equal(worstOf([code, better]), code);
      assert.equal(worstOf([better, code]), code);
    }
  }
  assert.equal(worstOf([]), 0);
});
