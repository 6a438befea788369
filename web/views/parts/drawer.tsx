import { Drawer as Base } from "@base-ui/react/drawer";
import type { ReactNode } from "react";
import styles from "./drawer.module.css";
import floating from "./floating.module.css";
import { PopupHead } from "./popup-head.tsx";

interface DrawerProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What can be set without leaving the page: at its side, on a phone from below. */
export function Drawer({ title, isOpen, onClose, children }: DrawerProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(opens) => opens || onClose()} swipeDirection="down">
      <Base.Portal>
        <Base.Backdrop className={`${floating.backdrop} ${styles.backdrop}`} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup className={`${floating.popup} ${styles.popup}`}>
            <Base.Content className={styles.content}>
              <PopupHead title={title} Title={Base.Title} Close={Base.Close} />
              {children}
            </Base.Content>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
