import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../app-context.tsx";
import { Button } from "./button.tsx";
import styles from "./dialog.module.css";
import { Icon } from "./icon.tsx";

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
  const text = useText();
  return (
    <Base.Root open={isOpen} onOpenChange={(opens) => opens || onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.popup} data-wide={isWide}>
          <div className={styles.head}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close
              render={<Button kind="quiet" className={styles.close} />}
              aria-label={text.share.dismiss}
            >
              <Icon of={X} size="large" />
            </Base.Close>
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
