import type { Clock, Log } from "../../schemas/ground/index.ts";
import { consumerOf, intakePrefix, intakeStreamOf } from "../../schemas/index.ts";
import {
  ackMessage,
  admissionConsumer,
  hubLimits,
  type Link,
  type Msg,
  type Pull,
  type PullRoom,
  startPull,
} from "../nats/index.ts";

/** What the intakes are pulled with. */
export interface IntakePullsOptions {
  readonly link: Link;
  /** Prefix of the reply subjects, these pulls' alone. */
  readonly inbox: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes one message of an agency; it must not throw. */
  readonly onMessage: (agency: string, message: Msg) => void;
}

/** One pull for each agency: what one sends beyond its part stays in its own intake, at the server. */
export interface IntakePulls {
  /** Pulls for exactly these agencies from now on. */
  use(agencies: readonly string[]): void;
  /** One message is finished with. */
  done(message: Msg): void;
  /** Asks for nothing more of whoever sent this message for about so long. */
  pause(message: Msg, forMs: number): void;
  restart(): void;
  stop(): void;
  readonly underWay: number;
}

function partOf(total: number, parts: number, [least, most]: readonly [number, number]): number {
  return Math.max(least, Math.min(most, Math.floor(total / Math.max(1, parts))));
}

/** What one agency may have under way while so many have anything: no part of theirs, and all of it when it is alone. */
export function findRoom(busy: number): PullRoom {
  const { maxUnderWay, minAgencyUnderWay, maxAgencyUnderWay } = hubLimits;
  const { maxBytesUnderWay, minAgencyBytesUnderWay, maxAgencyBytesUnderWay } = hubLimits;
  return {
    messages: partOf(maxUnderWay, busy, [minAgencyUnderWay, maxAgencyUnderWay]),
    bytes: partOf(maxBytesUnderWay, busy, [minAgencyBytesUnderWay, maxAgencyBytesUnderWay]),
  };
}

/** Builds the pulls; none is started yet. */
export function makeIntakePulls(options: IntakePullsOptions): IntakePulls {
  const { link, inbox, clock, log, onMessage } = options;
  const pulls = new Map<string, Pull>();
  const takenBy = new WeakMap<Msg, Pull>();
  let underWay = 0;
  let busy = 0;
  let room = findRoom(0);

  const note = (pull: Pull, wasBusy: boolean): void => {
    const isBusy = pull.underWay > 0;
    if (isBusy === wasBusy) return;
    busy += isBusy ? 1 : -1;
    room = findRoom(busy);
  };

  const take = (agency: string, pull: Pull, message: Msg): void => {
    takenBy.set(message, pull);
    underWay += 1;
    note(pull, pull.underWay > 1);
    if (message.subject.startsWith(intakePrefix(agency))) return onMessage(agency, message);
    // The server stamps who sent it. What stands in an agency's intake in another's name was not sent by either.
    log.error("an intake holds what is not its agency's", { agency });
    ackMessage(message);
    return done(message);
  };

  const done = (message: Msg): void => {
    const pull = takenBy.get(message);
    if (pull === undefined || !takenBy.delete(message)) return;
    const wasBusy = pull.underWay > 0;
    underWay -= 1;
    pull.done(message);
    note(pull, wasBusy);
  };

  const start = (agency: string): Pull => {
    const pull: Pull = startPull({
      link,
      stream: intakeStreamOf(agency),
      consumer: admissionConsumer,
      inbox: `${inbox}.${consumerOf(agency)}`,
      clock,
      room: () => room,
      onMessage: (message) => take(agency, pull, message),
    });
    return pull;
  };

  return {
    use: (agencies) => {
      const wanted = new Set(agencies);
      for (const [agency, pull] of pulls) {
        if (wanted.has(agency)) continue;
        pull.stop();
        pulls.delete(agency);
      }
      for (const agency of wanted) if (!pulls.has(agency)) pulls.set(agency, start(agency));
    },
    done,
    pause: (message, forMs) => {
      const { minQuotaPauseMs, maxQuotaPauseMs } = hubLimits;
      const pauseMs = Math.max(minQuotaPauseMs, Math.min(maxQuotaPauseMs, forMs));
      takenBy.get(message)?.pause(pauseMs);
    },
    restart: () => {
      for (const pull of pulls.values()) pull.restart();
    },
    stop: () => {
      for (const pull of pulls.values()) pull.stop();
    },
    get underWay() {
      return underWay;
    },
  };
}
