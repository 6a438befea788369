import type { Settings } from "../../store/session.ts";
import { useActions, useApp, useText } from "../app-context.tsx";
import { Card } from "../parts/card.tsx";
import { NumberField } from "../parts/number-field.tsx";
import { Switch } from "../parts/switch.tsx";
import { RateField } from "../share/options-drawer.tsx";

const FEWEST_SLOTS = 2;
const MOST_SLOTS = 50;
const FEWEST_CONNECTIONS = 4;
const MOST_CONNECTIONS = 60;

/** Speed, and who is connected to. */
export function NetworkSettings() {
  const text = useText();
  const { commands } = useActions();
  const settings = useApp((state) => state.settings);
  if (settings === undefined) return null;
  const change = (changed: Partial<Settings>) => commands.configure({ ...settings, ...changed });
  const { uploadBytesPerSecond, downloadBytesPerSecond, ...others } = settings;

  return (
    <Card title={text.settings.network}>
      <RateField
        label={text.options.uploadLimit}
        value={uploadBytesPerSecond}
        onChange={(limit) =>
          commands.configure({
            ...others,
            ...(downloadBytesPerSecond !== undefined && { downloadBytesPerSecond }),
            ...(limit !== undefined && { uploadBytesPerSecond: limit }),
          })
        }
        testId="upload-limit"
      />
      <RateField
        label={text.options.downloadLimit}
        value={downloadBytesPerSecond}
        onChange={(limit) =>
          commands.configure({
            ...others,
            ...(uploadBytesPerSecond !== undefined && { uploadBytesPerSecond }),
            ...(limit !== undefined && { downloadBytesPerSecond: limit }),
          })
        }
        testId="download-limit"
      />
      <NumberField
        label={text.settings.uploadSlots}
        hint={text.settings.uploadSlotsHint}
        value={settings.uploadSlots}
        onChange={(uploadSlots = settings.uploadSlots) => change({ uploadSlots })}
        least={FEWEST_SLOTS}
        most={MOST_SLOTS}
        step={1}
        testId="upload-slots"
      />
      <NumberField
        label={text.settings.connections}
        hint={text.settings.connectionsHint}
        value={settings.connections}
        onChange={(connections = settings.connections) => change({ connections })}
        least={FEWEST_CONNECTIONS}
        most={MOST_CONNECTIONS}
        step={1}
        testId="connections"
      />
      <Switch
        label={text.settings.relayOnly}
        hint={text.settings.relayOnlyHint}
        isOn={settings.relayOnly}
        onChange={(relayOnly) => change({ relayOnly })}
        testId="relay-only"
      />
    </Card>
  );
}
