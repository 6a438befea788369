import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { hasPassword } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { later } from "../later.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";

const OptionsDrawer = later(
  () => import("./options-drawer.tsx"),
  (module) => module.OptionsDrawer,
);

/** The way to what can be set for a share that has its link. */
export function OptionsButton({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands } = useActions();
  const [drawer, setDrawer] = useState<"open" | "closed">();
  return (
    <>
      <Button kind="quiet" data-testid="options" aria-haspopup="dialog" onClick={() => setDrawer("open")}>
        <Icon of={SlidersHorizontal} />
        {text.options.title}
      </Button>
      {drawer !== undefined && (
        <OptionsDrawer
          isOpen={drawer === "open"}
          onClose={() => setDrawer("closed")}
          limits={share.limits}
          onLimits={(limits) => commands.limit(share.id, limits)}
          sealed={{ isPublic: share.public, hasPassword: hasPassword(share) }}
          arrives={share.role === "receiver"}
        />
      )}
    </>
  );
}
