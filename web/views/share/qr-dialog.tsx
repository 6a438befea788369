import { useText } from "../app-context.tsx";
import { QrCode } from "../graphics/qr-code.tsx";
import { Dialog } from "../parts/dialog.tsx";

interface QrDialogProps {
  readonly link: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function QrDialog({ link, isOpen, onClose }: QrDialogProps) {
  const text = useText();
  return (
    <Dialog title={text.link.qrTitle} isOpen={isOpen} onClose={onClose}>
      <QrCode content={link} label={text.link.qr} />
    </Dialog>
  );
}
