import assert from "node:assert/strict";
import fc from "fast-check";
import { divideTime } from "../../../src/immich/time_range.ts";

const bucket = fc.record({
  start: fc.integer({ min: -1_000_000_000_000, max: 2_000_000_000_000 }),
  count: fc.nat(100_000),
});

Deno.test("divideTime() covers all time without gap and overlap, whatever the buckets say", () => {
  fc.assert(
    fc.property(fc.array(bucket), fc.integer({ min: 1, max: 30 }), (buckets, parts) => {
      const ranges = divideTime(buckets, parts);
      assert.ok(ranges.length >= 1 && ranges.length <= parts);
      assert.equal(ranges[0]?.to, Infinity);
      assert.equal(ranges.at(-1)?.from, -Infinity);
      ranges.forEach((range, i) => {
        assert.ok(range.from < range.to);
        if (i > 0) assert.equal(range.to, ranges[i - 1]?.from);
      });
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("divideTime() gives each range about the same number of assets", () => {
  const day = 24 * 3600 * 1000;
  const buckets = Array.from({ length: 120 }, (_, i) => ({
    start: Date.UTC(2015, i, 1),
    count: 100 + i * 7 % 400,
  }));
  const assets = buckets.flatMap(({ start, count }) =>
    Array.from({ length: count }, (_, i) => start + 28 * day * i / count)
  );
  const ranges = divideTime(buckets, 6);
  assert.equal(ranges.length, 6);
  for (const { from, to } of ranges) {
    const share = assets.filter((time) => time >= from && time < to).length / assets.length;
    assert.ok(Math.abs(share - 1 / 6) < 0.02, `${share}`);
  }
});

Deno.test("divideTime() divides a single month in which everything was taken", () => {
  assert.equal(divideTime([{ start: Date.UTC(2020, 0, 1), count: 50_000 }], 4).length, 4);
  assert.equal(divideTime([], 4).length, 1);
});
