import { useActions, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";

/** Lets the browser open magnet links of any page here. */
export function MagnetSettings() {
  const text = useText();
  const { takeMagnetLinks } = useActions();
  if (takeMagnetLinks === undefined) return null;
  return (
    <Card title={text.torrent.magnetLinks}>
      <p>{text.torrent.magnetsHint}</p>
      <p>
        <Button data-testid="take-magnets" onClick={takeMagnetLinks}>
          {text.torrent.magnets}
        </Button>
      </p>
    </Card>
  );
}
