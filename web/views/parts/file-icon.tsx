import { File, FileArchive, FileHeadphone, FileImage, FilePlay, FileText, Folder } from "lucide-react";
import styles from "./file-icon.module.css";
import { kindOf } from "./file-kind.ts";
import { Icon } from "./icon.tsx";

const icons = {
  archive: FileArchive,
  audio: FileHeadphone,
  image: FileImage,
  video: FilePlay,
  text: FileText,
  other: File,
} as const;

export function FileIcon({ name, isFolder = false }: { readonly name: string; readonly isFolder?: boolean }) {
  const drawing = isFolder ? Folder : icons[kindOf(name)];
  return (
    <span className={styles.icon} aria-hidden="true">
      <Icon of={drawing} size="large" />
    </span>
  );
}
