import { expect, test } from "vitest";

import { TypingClock } from "./typing_clock.ts";

test("counts the time between touches and leaves long pauses out", () => {
  const clock = new TypingClock();
  clock.touch(1000);
  clock.touch(1400);
  expect(clock.added({}, 2000)).toEqual({ lead_time: 1 });
  expect(clock.added({ lead_time: 1 }, 9000)).toEqual({ lead_time: 1 });
  clock.touch(10_000);
  clock.touch(10_000 + 3_600_000);
  expect(clock.added({ lead_time: 1 }, 10_000 + 3_600_500)).toEqual({ lead_time: 31.5 });
});
