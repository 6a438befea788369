import type { ShareView } from "../../store/share-view.ts";
import { useApp, useText } from "../app-context.tsx";
import { ShareList } from "./share-list.tsx";

export function YourShares({ shares }: { readonly shares: readonly ShareView[] }) {
  const text = useText();
  const given = useApp((state) => state.lifetime.uploaded);
  const received = useApp((state) => state.lifetime.downloaded);
  if (shares.length === 0) return null;
  return (
    <ShareList
      title={text.home.yourShares}
      shares={shares}
      aside={given + received > 0 && text.home.lifetime(given, received)}
    />
  );
}
