import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { tally } from "../graphics/cells.ts";
import { Figures } from "../parts/figures.tsx";

export function Totals({ share }: { readonly share: ShareView }) {
  const { format, details } = useText();
  const { have } = tally(share.pieceMap.cells);
  return (
    <Figures
      figures={[
        { name: details.uploaded, value: format.size(share.uploaded) },
        { name: details.downloaded, value: format.size(share.downloaded) },
        { name: details.wasted, value: format.size(share.wasted) },
        { name: details.ratio, value: format.ratio(share.ratio) },
        { name: details.pieces, value: details.piecesOf(have, share.pieceCount, share.pieceLength) },
      ]}
    />
  );
}
