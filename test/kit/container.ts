import { spawnSync } from "node:child_process";

import { natsServerBinary } from "./server.ts";

/** Why no container can be started here; undefined when one can. */
export function engineTrouble(): string | undefined {
  const asked = spawnSync("docker", ["info", "--format", "{{.ServerVersion}}"], {
    encoding: "utf8",
  });
  if (asked.error !== undefined) return "there is no docker command";
  return asked.status === 0 ? undefined : "no container engine is running";
}

/** The nats-server that set-up found, by its path. */
export function findNatsServer(): string {
  const named = natsServerBinary();
  if (named.includes("/")) return named;
  return spawnSync("sh", ["-c", `command -v ${named}`], { encoding: "utf8" }).stdout.trim();
}
