/** `GET /config` for any HTTP server: what a client has to know before it connects to others. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AddressGate } from "./address-gate.ts";
import { configFor, type IceSettings } from "./ice.ts";
import type { ServerConfig } from "./messages.ts";

/** The configuration for the client at `address`, or undefined when it asks too often. */
export type ConfigEndpoint = (address: string) => ServerConfig | undefined;

export function configEndpoint(ice: IceSettings, gate: AddressGate): ConfigEndpoint {
  return (address) => {
    if (!gate.admitConfig(address, performance.now())) return undefined;
    const user = randomBytes(6).toString("hex");
    return configFor(ice, version, user, Math.floor(Date.now() / 1000));
  };
}

/** Ours, as package.json says it. */
export const version = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return hasVersion ? String(manifest.version) : "unknown";
}
