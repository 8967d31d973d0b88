import { mkdirSync } from "node:fs";

import { type Clock, type Log, makeUuid, renderUuid, toFault } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { openTurnLink } from "./links.ts";
import { makeJetStream } from "./nats/index.ts";
import { spreadOf } from "./open-cluster.ts";
import { type BrokerOptions, hubFolderOf } from "./options.ts";
import { openOwnKeys } from "./own-keys.ts";
import { lookFirst, openRegisterSource } from "./register-source.ts";
import type { OwnLinkPem } from "./renewal/index.ts";
import { openHubKeys } from "./server-files.ts";
import { keepStatusFile } from "./status-file.ts";
import { makeTurnStore, readFolderId, takeTurn, type Turn } from "./turn/index.ts";
import { noteBroker } from "./turns.ts";

const readAgainMs = 5_000;

/** A broker that waits for its turn. */
export interface Standby {
  /** Resolves with the turn; with nothing when it was stopped before. */
  readonly turn: Promise<Turn | undefined>;
  /** Waits no more, and closes its connection: the turn is given back before. */
  stop(): Promise<void>;
}

/** What it is made of. */
export interface StandbyParts {
  /** Read anew at each dial: whoever works renews the hub's keys meanwhile. */
  readonly load: () => BrokerOptions;
  readonly log: Log;
}

/** The pair of the moment, read anew when it is some seconds old: who works renews it meanwhile. */
function makeLinkPair({ load, log, look, register, clock }: StandbyParts & { look: () => void; register: () => RegisterView; clock: Clock }): () => OwnLinkPem {
  const read = (): OwnLinkPem => {
    look();
    const own = openOwnKeys({ ...load(), log }, register);
    void own.stop();
    return own.link();
  };
  let held = { pair: read(), at: clock.elapsed() };
  return () => {
    if (clock.elapsed() - held.at < readAgainMs) return held.pair;
    held = { ...held, at: clock.elapsed() };
    try {
      held = { ...held, pair: read() };
    } catch (error) {
      // what is just being replaced is read at the next dial
      log.warn("the hub's own keys were not read", { code: toFault(error, "KEY_UNUSABLE").code });
    }
    return held.pair;
  };
} // prettier-ignore

/**
 * Waits for a broker's turn beside the one that works: it has a connection of its own, writes down that it waits, and does
 * nothing else.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE, REGISTER_*, HUB_LOGIN_REFUSED, INTEGRITY_STORE
 */
export async function startStandby({ load, log }: StandbyParts): Promise<Standby> {
  const options = load();
  const { clock, chance, standby, dir } = options;
  const folder = hubFolderOf(options);
  for (const one of [dir, folder]) mkdirSync(one, { recursive: true, mode: 0o700 });
  const source = openRegisterSource({ ...options, dir: folder });
  let { view } = lookFirst(source);
  noteBroker(options);
  const look = (): void => {
    const news = source.look();
    if (news.kind === "newer") ({ view } = news.held);
  };
  const link = makeLinkPair({ load, log, look, register: () => view, clock });
  const nats = await openTurnLink({ ...options, log }, { keys: openHubKeys(folder), register: () => view, link });
  let isOver = false;
  const store = makeTurnStore(nats, makeJetStream(nats, spreadOf(options)));
  const run = renderUuid(makeUuid(clock.now(), chance));
  const status = () => ({
    ready: true,
    standby: standby?.name ?? "",
    epoch: view.epoch,
    registerExpiresAt: view.expiresAt,
    accepted: 0,
    refused: 0,
    heldBack: 0,
    underWay: 0,
  });
  const telling = keepStatusFile({ dir, clock, log }, status);
  log.info("on standby", { subject: standby?.name ?? "" });
  const place = { broker: standby?.name ?? "", folder: readFolderId(folder, chance) };
  const turn = takeTurn({ store, clock, log, run, place, isOver: () => isOver, onDeaf: () => void nats.reconnect().catch(() => undefined) });
  const took = turn.finally(() => telling.stop());
  return {
    turn: took,
    stop: async () => {
      isOver = true;
      await (await took.catch(() => undefined))?.end();
      await nats.close();
    },
  };
} // prettier-ignore
