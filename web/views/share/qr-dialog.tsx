import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../app-context.tsx";
import { QrCode } from "../graphics/qr-code.tsx";
import { Button } from "../parts/button.tsx";
import styles from "./qr-dialog.module.css";

/** @param children what stands on the button that opens it. */
export function QrDialog({ link, children }: { readonly link: string; readonly children: ReactNode }) {
  const text = useText();
  return (
    <Dialog.Root modal="trap-focus">
      <Dialog.Trigger render={<Button size="large" />}>{children}</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <div className={styles.head}>
            <Dialog.Title className={styles.title}>{text.link.qrTitle}</Dialog.Title>
            <Dialog.Close
              render={<Button kind="quiet" className={styles.close} />}
              aria-label={text.share.dismiss}
            >
              <X size={20} aria-hidden="true" />
            </Dialog.Close>
          </div>
          <QrCode content={link} label={text.link.qr} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
