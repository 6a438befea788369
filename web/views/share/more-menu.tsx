import { Bug, Copy, Ellipsis, SlidersHorizontal, Trash2 } from "lucide-react";
import { useState } from "react";
import { hasPassword } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { later } from "../later.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import type { MenuItem } from "../parts/menu.tsx";

const Menu = later(
  () => import("../parts/menu.tsx"),
  (module) => module.Menu,
  <Button kind="quiet" disabled>
    <Icon of={Ellipsis} size="large" />
  </Button>,
);
const OptionsDrawer = later(
  () => import("./options-drawer.tsx"),
  (module) => module.OptionsDrawer,
);
const RemoveDialog = later(
  () => import("./remove-dialog.tsx"),
  (module) => module.RemoveDialog,
);

type Panel = "options" | "remove";

/** What is done with a share once in a while. Menu, drawer and dialog are fetched when they are asked for. */
export function MoreMenu({ share }: { readonly share: ShareView }) {
  const text = useText();
  const store = useAppStore();
  const { commands, copyText, saveBlob } = useActions();
  const [wasPressed, setWasPressed] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<Panel>>(new Set());
  const [panel, setPanel] = useState<Panel>();
  const open = (wanted: Panel) => {
    setOpened(new Set(opened).add(wanted));
    setPanel(wanted);
  };
  const forget = () => {
    commands.forget(share.id);
    store.show(undefined);
  };
  const keptBytes = share.role === "receiver" ? share.have : 0;
  const copyLink = async () => {
    store.say((await copyText(share.link)) ? text.link.copied : text.link.copyFailed);
  };
  const exportTrace = async () => {
    const lines = await commands.trace(share.id);
    await saveBlob(new Blob([lines], { type: "application/jsonl" }), `${share.name || share.id}.trace.jsonl`);
  };
  const items: readonly MenuItem[] = [
    { label: text.options.title, drawing: SlidersHorizontal, run: () => open("options") },
    ...(share.link === "" ? [] : [{ label: text.link.copy, drawing: Copy, run: copyLink }]),
    { label: text.details.trace, drawing: Bug, run: exportTrace },
    {
      label: text.share.forget,
      drawing: Trash2,
      isGrave: true,
      run: () => (keptBytes > 0 ? open("remove") : forget()),
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
      {opened.has("options") && (
        <OptionsDrawer
          isOpen={panel === "options"}
          onClose={() => setPanel(undefined)}
          limits={share.limits}
          onLimits={(limits) => commands.limit(share.id, limits)}
          sealed={{ isPublic: share.public, hasPassword: hasPassword(share) }}
          arrives={share.role === "receiver"}
        />
      )}
      {opened.has("remove") && (
        <RemoveDialog
          name={share.name}
          bytes={keptBytes}
          isOpen={panel === "remove"}
          onClose={() => setPanel(undefined)}
          onRemove={forget}
        />
      )}
    </>
  );
}
