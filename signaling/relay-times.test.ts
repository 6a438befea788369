import { describe, expect, it } from "vitest";
import { RelayTimes } from "./relay-times.ts";

describe("relay times", () => {
  it("are told in cumulative buckets, with their sum and number", () => {
    const times = new RelayTimes();
    for (const seconds of [0.000_1, 0.000_5, 0.02, 7]) times.add(seconds);
    const lines = times.text("relay").split("\n");
    expect(lines).toContain('relay_bucket{le="0.0005"} 2');
    expect(lines).toContain('relay_bucket{le="0.01"} 2');
    expect(lines).toContain('relay_bucket{le="0.025"} 3');
    expect(lines).toContain('relay_bucket{le="1"} 3');
    expect(lines).toContain('relay_bucket{le="+Inf"} 4');
    expect(lines).toContain("relay_count 4");
    expect(lines).toContain("relay_sum 7.0206");
  });
});
