import { type Clock, isFault, type Log, toFault } from "../../schemas/ground/index.ts";
import type { VerifierKey } from "../../certs/log/index.ts";
import type { AlarmBell } from "../proofs/index.ts";
import type { Store } from "../store/index.ts";
import { isSuspect, type JudgeParts, judgeSuspect } from "./judge.ts";
import { type AskHub, beginWatch, type LogAsked, readLeaves } from "./read-entries.ts";

/** What a monitor is made of. */
export interface MonitorParts {
  readonly agency: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly ask: AskHub;
  readonly bell: AlarmBell;
  readonly register: () => ReturnType<JudgeParts["register"]> & LogKeys;
  /** The hub that this gateway is linked to. */
  readonly hub: () => string | undefined;
  /** False while the line is thin and there is anything else to carry. */
  readonly mayAsk: () => boolean;
  /** A checkpoint was shown: it is for others to follow. */
  readonly saw: (hub: string, note: Uint8Array) => void;
}

interface LogKeys {
  logKeys(hub: string, at: number): readonly VerifierKey[];
}

/** Reads the log for what was done in our name. */
export interface Monitor {
  /** Call about once a second. */
  tick(isUp: boolean): void;
  /** Resolves when what is asked at this moment was answered and kept. */
  settled(): Promise<void>;
}

/** Read, waited for a receipt and told: together less than a minute. */
const readEveryMs = 10_000;
const maxSuspects = 1_000;

/** Keeps what was read, and what of it has to be looked at again. */
async function readOnce(parts: MonitorParts, asked: LogAsked, judge: JudgeParts): Promise<void> {
  const { store, clock } = parts;
  const begin = async (): Promise<void> => {
    const begun = await beginWatch(asked);
    await store.write(() => store.logWatch.put(begun));
  };
  const from = store.logWatch.of(asked.hub);
  if (from === undefined) return await begin();
  const read = await readLeaves(asked, from);
  if (read === undefined) return undefined;
  // that the hub has another log is told by who proves messages in it
  if (read === "another") return await begin();
  const { next, leaves, note } = read;
  await store.write(() => {
    leaves.forEach((leaf, at) => {
      if (!isSuspect(judge, leaf)) return;
      store.logWatch.suspect({ origin: from.origin, index: from.size + at, leaf, seenAt: clock.now() });
    });
    store.logWatch.put(next);
  });
  parts.saw(asked.hub, note);
} // prettier-ignore

async function lookAtSuspects({ store, clock, bell, agency, hub }: MonitorParts, judge: JudgeParts): Promise<void> {
  const now = clock.now();
  for (const suspect of store.logWatch.suspects(maxSuspects)) {
    const verdict = judgeSuspect(judge, suspect, now);
    const { origin, alarmedAt } = suspect;
    if (verdict === "OURS") await store.write(() => store.logWatch.clear(suspect));
    else if (verdict !== undefined && alarmedAt === undefined) {
      await bell.raise({ code: verdict, hub: hub() ?? "", origin, agency });
      await store.write(() => store.logWatch.alarm(suspect, now));
    }
  }
} // prettier-ignore

/** Leaves that do not lead to the root are the hub's fault, and told; a line that is down is not. */
async function tellFault({ bell, hub, agency, log, store }: MonitorParts, error: unknown): Promise<void> {
  const { code } = toFault(error, "INTERNAL");
  log.warn("the log was not read", { code });
  if (!isFault(error, "LOG_INCONSISTENT")) return;
  const of = hub() ?? "";
  const origin = store.logWatch.of(of)?.origin ?? "";
  await bell.raise({ code, hub: of, origin, agency });
  // once a person says to go on, it begins where the log is then
  await store.write(() => store.logWatch.forget(of));
} // prettier-ignore

/** Starts to read the hub's log: from its present end on, and from then on all of it. */
export function startMonitor(parts: MonitorParts): Monitor {
  const { agency, store, clock, register, hub, ask } = parts;
  const judge: JudgeParts = { agency, watch: store.logWatch, acts: store.logActs, register };
  let running: Promise<void> | undefined;
  let readAt = -readEveryMs;

  const round = async (isUp: boolean): Promise<void> => {
    const of = hub() ?? "";
    const keys = register().logKeys(of, clock.now());
    if (keys.length === 0) return;
    const isHalted = parts.bell.isOpen({ code: "LOG_INCONSISTENT", hub: of });
    const isDue = clock.elapsed() - readAt >= readEveryMs;
    if (isUp && isDue && !isHalted && parts.mayAsk()) {
      readAt = clock.elapsed();
      await readOnce(parts, { ask, hub: of, keys }, judge);
    }
    await lookAtSuspects(parts, judge);
  };

  return {
    tick: (isUp) => {
      running ??= round(isUp)
        .catch((error: unknown) => tellFault(parts, error))
        .finally(() => {
          running = undefined;
        });
    },
    settled: async () => await running,
  };
}
