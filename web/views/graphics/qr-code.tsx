import { useMemo } from "react";
import { encode } from "uqr";
import styles from "./qr-code.module.css";

/** Modules of quiet around the code (ISO/IEC 18004 asks for four; the white frame gives the rest). */
const QUIET = 2;

/** Always dark on white, whatever the theme: many scanners don't read it inverted. */
export function QrCode({ content, label }: { readonly content: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(content, { border: QUIET, ecc: "M" });
    const dark = code.data.flatMap((row, y) =>
      row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
    );
    return { size: code.size, path: dark.join("") };
  }, [content]);
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      className={styles.code}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={path} />
    </svg>
  );
}
