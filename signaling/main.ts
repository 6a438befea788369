/** Starts the server from the environment. Mistakes end it with one clear line each. */
import { readConfig } from "./config.ts";
import { type RunningServer, startServer } from "./server.ts";

const read = readConfig(process.env);
if (!read.ok) quit(...read.mistakes);

const { config } = read;
const server = await startServer(config).catch((error: NodeJS.ErrnoException) => quit(explain(error)));
process.stdout.write(`Shoal is at ${server.url}\n`);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop(server));

/** A second signal ends the process at once, as it does by default. */
async function stop(running: RunningServer): Promise<void> {
  await running.close();
  process.exit(0);
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${config.port} is in use. Set PORT to a free one, or stop what is using it.`;
    case "EACCES":
      return `Port ${config.port} needs more rights than this process has. Set PORT to one from 1024 on.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST=${config.host} is no address of this machine.`;
    default:
      return `The server could not start: ${message}`;
  }
}

function quit(...lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}
