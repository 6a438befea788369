import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useText } from "../app-context.tsx";
import styles from "./toasts.module.css";

/** Short messages at the lower edge, some with one thing to do about them. They are read aloud by themselves. */
export function Toasts() {
  const text = useText();
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport className={styles.viewport}>
        {toasts.map((toast) => (
          <Toast.Root key={toast.id} toast={toast} className={styles.toast}>
            <Toast.Content className={styles.content}>
              <Toast.Description className={styles.message} />
              <Toast.Action className={styles.action} />
              <Toast.Close className={styles.close} aria-label={text.share.dismiss}>
                <X size={18} aria-hidden="true" />
              </Toast.Close>
            </Toast.Content>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
