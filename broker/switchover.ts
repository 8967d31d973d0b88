import type { EpochMs, Log } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import type { Admission } from "./admission/index.ts";
import type { Journal } from "./journal.ts";
import {
  type ConsumerPlan,
  isLinking,
  planConsumers,
  type ServerControl,
  type StoredCells,
} from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";
import type { HeldRegister } from "./register-source.ts";
import type { ServerFace } from "./server-face.ts";
import { closeEndedSessions } from "./sessions.ts";
import { nextChange, standingOf } from "./standing.ts";
import type { StreamKeeper } from "./stream-keeper.ts";

/** What a change of register touches. */
export interface SwitchoverOptions {
  readonly options: BrokerOptions;
  readonly log: Log;
  readonly face: ServerFace;
  readonly keeper: StreamKeeper;
  readonly cells: StoredCells;
  readonly admission: Admission;
  readonly control: ServerControl;
  readonly journal: Journal;
  /** Makes a register the one that logins and questions are answered by. */
  readonly onCurrent: (held: HeldRegister) => void;
}

/** Puts registers in force, and keeps what follows from them in force as time passes. */
export interface Switchover {
  /** @throws {Fault} HUB_*, CONFIG_INVALID; then nothing after the failing part is in force, and it may be called again */
  apply(held: HeldRegister): Promise<void>;
  /** Works out anew what readers may read when a dated line began or ended. */
  follow(held: HeldRegister): Promise<void>;
  /** Makes streams and consumers that went missing. */
  mend(held: HeldRegister, isServerNew: boolean): Promise<void>;
  /** Closes sessions that may not stand any more. */
  sweep(held: HeldRegister): Promise<void>;
}

/** How far ahead the next dated line is looked for: more than any turn of the upkeep takes. */
const lookAheadMs = 60_000;

/** Builds the switchover; nothing is in force yet. */
export function makeSwitchover(parts: SwitchoverOptions): Switchover {
  const { options, log, face, keeper, cells, admission, control, journal, onCurrent } = parts;
  const { hub, clock } = options;
  let plans: readonly ConsumerPlan[] = [];
  let standing = "";
  let plannedAt = 0;
  let lookedAt = 0;
  /** What admission judges by. */
  let judged: RegisterView | undefined;

  const plan = async ({ view }: HeldRegister): Promise<void> => {
    const now = clock.now();
    const since = clock.elapsed();
    plans = await planConsumers(view, { hub, stored: cells, before: judged }, now);
    await keeper.applyConsumers(plans);
    standing = standingOf(view, now);
    plannedAt = now;
    log.debug("consumers stand", { count: plans.length, ms: clock.elapsed() - since });
  };

  /** When the filters that stand are wrong, as far as can be seen from here. */
  const endOf = (view: RegisterView): EpochMs | undefined => {
    lookedAt = clock.now();
    return nextChange(view, plannedAt, lookedAt - plannedAt + lookAheadMs);
  };

  /** Nobody has to wait for his next receipt to hear of a revocation. */
  const tell = ({ view }: HeldRegister, before: RegisterView | undefined): void => {
    if (before === undefined || before.epoch === view.epoch) return;
    const linking = view.agencies.map(({ agency }) => agency);
    admission.receipts.notice(linking.filter((agency) => isLinking(view, agency)));
  };

  /** What admission lets in from here on meets filters that were made for it. */
  const admit = ({ view }: HeldRegister): void => {
    judged = view;
    admission.use(view, clock.now(), endOf(view));
  };

  const sweep = async ({ view }: HeldRegister): Promise<void> => {
    const { ended, owners } = await closeEndedSessions(control, view, { hub, now: clock.now() });
    for (const session of ended) journal.ended(session);
    journal.learn(owners);
  };

  return {
    sweep,
    apply: async (held) => {
      await keeper.ensure(held.view);
      // Readers first: whatever the new register admits must meet filters that know it already.
      await plan(held);
      // Then logins, which the server asks about again when it reloads.
      onCurrent(held);
      await face.apply(held.view);
      const before = judged;
      admit(held);
      tell(held, before);
      journal.write("register loaded", { epoch: held.view.epoch });
      log.info("register in force", { epoch: held.view.epoch, hub });
      await sweep(held);
    },
    follow: async (held) => {
      await face.follow(held.view);
      if (standingOf(held.view, clock.now()) === standing) {
        if (clock.now() - lookedAt >= lookAheadMs / 2) admission.holdFrom(endOf(held.view));
        return;
      }
      await plan(held);
      admit(held);
      await sweep(held);
    },
    mend: async (held, isServerNew) => {
      const isAnyNew = await keeper.ensure(held.view);
      if (isAnyNew || isServerNew) {
        await keeper.applyConsumers(plans);
        admission.restart();
      }
      await face.mend(held.view);
    },
  };
}
