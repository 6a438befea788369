import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import styles from "./dialog.module.css";
import floating from "./floating.module.css";
import { PopupHead } from "./popup-head.tsx";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  /** For what is looked at rather than read. */
  readonly isWide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something to look at or to answer before going on; Escape and a press beside it close it. */
export function Dialog({ title, isOpen, isWide = false, onClose, children }: DialogProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(opens) => opens || onClose()}>
      <Base.Portal>
        <Base.Backdrop className={floating.backdrop} />
        <Base.Popup className={`${floating.popup} ${styles.popup}`} data-wide={isWide}>
          <PopupHead title={title} Title={Base.Title} Close={Base.Close} />
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
