/**
 * Numbers as a person reads them, in one language, through Intl.
 *
 * Invariants
 *  1. Sizes and rates are decimal (1 MB = 1,000,000 bytes), MB and above with one decimal.
 *  2. A percentage is rounded down: 100 is said only of what is complete.
 *  3. Durations are rounded so coarsely that they do not flicker.
 */

export interface Format {
  /** Bytes: "12 kB", "4.1 MB", "1.8 GB". */
  size(bytes: number): string;
  /** Bytes, a power of two of at least 1 KiB: "256 KiB", "4 MiB". */
  powerOfTwo(bytes: number): string;
  /** Bytes per second: "4.1 MB/s". */
  rate(bytesPerSecond: number): string;
  /** 0 … 1 as "42 %". */
  percent(fraction: number): string;
  /** Seconds: "4 min", "2 hr". Says neither "about" nor "left". */
  duration(seconds: number): string;
  /** One decimal: "0.8". */
  ratio(ratio: number): string;
  count(value: number): string;
  /** A time of the day, milliseconds since the epoch: "12:04". */
  time(at: number): string;
  /** Chooses the plural form of `value` by the language's rule and puts the number in place of "#". */
  plural(value: number, forms: PluralForms): string;
  /** "a, b and c". */
  list(parts: readonly string[]): string;
}

/** One text per CLDR plural category; "#" stands for the number. */
export type PluralForms = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

const sizeUnits = ["kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const NO_BREAK_SPACE = "\u00a0";

/** @param locale BCP 47 tag of the language that the text is in. */
export function createFormat(locale: string): Format {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const timeOfDay = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const plurals = new Intl.PluralRules(locale);
  const conjunction = new Intl.ListFormat(locale, { type: "conjunction" });
  const bytesUnit = unitFormat(locale, "byte", 0, "long");
  const sizes = sizeUnits.map((unit) => unitFormat(locale, unit, unit === "kilobyte" ? 0 : 1));
  const rates = sizeUnits.map((unit) =>
    unitFormat(locale, `${unit}-per-second`, unit === "kilobyte" ? 0 : 1),
  );
  const durations = {
    second: unitFormat(locale, "second", 0),
    minute: unitFormat(locale, "minute", 0),
    hour: unitFormat(locale, "hour", 0),
    day: unitFormat(locale, "day", 0),
  };

  const inUnits = (formats: readonly Intl.NumberFormat[], bytes: number): string => {
    const { index, value } = scaled(bytes);
    return unbroken((formats[index] ?? bytesUnit).format(value));
  };

  return {
    size: (bytes) => (bytes < 1000 ? unbroken(bytesUnit.format(bytes)) : inUnits(sizes, bytes)),
    powerOfTwo: (bytes) =>
      bytes < 1024 ** 2
        ? `${whole.format(bytes / 1024)}${NO_BREAK_SPACE}KiB`
        : `${whole.format(bytes / 1024 ** 2)}${NO_BREAK_SPACE}MiB`,
    rate: (bytesPerSecond) => inUnits(rates, bytesPerSecond),
    percent: (fraction) => `${whole.format(Math.floor(clamp01(fraction) * 100))}${NO_BREAK_SPACE}%`,
    duration: (seconds) => {
      const { unit, value } = rounded(seconds);
      return unbroken(durations[unit].format(value));
    },
    ratio: (ratio) => oneDecimal.format(ratio),
    count: (value) => whole.format(value),
    time: (at) => timeOfDay.format(at),
    plural: (value, forms) => {
      const form = forms[plurals.select(value)] ?? forms.other;
      return form.replace("#", whole.format(value));
    },
    list: (parts) => conjunction.format(parts),
  };
}

function unitFormat(
  locale: string,
  unit: string,
  decimals: number,
  unitDisplay: "short" | "long" = "short",
): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** From 100 kB on MB are used, so that "0.1 MB" is the smallest size in MB. */
function scaled(bytes: number): { index: number; value: number } {
  let index = 0;
  let value = bytes / 1000;
  if (value >= 100) {
    index = 1;
    value /= 1000;
  }
  // 999.95 would be shown as "1,000.0".
  while (value >= 999.95 && index < sizeUnits.length - 1) {
    index++;
    value /= 1000;
  }
  return { index, value };
}

function rounded(seconds: number): { unit: "second" | "minute" | "hour" | "day"; value: number } {
  if (seconds < 10) return { unit: "second", value: Math.max(1, Math.ceil(seconds)) };
  if (seconds < 55) return { unit: "second", value: Math.round(seconds / 5) * 5 };
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 20) return { unit: "minute", value: minutes };
  if (minutes < 58) return { unit: "minute", value: Math.round(minutes / 5) * 5 };
  const hours = Math.max(1, Math.round(minutes / 60));
  if (hours < 36) return { unit: "hour", value: hours };
  return { unit: "day", value: Math.round(hours / 24) };
}

/** A number never stands at the end of a line without its unit. */
function unbroken(text: string): string {
  return text.replaceAll(" ", NO_BREAK_SPACE);
}

export function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
