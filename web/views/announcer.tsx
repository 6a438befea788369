import { useEffect, useState } from "react";
import { shownShare } from "../store/selectors.ts";
import { useApp, useText } from "./app-context.tsx";
import { stateOf } from "./share/state-word.tsx";
import { nameOf } from "./share-name.ts";

/** Tells a screen reader what changes on the open share: its state at once, its progress every tenth. */
export function Announcer() {
  const text = useText();
  const message = useApp((state) => {
    const share = shownShare(state);
    if (share === undefined) return "";
    const name = nameOf(share.name, text);
    if (share.problem !== undefined) return text.problem(share.problem, share.progress).title;
    if (share.stage === "downloading" || share.stage === "fingerprinting")
      return text.announce.progress(name, Math.floor(share.progress * 10) / 10);
    return text.announce.state(name, stateOf(share, text));
  });
  // What stands in it from the beginning is no change, of which alone a screen reader tells.
  const [isThere, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  return (
    <p className="visually-hidden" aria-live="polite">
      {isThere && message}
    </p>
  );
}
