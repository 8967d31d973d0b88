import { lastUse } from "../certs/trust/index.ts";
import type { Log } from "../schemas/ground/index.ts";
import type { Admission, Questions } from "./admission/index.ts";
import type { BlobDesk } from "./blobs/index.ts";
import type { Eraser } from "./erasure/index.ts";
import type { FloodWatch, Pauses } from "./flood/index.ts";
import type { Journal } from "./journal.ts";
import type { Links } from "./links.ts";
import type { HubLog } from "./log/index.ts";
import type { ServerControl } from "./nats/index.ts";
import type { BrokerOptions, BrokerStatus } from "./options.ts";
import type { HeldRegister, RegisterSource } from "./register-source.ts";
import type { OwnKeys } from "./renewal/index.ts";
import type { LogService } from "./serve/index.ts";
import type { ServerFace } from "./server-face.ts";
import type { StopDesk } from "./stop/index.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import type { Upkeep } from "./upkeep.ts";
import type { WitnessDesk } from "./witnesses/index.ts";

/** What holds while the broker runs. */
export interface Hub {
  readonly options: BrokerOptions;
  readonly log: Log;
  readonly own: OwnKeys;
  readonly face: ServerFace;
  readonly journal: Journal;
  readonly source: RegisterSource;
  readonly links: Links;
  readonly control: ServerControl;
  readonly pauses: Pauses;
  /** The register that logins and questions are answered by. */
  current: HeldRegister;
  /** Whether the connection that publications come by is up. */
  isServerUp: boolean;
}

/** What was started. */
export interface Running {
  readonly keeper: StreamKeeper;
  readonly admission: Admission;
  readonly button: StopDesk;
  readonly questions: Questions;
  readonly eraser: Eraser;
  readonly blobs: BlobDesk;
  readonly floods: FloodWatch;
  readonly upkeep: Upkeep;
  readonly known: { readonly size: number };
  readonly hubLog: HubLog | undefined;
  readonly witnesses: WitnessDesk | undefined;
  readonly logService: LogService | undefined;
}

/** Whether messages are taken in, as far as the broker itself can see: a log that has stopped for good lets none in. */
export function isReady({ turn }: Pick<BrokerOptions, "turn">, { upkeep, hubLog }: Pick<Running, "upkeep" | "hubLog">): boolean {
  return upkeep.isSound && hubLog?.status.stopped === undefined && turn?.isOurs !== false;
} // prettier-ignore

/** How a broker stands. */
export function statusOf({ options, current, links, own, isServerUp }: Hub, running: Running): BrokerStatus {
  const { keeper, admission, button, blobs, floods, known, hubLog, witnesses } = running;
  return {
    ready: isReady(options, running),
    stopped: button.stopped,
    serverUp: isServerUp,
    epoch: current.view.epoch,
    registerExpiresAt: current.view.expiresAt,
    registerUsableUntil: lastUse(current.view),
    certificates: own.ends(),
    serverVersion: links.system.info?.version ?? "",
    streams: Object.fromEntries([...keeper.intakes, ...keeper.instances]),
    known: known.size,
    underWay: admission.underWay,
    paused: floods.paused,
    ...admission.counts,
    blobs: { ...blobs.counts },
    log: hubLog?.status,
    witnesses: witnesses?.status,
  };
} // prettier-ignore
