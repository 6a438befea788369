import { isLeft } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { canGoOn } from "../share/can-go-on.ts";
import { ShareList } from "./share-list.tsx";

/** What was going on when the tab was closed, and how each of it goes on. */
export function ComingBack({ shares }: { readonly shares: readonly ShareView[] }) {
  const text = useText();
  const { commands } = useActions();
  if (shares.length === 0) return null;
  const ready = shares.filter((share) => isLeft(share) && canGoOn(share));
  const sent = shares.filter((share) => share.role === "sender").length;
  return (
    <ShareList
      title={text.back.title(sent, shares.length - sent)}
      shares={shares}
      aside={
        ready.length > 1 && (
          <Button
            kind="primary"
            data-testid="go-on-all"
            onClick={() => {
              for (const share of ready) commands.resume(share.id);
            }}
          >
            {text.back.goOnAll(ready.length)}
          </Button>
        )
      }
    />
  );
}
