import { Bug, Copy, Ellipsis, Trash2 } from "lucide-react";
import { useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { later } from "../later.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import type { MenuItem } from "../parts/menu.tsx";
import { nameOf } from "../share-name.ts";
import { useForget } from "./use-forget.ts";

const Menu = later(
  () => import("../parts/menu.tsx"),
  (module) => module.Menu,
  <Button kind="quiet" disabled>
    <Icon of={Ellipsis} size="large" />
  </Button>,
);
const RemoveDialog = later(
  () => import("./remove-dialog.tsx"),
  (module) => module.RemoveDialog,
);

/** What is done with a share once in a while. Menu, drawer and dialog are fetched when they are asked for. */
export function MoreMenu({ share }: { readonly share: ShareView }) {
  const text = useText();
  const store = useAppStore();
  const { commands, copyText, saveBlob } = useActions();
  const [wasPressed, setWasPressed] = useState(false);
  const [removing, setRemoving] = useState<"open" | "closed">();
  const forget = useForget();
  const keptBytes = share.role === "receiver" ? share.have : 0;
  const copyLink = async () => {
    store.say((await copyText(share.link)) ? text.link.copied : text.link.copyFailed);
  };
  const exportTrace = async () => {
    const lines = await commands.trace(share.id);
    await saveBlob(new Blob([lines], { type: "application/jsonl" }), `${share.name || share.id}.trace.jsonl`);
  };
  const items: readonly MenuItem[] = [
    ...(share.link === "" ? [] : [{ label: text.link.copy, drawing: Copy, run: copyLink }]),
    { label: text.details.trace, drawing: Bug, run: exportTrace },
    {
      label: text.share.forget,
      drawing: Trash2,
      isGrave: true,
      run: () => (keptBytes > 0 ? setRemoving("open") : forget(share.id)),
    },
  ];
  const drawing = <Icon of={Ellipsis} size="large" />;
  const button = (
    <Button
      kind="quiet"
      aria-label={text.share.more}
      aria-haspopup="menu"
      data-testid="more"
      onClick={() => setWasPressed(true)}
    >
      {drawing}
    </Button>
  );

  return (
    <>
      {wasPressed ? (
        <Menu label={text.share.more} items={items} opensAtOnce>
          {drawing}
        </Menu>
      ) : (
        button
      )}
      {removing !== undefined && (
        <RemoveDialog
          name={nameOf(share.name, text)}
          bytes={keptBytes}
          isOpen={removing === "open"}
          onClose={() => setRemoving("closed")}
          onRemove={() => forget(share.id)}
        />
      )}
    </>
  );
}
