import { commitToAct } from "../schemas/index.ts";
import { Fault, type Log } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { type Noted, type Place, readTakenNote } from "./admission/index.ts";
import type { Journal } from "./journal.ts";
import { inboxes, type Links } from "./links.ts";
import { checkLogKey, type HubLog, listLogKeys, openLogKey, startHubLog } from "./log/index.ts";
import { hubLimits, isFeedStream, type JetStream } from "./nats/index.ts";
import { type BrokerOptions, hubFolderOf } from "./options.ts";
import type { HeldRegister } from "./register-source.ts";
import { seenByOthers } from "./turns.ts";

/** What a broker has that its log needs. */
export interface LogParts {
  readonly options: BrokerOptions;
  readonly log: Log;
  readonly links: Pick<Links, "log">;
  readonly journal: Pick<Journal, "write" | "follow">;
  /** Every stream that stands, with its instance. */
  readonly instances: ReadonlyMap<string, string>;
  readonly jetStreamOf: (link: Links["log"]) => JetStream;
  /** The register of the moment. */
  readonly register: () => RegisterView;
}

/** Whether what stands in a stream is entered: messages are; receipts, files and what was refused are not. */
function isEntered(stream: string): boolean {
  return stream === "DIRECT" || isFeedStream(stream);
}

/**
 * Starts the log of a hub that has a key for it; undefined for a hub without.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function openHubLog(parts: LogParts): HubLog | undefined {
  const { options, log, links, journal, instances, jetStreamOf, register } = parts;
  const { dir, hub, clock, chance, server, turn } = options;
  const signer = openLogKey(hubFolderOf(options), hub, register());
  if (signer === undefined) return undefined;
  const key = signer.verifierKey;
  const checkKey = (): void => checkLogKey(register(), { hub, key, at: clock.now() });
  checkKey();
  const hubLog = startHubLog({
    dir,
    link: links.log,
    jetStream: jetStreamOf(links.log),
    inbox: inboxes.log,
    clock,
    chance,
    log,
    signer,
    keys: () => listLogKeys(register(), hub),
    checkKey: () => {
      if (turn?.isOurs === false)
        throw new Fault("HUB_UNREACHABLE", "another broker writes the log");
      checkKey();
    },
    seenByOthers: () => seenByOthers(options),
    maxBytes: Math.floor(server.maxFileBytes / hubLimits.logShare),
    streams: () => new Map([...instances].filter(([stream]) => isEntered(stream))),
    readTaken: readTakenNote,
    onStopped: ({ code }) => journal.write("log stopped", { code }),
  });
  journal.follow(({ trail, sequence, time, event, salt, line }) => {
    const act = event.toUpperCase().replaceAll(" ", "_");
    hubLog.act({ journal: trail, sequence, time, act, commitment: commitToAct(salt, line) });
  });
  return hubLog;
}

/** Enters what was taken. */
export function enterMessage(hubLog: HubLog, place: Place, noted: Noted): void {
  const { originator, channel, admittedAt, commitment } = noted;
  // of what an earlier version stored nothing is known but that it stands there; it is read from the stream
  if (admittedAt === undefined || commitment === undefined) return;
  hubLog.offer(place, { channel, originator, admittedAt, commitment });
}

/** Enters a register that came in force: by the digest that everybody has of it, whatever of it he could prove. */
export function enterRegister(hubLog: HubLog, { view }: Pick<HeldRegister, "view">): void {
  hubLog.register(view.epoch, view.digest);
}
