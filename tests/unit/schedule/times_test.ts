import assert from "node:assert/strict";
import { INTERVALS, parseTimeOfDay, timesOf } from "../../../src/schedule/times.ts";

Deno.test("the runs of a day are evenly spread, and one of them is at the time that was asked for", () => {
  for (const interval of INTERVALS) {
    for (let at = 0; at < 1440; at++) {
      const { hours, minutes, everyMinutes, firstMinute } = timesOf(interval, at);
      const everyHour = Array.from({ length: 24 }, (_, hour) => hour);
      const starts = (hours ?? everyHour)
        .flatMap((hour) => minutes.map((minute) => hour * 60 + minute))
        .sort((a, b) => a - b);
      assert.equal(starts.length, 1440 / everyMinutes, interval);
      assert.equal(starts[0], firstMinute);
      assert.ok(starts.includes(at), `${interval} at ${at}`);
      assert.ok(starts.every((start, i) => start - firstMinute === i * everyMinutes));
    }
  }
});

Deno.test("a time of day is hours and minutes, and nothing else", () => {
  assert.deepEqual(["00:00", "3:30", "03:30", "23:59"].map(parseTimeOfDay), [0, 210, 210, 1439]);
  for (const text of ["", "24:00", "12:60", "12", "12:5", "-1:00", "12:00:00", " 12:00", "noon"]) {
    assert.equal(parseTimeOfDay(text), undefined, text);
  }
});
