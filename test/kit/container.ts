import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GenericContainer, StartupCheckStrategy, type StartupStatus } from "testcontainers";

import { isAnswering } from "../../deploy/local/answering.ts";
import { natsServerBinary, type Server } from "./server.ts";

/** Why no container can be started here; undefined when one can. */
export function engineTrouble(): string | undefined {
  const asked = spawnSync("docker", ["info", "--format", "{{.ServerVersion}}"], {
    encoding: "utf8",
  });
  if (asked.error !== undefined) return "there is no docker command";
  return asked.status === 0 ? undefined : "no container engine is running";
}

/** nats-server logs to a file, so readiness is asked of its port. */
class Answers extends StartupCheckStrategy {
  readonly #port: number;

  constructor(port: number) {
    super();
    this.#port = port;
  }

  override async checkStartupState(): Promise<StartupStatus> {
    return (await isAnswering(this.#port)) ? "SUCCESS" : "PENDING";
  }
}

function findBinary(): string {
  const named = natsServerBinary();
  if (named.includes("/")) return named;
  return spawnSync("sh", ["-c", `command -v ${named}`], { encoding: "utf8" }).stdout.trim();
}

/** An image with nothing in it but nats-server, built from the binary that set-up found. */
async function buildImage(): Promise<GenericContainer> {
  const context = mkdtempSync(join(tmpdir(), "atumpan-image-"));
  try {
    copyFileSync(findBinary(), join(context, "nats-server"));
    const lines = ["FROM scratch", "COPY nats-server /nats-server", 'ENTRYPOINT ["/nats-server"]'];
    writeFileSync(join(context, "Dockerfile"), `${lines.join("\n")}\n`);
    return await GenericContainer.fromDockerfile(context).build("atumpan-nats-server:test", {
      deleteOnExit: false,
    });
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/**
 * Starts nats-server in a container on the host's network, with the region's folder mounted where the
 * configuration expects it.
 */
export async function startContainerServer(
  home: string,
  config: string,
  port: number,
): Promise<Server> {
  const image = await buildImage();
  const container = await image
    .withNetworkMode("host")
    .withBindMounts([{ source: home, target: home, mode: "rw" }])
    .withCommand(["-c", config])
    .withWaitStrategy(new Answers(port))
    .withStartupTimeout(60_000)
    .start();
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  const refuse = (): Promise<never> => Promise.reject(new Error("a container is started once"));
  return { port, pid: undefined, kill: stop, start: refuse, stop };
}
