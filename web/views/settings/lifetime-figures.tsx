import { useApp, useText } from "../app-context.tsx";
import { Card } from "../parts/card.tsx";
import { Figures } from "../parts/figures.tsx";

/** What this browser has given and taken since it knows Shoal. */
export function LifetimeFigures() {
  const text = useText();
  const { uploaded, downloaded, wasted } = useApp((state) => state.lifetime);
  const { format, settings, details } = text;
  return (
    <Card title={settings.lifetime}>
      <Figures
        figures={[
          { name: settings.given, value: format.size(uploaded) },
          { name: settings.received, value: format.size(downloaded) },
          { name: details.wasted, value: format.size(wasted) },
          {
            name: details.ratio,
            value: downloaded > 0 ? format.ratio(uploaded / downloaded) : settings.noRatio,
          },
        ]}
      />
    </Card>
  );
}
