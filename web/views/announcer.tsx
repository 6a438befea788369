import { shownShare } from "../store/selectors.ts";
import { useApp, useText } from "./app-context.tsx";

/** Tells a screen reader what changes on the open share: its state at once, its progress every tenth. */
export function Announcer() {
  const text = useText();
  const message = useApp((state) => {
    const share = shownShare(state);
    if (share === undefined) return "";
    const name = share.name || text.home.unnamed;
    if (share.problem !== undefined) return text.problem(share.problem, share.progress).title;
    if (share.stage === "downloading" || share.stage === "fingerprinting")
      return text.announce.progress(name, Math.floor(share.progress * 10) / 10);
    return text.announce.state(name, text.state(share.stage, share.people.length));
  });
  return (
    <p className="visually-hidden" aria-live="polite">
      {message}
    </p>
  );
}
