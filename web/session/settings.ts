/** What a person can set: for one share, and for all of them together. */
import { LINKS_PER_SESSION, LINKS_PER_SHARE, UPLOAD_SLOTS } from "./limits.ts";

/** Limits of one share; what is absent is not limited. */
export interface ShareLimits {
  readonly uploadBytesPerSecond?: number;
  readonly downloadBytesPerSecond?: number;
  /** Sharing stops when uploaded to downloaded (for who brought the files: to their size) has reached this. */
  readonly stopAtRatio?: number;
  /** Sharing stops when nobody has taken anything for this long. */
  readonly stopWhenIdleMinutes?: number;
}

/** Settings of all shares together. */
export interface Settings {
  readonly uploadBytesPerSecond?: number;
  readonly downloadBytesPerSecond?: number;
  /** How many people one share uploads to at once, the optimistic one included. */
  readonly uploadSlots: number;
  /** Most links of one share. */
  readonly connections: number;
  /** Connect through the relay alone, so that nobody sees this person's network address. */
  readonly relayOnly: boolean;
}

/** What one share may do at present; Infinity is no limit. */
export interface Allotment {
  readonly uploadBytesPerSecond: number;
  readonly downloadBytesPerSecond: number;
  readonly uploadSlots: number;
}

export const UNLIMITED: Allotment = {
  uploadBytesPerSecond: Infinity,
  downloadBytesPerSecond: Infinity,
  uploadSlots: UPLOAD_SLOTS,
};

export function isSameAllotment(one: Allotment, other: Allotment): boolean {
  return (
    one.uploadBytesPerSecond === other.uploadBytesPerSecond &&
    one.downloadBytesPerSecond === other.downloadBytesPerSecond &&
    one.uploadSlots === other.uploadSlots
  );
}

export const DEFAULT_SETTINGS: Settings = {
  uploadSlots: UPLOAD_SLOTS,
  connections: LINKS_PER_SHARE,
  relayOnly: false,
};

const MOST_SLOTS = 50;
const FEWEST_CONNECTIONS = 2;

/** The settings with every number in the range in which it makes sense; 0 or less lifts a rate limit. */
export function sensibleSettings(settings: Settings): Settings {
  return {
    ...sensibleRates(settings),
    uploadSlots: within(settings.uploadSlots, 1, MOST_SLOTS, UPLOAD_SLOTS),
    connections: within(settings.connections, FEWEST_CONNECTIONS, LINKS_PER_SESSION, LINKS_PER_SHARE),
    relayOnly: settings.relayOnly,
  };
}

/** The settings that an earlier session kept: those of a first visit where it kept none. */
export function keptSettings(kept: unknown): Settings {
  return sensibleSettings({ ...DEFAULT_SETTINGS, ...(kept as Partial<Settings> | undefined) });
}

/** The limits without those that make no sense; 0 or less lifts one. */
export function sensibleLimits(limits: ShareLimits): ShareLimits {
  const { stopAtRatio, stopWhenIdleMinutes } = limits;
  return {
    ...sensibleRates(limits),
    ...(isPositive(stopAtRatio) && { stopAtRatio }),
    ...(isPositive(stopWhenIdleMinutes) && { stopWhenIdleMinutes }),
  };
}

type Rates = Pick<ShareLimits, "uploadBytesPerSecond" | "downloadBytesPerSecond">;

function sensibleRates({ uploadBytesPerSecond, downloadBytesPerSecond }: Rates): Rates {
  return {
    ...(isPositive(uploadBytesPerSecond) && { uploadBytesPerSecond: Math.ceil(uploadBytesPerSecond) }),
    ...(isPositive(downloadBytesPerSecond) && { downloadBytesPerSecond: Math.ceil(downloadBytesPerSecond) }),
  };
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

function within(value: number, least: number, most: number, otherwise: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(Math.round(value), least), most) : otherwise;
}
