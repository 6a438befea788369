import { expect, test } from "vitest";
import { shareSnapshot } from "../../store/fixtures.ts";
import { shareView } from "../../store/share-view.ts";
import { createText } from "../text/en.ts";
import { ratioWords } from "./ratio-words.ts";

const words = (facts: Parameters<typeof shareSnapshot>[0]) =>
  ratioWords(shareView(shareSnapshot(facts), new Map(), undefined), createText());

test("a receiver who has given nothing is told so, without a figure", () => {
  expect(words({ role: "receiver", uploaded: 0, ratio: 0 })).toBe("nothing given back yet");
  expect(words({ role: "receiver", uploaded: 1, ratio: 0.04 })).toBe("ratio 0.0");
});

test("whoever shares is told how often it was given", () => {
  expect(words({ role: "sender", uploaded: 0, ratio: 0 })).toBe("ratio 0.0");
  expect(words({ role: "sender", uploaded: 5, ratio: 2.25 })).toBe("ratio 2.3");
});
