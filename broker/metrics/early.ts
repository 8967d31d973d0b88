import type { Log } from "../../schemas/ground/index.ts";
import { type FaceOptions, startFace } from "./face.ts";
import type { HubHealth } from "./health.ts";
import { type HubFigure, hubFigures } from "./names.ts";

/** What is shown of a broker that works. */
export type Shown = Pick<FaceOptions, "metrics" | "health">;

/** Numbers and health of a hub's broker from the moment its process begins. */
export interface HubFace {
  readonly url: string;
  /** It works: these are its numbers. */
  show(shown: Shown): void;
  /** It does not work yet, or no more: it waits for its servers, or for its turn. */
  wait(kind: "STARTING" | "STANDBY"): void;
  stop(): Promise<void>;
}

/** Where it listens. */
export interface HubFacePlace {
  readonly host?: string | undefined;
  readonly port: number;
  readonly log: Log;
}

const contentType = "text/plain; version=0.0.4; charset=utf-8";

function line({ name, help }: HubFigure, value: number): string {
  return `# HELP atumpan_hub_${name} ${help}\n# TYPE atumpan_hub_${name} gauge\natumpan_hub_${name} ${value}\n`;
}

/** Nothing but what is known of one that does not work: other numbers would be read as the hub's. */
function waiting(kind: "STARTING" | "STANDBY"): Shown {
  const isStandby = kind === "STANDBY";
  const text = line(hubFigures.ready, 0) + line(hubFigures.standby, Number(isStandby));
  const health: HubHealth = isStandby
    ? { ready: true, standby: true, server: "up", register: true, log: true }
    : {
        ready: false,
        standby: false,
        code: "HUB_UNREACHABLE",
        server: "down",
        register: true,
        log: true,
      };
  return {
    metrics: { contentType, render: () => Promise.resolve(text) },
    health: () => health,
  };
}

/** Opens it for a broker that is about to start. @throws {Fault} CONFIG_INVALID when it cannot listen there */
export async function openHubFace(place: HubFacePlace): Promise<HubFace> {
  let now = waiting("STARTING");
  const face = await startFace({
    ...place,
    metrics: {
      get contentType() {
        return now.metrics.contentType;
      },
      render: () => now.metrics.render(),
    },
    health: () => now.health(),
  });
  return {
    url: face.url,
    show: (shown) => {
      now = shown;
    },
    wait: (kind) => {
      now = waiting(kind);
    },
    stop: () => face.stop(),
  };
} // prettier-ignore
