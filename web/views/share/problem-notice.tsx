import type { Problem } from "../../store/session.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useApp, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useNoNetwork } from "../use-no-network.ts";
import { useForget } from "./use-forget.ts";

/** What is in the way of this share, why, and the way on. Nothing where nothing is. */
export function ProblemNotice({ share }: { readonly share: ShareView }) {
  const text = useText();
  const forget = useForget();
  const { commands } = useActions();
  const settings = useApp((state) => state.settings);
  const isCutOff = useNoNetwork();
  const { problem } = share;
  // That there is no network stands above it already.
  if (problem === undefined || (isCutOff && problem.code === "tracker-unreachable")) return null;
  const words = text.problem(problem, share.progress);
  if (share.state !== "failed")
    return (
      <Notice tone={problem.code === "files-needed" ? "calm" : "warning"} notice={words}>
        {problem.code === "no-route" && settings?.relayOnly === true && (
          <Button
            data-testid="show-address"
            onClick={() => commands.configure({ ...settings, relayOnly: false })}
          >
            {text.share.showAddress}
          </Button>
        )}
      </Notice>
    );
  return (
    <Notice isUrgent tone="error" notice={words}>
      {canTryAgain(problem) && <Button onClick={() => commands.restart(share.id)}>{text.share.again}</Button>}
      <Button kind="quiet" onClick={() => forget(share.id)}>
        {text.share.forget}
      </Button>
    </Notice>
  );
}

/** Trying the same again changes nothing about what was chosen, or about the torrent. */
function canTryAgain({ code }: Problem): boolean {
  return code !== "nothing-to-share" && code !== "torrent-contradictory";
}
