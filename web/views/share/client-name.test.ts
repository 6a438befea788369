import { expect, test } from "vitest";
import { browserOf } from "./client-name.ts";

test.each([
  ["Shoal 0.1 (Firefox on Android)", "Firefox on Android"],
  ["Shoal 0.1", undefined],
  ["", undefined],
  ["Evil (<img src=x>)", undefined],
  [`Long (${"x".repeat(41)})`, undefined],
])("the browser in %j is %j", (client, browser) => {
  expect(browserOf(client)).toBe(browser);
});
