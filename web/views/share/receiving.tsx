import type { ShareView } from "../../store/share-view.ts";
import { Done } from "./done.tsx";
import { Downloading } from "./downloading.tsx";
import { Finding } from "./finding.tsx";
import { Offer } from "./offer.tsx";
import { Stopped } from "./stopped.tsx";

/** What the receiver sees, one screen for each stage. */
export function Receiving({ share }: { readonly share: ShareView }) {
  switch (share.stage) {
    case "finding":
      return <Finding share={share} />;
    case "offered":
      return <Offer share={share} />;
    case "done":
      return <Done share={share} />;
    case "stopped":
      return <Stopped share={share} />;
    default:
      return <Downloading share={share} />;
  }
}
