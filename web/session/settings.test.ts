import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, sensibleLimits, sensibleSettings } from "./settings.ts";

test("settings that make sense stay as they are", () => {
  const settings = { ...DEFAULT_SETTINGS, uploadBytesPerSecond: 50_000, relayOnly: true };
  expect(sensibleSettings(settings)).toEqual(settings);
});

test("numbers out of range are brought into it, and what is no number is the default", () => {
  expect(sensibleSettings({ uploadSlots: 0, connections: 1e9, relayOnly: false })).toEqual({
    uploadSlots: 1,
    connections: 60,
    relayOnly: false,
  });
  expect(sensibleSettings({ uploadSlots: Number.NaN, connections: Number.NaN, relayOnly: false })).toEqual(
    DEFAULT_SETTINGS,
  );
});

test("a limit of nothing is no limit", () => {
  const nothing = { uploadBytesPerSecond: 0, downloadBytesPerSecond: -1, stopAtRatio: Number.NaN };
  expect(sensibleLimits({ ...nothing, stopWhenIdleMinutes: 5 })).toEqual({ stopWhenIdleMinutes: 5 });
});
