import { expect, test } from "vitest";
import { type SettingsChannel, shareSettings } from "./settings-of-other-tabs.ts";
import type { Settings } from "./store/session.ts";

const ordinary: Settings = { uploadSlots: 4, connections: 40, relayOnly: false };

/**
 * Tabs on one channel, which hears nothing of what it says itself.
 *
 * @param isSlow their sessions tell what was set only once the test says so.
 */
function openTabs(count: number, isSlow = false) {
  let said = 0;
  const tabs = Array.from({ length: count }, () => {
    let settings: Settings | undefined;
    let changed = () => {};
    const channel: SettingsChannel = {
      onmessage: null,
      postMessage: (data) => {
        said++;
        for (const other of tabs)
          if (other.channel !== channel) other.channel.onmessage?.(new MessageEvent("message", { data }));
      },
    };
    const take = (next: Settings) => {
      settings = { ...next };
      changed();
    };
    const asked: Settings[] = [];
    shareSettings(
      {
        settings: () => settings,
        subscribe: (listener) => {
          changed = listener;
        },
        configure: isSlow ? (next) => void asked.push(next) : take,
      },
      channel,
    );
    return { channel, take, asked, changed: () => changed(), settings: () => settings };
  });
  return { tabs, said: () => said };
}

test("what is set in one tab is taken up by the others, and said once", () => {
  const { tabs, said } = openTabs(3);
  for (const tab of tabs) tab.take(ordinary);
  expect(said()).toBe(0);
  tabs[0]?.take({ ...ordinary, uploadBytesPerSecond: 2_000_000 });
  for (const tab of tabs) expect(tab.settings()?.uploadBytesPerSecond).toBe(2_000_000);
  expect(said()).toBe(1);
  tabs[2]?.take(ordinary);
  for (const tab of tabs) expect(tab.settings()).toEqual(ordinary);
  expect(said()).toBe(2);
});

test("a tab that shows something else before its session has taken up what was heard says nothing back", () => {
  const { tabs, said } = openTabs(2, true);
  for (const tab of tabs) tab.take(ordinary);
  const [here, there] = tabs;
  const limited = { ...ordinary, uploadBytesPerSecond: 2_000_000 };
  here?.take(limited);
  // A snapshot that was on its way, and whatever else changes on the screen.
  there?.changed();
  there?.take(ordinary);
  expect(there?.asked).toEqual([limited]);
  there?.take(limited);
  expect(said()).toBe(1);
  expect(here?.asked).toEqual([]);

  there?.take(ordinary);
  expect(here?.asked).toEqual([ordinary]);
});

test("a tab that has just learnt what was kept tells nobody", () => {
  const { tabs, said } = openTabs(2);
  tabs[0]?.take({ ...ordinary, relayOnly: true });
  tabs[1]?.take(ordinary);
  expect(said()).toBe(0);
});
