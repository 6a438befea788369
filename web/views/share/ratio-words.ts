import type { ShareView } from "../../store/share-view.ts";
import type { Text } from "../text/en.ts";

/** What was given beside what was got: of nothing given by somebody who only receives, a figure would be a reproach. */
export function ratioWords({ role, uploaded, ratio }: ShareView, { share }: Text): string {
  return role === "receiver" && uploaded === 0 ? share.nothingGiven : share.ratio(ratio);
}
