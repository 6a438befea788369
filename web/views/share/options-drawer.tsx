import { Globe, KeyRound, Lock } from "lucide-react";
import type { ShareLimits } from "../../store/session.ts";
import { useText } from "../app-context.tsx";
import { Drawer } from "../parts/drawer.tsx";
import { Icon } from "../parts/icon.tsx";
import { NumberField } from "../parts/number-field.tsx";
import styles from "./options-drawer.module.css";

const MB = 1_000_000;

/** Large enough for every line there is, MB/s. */
const FASTEST = 10_000;

interface OptionsDrawerProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly limits: ShareLimits;
  readonly onLimits: (limits: ShareLimits) => void;
  /** Of a share that has its link: what went into it and cannot be changed any more. */
  readonly sealed?: { readonly isPublic: boolean; readonly hasPassword: boolean };
  /** It is being received too. */
  readonly arrives?: boolean;
}

/** What can be set for one share, before it has its link and afterwards. */
export function OptionsDrawer(props: OptionsDrawerProps) {
  const text = useText();
  const { isOpen, onClose, limits, onLimits, sealed, arrives = false } = props;
  const { options } = text;
  const change = (changed: { readonly [Key in keyof ShareLimits]?: number | undefined }) =>
    onLimits(withoutUndefined({ ...limits, ...changed }));

  return (
    <Drawer title={sealed === undefined ? options.limits : options.title} isOpen={isOpen} onClose={onClose}>
      {sealed !== undefined && (
        <ul className={styles.facts}>
          <li className={styles.fact}>
            <Icon of={sealed.isPublic ? Globe : Lock} className={styles.icon} />
            {sealed.isPublic ? options.publicHint : options.privateHint}
          </li>
          {sealed.hasPassword && (
            <li className={styles.fact}>
              <Icon of={KeyRound} className={styles.icon} />
              {options.passwordSet}
            </li>
          )}
          <li className={styles.note}>{options.fixed}</li>
        </ul>
      )}
      <section className={styles.part} aria-label={options.speed}>
        <h3 className={styles.heading}>{options.speed}</h3>
        <RateField
          label={options.uploadLimit}
          value={limits.uploadBytesPerSecond}
          onChange={(uploadBytesPerSecond) => change({ uploadBytesPerSecond })}
          testId="share-upload-limit"
        />
        {arrives && (
          <RateField
            label={options.downloadLimit}
            value={limits.downloadBytesPerSecond}
            onChange={(downloadBytesPerSecond) => change({ downloadBytesPerSecond })}
            testId="share-download-limit"
          />
        )}
      </section>
      <section className={styles.part} aria-label={options.stopping}>
        <h3 className={styles.heading}>{options.stopping}</h3>
        <NumberField
          label={options.stopAtRatio}
          hint={options.stopAtRatioHint}
          value={limits.stopAtRatio}
          onChange={(stopAtRatio) => change({ stopAtRatio })}
          unit={options.times}
          placeholder={options.never}
          least={0.1}
          most={1_000}
          step={0.5}
          testId="stop-at-ratio"
        />
        <NumberField
          label={options.stopWhenIdle}
          value={limits.stopWhenIdleMinutes}
          onChange={(stopWhenIdleMinutes) => change({ stopWhenIdleMinutes })}
          unit={options.minutes}
          placeholder={options.never}
          least={1}
          most={10_000}
          step={5}
          testId="stop-when-idle"
        />
      </section>
    </Drawer>
  );
}

interface RateFieldProps {
  readonly label: string;
  /** Bytes per second; undefined for no limit. */
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly testId: string;
}

/** A limit on a rate, in MB/s. */
export function RateField({ label, value, onChange, testId }: RateFieldProps) {
  const text = useText();
  return (
    <NumberField
      label={label}
      value={value === undefined ? undefined : value / MB}
      onChange={(limit) => onChange(limit === undefined ? undefined : Math.round(limit * MB))}
      unit={text.options.rateUnit}
      placeholder={text.options.noLimit}
      least={0.01}
      most={FASTEST}
      step={0.5}
      testId={testId}
    />
  );
}

/** An absent limit is not there at all. */
function withoutUndefined(limits: { readonly [Key in keyof ShareLimits]?: number | undefined }): ShareLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
