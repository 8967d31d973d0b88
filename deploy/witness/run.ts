import { type Clock, Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { type Note, parseVerifierKey, type VerifierKey } from "../../certs/log/index.ts";
import { type LogWitness, makeWitness, type WitnessStore } from "../../certs/witness/index.ts";
import { keepEvidence } from "./evidence.ts";
import { loadWitnessConfig, openCosigners, type WitnessConfig } from "./folder.ts";
import { type HubLink, type LinkGround, openHubLink } from "./hub-link.ts";
import { listen, type Listening } from "./listen.ts";
import { openSeenStore } from "./seen-store.ts";
import { type Visit, visitHub } from "./visit.ts";

/** What a witness runs with. */
export interface RunOptions extends LinkGround {
  readonly signal: AbortSignal;
  /** Tells people what happened. */
  readonly say: (text: string) => void;
}

/** How often a hub is visited: a checkpoint is offered for five seconds at least, and for a minute while few cosigned. */
const visitEveryMs = 5_000;
const renewEveryMs = 60_000;
const onceMs = 60_000;
const stepMs = 100;

/** A witness with all that belongs to it. */
interface Opened {
  readonly options: RunOptions;
  readonly config: WitnessConfig;
  readonly store: WitnessStore;
  readonly witness: LogWitness;
  readonly link: HubLink | undefined;
  /** Logs that contradicted themselves; once there is one, trust is not renewed from where it came. */
  readonly liars: Set<string>;
}

function keysOfRegister({ register }: HubLink, clock: Clock): readonly VerifierKey[] {
  const view = register();
  return view.hubs.flatMap(({ hub }) => view.logKeys(hub, clock.now()));
}

function tellLie({ options, liars }: Pick<Opened, "options" | "liars">, lie: { origin: string; before: Note; after: Note; says: string }): void {
  liars.add(lie.origin);
  const file = keepEvidence(options.dir, { ...lie, at: options.clock.now() });
  options.say(`ALARM: ${lie.origin} is not cosigned: ${lie.says}. Both of its notes are in ${file}; show them to the registrars.`);
} // prettier-ignore

function openWitness(options: RunOptions): Opened {
  const { dir, clock } = options;
  const config = loadWitnessConfig(dir);
  const store = openSeenStore(dir);
  const link = config.link === undefined ? undefined : openHubLink(config.link, options);
  const given = config.logs.map(parseVerifierKey);
  const liars = new Set<string>();
  const witness = makeWitness({
    store,
    cosigners: openCosigners(dir, config.name),
    clock,
    keysOf: (origin) => {
      const known = [...given, ...(link === undefined ? [] : keysOfRegister(link, clock))];
      return known.filter(({ name }) => name === origin);
    },
    onLie: ({ origin, note: after }, before) => {
      tellLie(
        { options, liars },
        { origin, before, after, says: "it signed two trees of one size" },
      );
    },
  });
  return { options, config, store, witness, link, liars };
}

function hear({ options, store, liars }: Opened, visit: Visit): void {
  if (visit.kind === "cosigned") options.say(`${visit.origin}: cosigned ${visit.size} entries`);
  if (visit.kind !== "refused") return;
  const { origin, after, says } = visit;
  const before = store.lastOf(origin);
  if (after !== undefined && before !== undefined) tellLie({ options, liars }, { origin, before, after, says });
  else options.say(`${origin}: ${says}`);
} // prettier-ignore

/** Visits the hub once; what cannot be now is tried again at the next visit. @throws {Fault} INTEGRITY_STORE, KEY_* */
async function visitOnce(opened: Opened, link: HubLink): Promise<Visit | undefined> {
  try {
    const visit = await visitHub(link.ask, opened.witness);
    hear(opened, visit);
    return visit;
  } catch (error) {
    const fault = toFault(error, "INTERNAL");
    if (fault.code === "INTEGRITY_STORE" || fault.code.startsWith("KEY_")) throw fault;
    opened.options.say(`${fault.code}: ${fault.detail}`);
    return undefined;
  }
}

async function renew({ liars, options }: Opened, link: HubLink): Promise<void> {
  // whose log lies may hand on a register that is as false
  if (liars.size > 0) return;
  try {
    await link.renew();
  } catch (error) {
    if (!isFault(error)) throw error;
    options.say(`${error.code}: ${error.detail}`);
  }
}

async function untilUp({ options: { clock, signal } }: Opened, link: HubLink): Promise<void> {
  const end = clock.elapsed() + onceMs;
  while (!link.isUp && !signal.aborted && clock.elapsed() < end) await clock.sleep(stepMs);
  if (!link.isUp) throw new Fault("HUB_UNREACHABLE", "the hub did not answer");
}

/** One visit; says whether all is well with the log. @throws {Fault} HUB_UNREACHABLE, and what `visitOnce` does */
async function runOnce(opened: Opened, link: HubLink): Promise<boolean> {
  await untilUp(opened, link);
  await renew(opened, link);
  const visit = await visitOnce(opened, link);
  if (visit === undefined) throw new Fault("HUB_UNREACHABLE", "the hub could not be visited");
  if (visit.kind === "nothing") opened.options.say(visit.says);
  return visit.kind !== "refused";
}

async function goRound(opened: Opened, link: HubLink): Promise<void> {
  const { clock, signal } = opened.options;
  let renewedAt = -renewEveryMs;
  while (!signal.aborted) {
    if (link.isUp && clock.elapsed() - renewedAt >= renewEveryMs) {
      renewedAt = clock.elapsed();
      await renew(opened, link);
    }
    if (link.isUp) await visitOnce(opened, link);
    const end = clock.elapsed() + visitEveryMs;
    while (!signal.aborted && clock.elapsed() < end) await clock.sleep(stepMs);
  }
}

async function startListening({ config, options, witness }: Opened, onFault: (fault: Fault) => void): Promise<Listening | undefined> {
  if (config.listen === undefined) return undefined;
  const listening = await listen(witness, { ...config.listen, onFault });
  options.say(`listening on ${listening.url}/add-checkpoint`);
  return listening;
} // prettier-ignore

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

/**
 * Runs a witness until it is asked to stop; with `isOnce` it visits its hub and ends.
 *
 * @returns whether no log was found to contradict itself
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE, REGISTER_*, HUB_UNREACHABLE; INTEGRITY_STORE when what was cosigned cannot
 * be read or written
 */
export async function runWitness(options: RunOptions, isOnce: boolean): Promise<boolean> {
  const opened = openWitness(options);
  const { link, liars } = opened;
  if (isOnce && link === undefined) throw new Fault("USAGE_INVALID", "--once is for a witness that dials a hub");
  let listening: Listening | undefined;
  try {
    if (isOnce && link !== undefined) return await runOnce(opened, link);
    const failed = Promise.withResolvers<never>();
    listening = await startListening(opened, (fault) => {
      if (fault.code === "INTEGRITY_STORE") failed.reject(fault);
      else options.say(fault.code);
    });
    const going = link === undefined ? untilAborted(options.signal) : goRound(opened, link);
    await Promise.race([going, failed.promise]);
    return liars.size === 0;
  } finally {
    await listening?.stop();
    await link?.stop();
  }
} // prettier-ignore
