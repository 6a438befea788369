import { Eye, Play } from "lucide-react";
import type { FileSnapshot, ShareId } from "../../store/session.ts";
import { useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { nameOf, useCanView, type ViewedFile } from "./use-source.ts";
import { isPlayed, viewKindOf } from "./view-kind.ts";
import { useOpenView } from "./viewing.tsx";

interface ViewButtonProps {
  readonly share: ShareId;
  readonly index: number;
  readonly file: FileSnapshot;
  /** In a list of files the button is a picture, named after its file. */
  readonly isSmall?: boolean;
}

/** Play or Preview, as soon as there is something to be seen; nothing for what can't be shown here. */
export function ViewButton({ share, index, file, isSmall = false }: ViewButtonProps) {
  const kind = viewKindOf(nameOf(file));
  return kind && <ButtonOf viewed={{ share, index, file, kind }} isSmall={isSmall} />;
}

function ButtonOf({ viewed, isSmall }: { readonly viewed: ViewedFile; readonly isSmall: boolean }) {
  const { playing } = useText();
  const open = useOpenView();
  const isPlay = isPlayed(viewed.kind);
  if (!useCanView(viewed)) return null;
  return (
    <Button
      kind={isSmall ? "quiet" : "plain"}
      data-testid={isPlay ? "play" : "view"}
      aria-label={isSmall ? playing.open(isPlay, nameOf(viewed.file)) : undefined}
      onClick={() => open(viewed)}
    >
      <Icon of={isPlay ? Play : Eye} />
      {!isSmall && (isPlay ? playing.play : playing.preview)}
    </Button>
  );
}
