import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { judge, makeKnown } from "../../broker/admission/index.ts";
import { makeQuota } from "../../broker/admission/quota.ts";
import { mailboxOwners } from "../../broker/nats/index.ts";
import { withRenewed } from "../../certs/authority/index.ts";
import type { RenewalDisk, RenewalPlace } from "../../certs/renewal/index.ts";
import type { ProvenRegister } from "../../certs/trust/index.ts";
import { type Layout, makeLayout } from "../../deploy/local/layout.ts";
import { tendRenewals } from "../../deploy/local/office.ts";
import { planRegion, type RegionPlan } from "../../deploy/local/plan.ts";
import { makeRegion, openRegion, renewLists } from "../../deploy/local/region.ts";
import { type Offices, publish } from "../../deploy/local/register.ts";
import { loadGateway } from "../../gateways/config.ts";
import { makeOpeningKey } from "../../gateways/crypto/index.ts";
import type { Office } from "../../gateways/exchange/office.ts";
import { makePinDesk } from "../../gateways/exchange/pins.ts";
import { submit } from "../../gateways/exchange/submit.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import { makeRenewal, type Renewal } from "../../gateways/renewal/index.ts";
import { openStore, type Store } from "../../gateways/store/index.ts";
import {
  encodePublication,
  outSubject,
  parseIntakeSubject,
  storedSubject,
} from "../../schemas/index.ts";
import {
  type Log,
  makeSeededChance,
  renderUuid,
  silentLog,
  systemChance,
} from "../../schemas/ground/index.ts";
import { alert } from "./gateway-office.ts";
import { type KeptFolder, keepFolder } from "./kept-folder.ts";
import { makeStillClock, type StillClock } from "./memory-exchange.ts";
import { openProvenFile } from "./proven-file.ts";
import { replaceRegister } from "./register-edit.ts";

/** One alarm as it was written to the log. */
export interface Alarm {
  readonly type: string;
  readonly code: string;
  readonly days: number;
  readonly at: number;
}

/** A gateway without a link: its folder, keys and store are real; a test carries what it would send. */
export interface Party {
  readonly agency: string;
  readonly office: Office;
  readonly renewal: Renewal;
  /** What its configuration says. */
  readonly options: RenewalPlace;
  readonly alarms: readonly Alarm[];
  /** How often another certificate was to be shown to the hub. */
  readonly linkChanges: number;
  /** The register it holds; a newer one comes when it is told. */
  hold(register: ProvenRegister): void;
  /** Ends it where it stands, and begins again from its folder. */
  restart(disk?: RenewalDisk): void;
  stop(): void;
}

/** Two states with an agency each, a hub that judges, and days that pass when they are told to. */
export interface RenewalWorld {
  readonly clock: StillClock;
  readonly layout: Layout;
  readonly offices: Offices;
  party(agency: string): Party;
  register(): ProvenRegister;
  /** Every office but those away makes lists, and answers what lies in its agency's folder. */
  tendOffices(away?: readonly string[], vouched?: ReadonlySet<string>): Promise<readonly string[]>;
  /** The hub takes the register that was published last, and tells the parties. */
  turnHub(): void;
  /** Submits an alert, has the hub judge all that waits, and hands it on; gives the codes of what was refused. */
  send(from: string, to: string): Promise<readonly string[]>;
  stop(): void;
}

class MadeParty implements Party {
  readonly agency: string;
  readonly alarms: Alarm[] = [];
  office!: Office;
  renewal!: Renewal;
  options!: RenewalPlace;
  linkChanges = 0;
  readonly #layout: Layout;
  readonly #clock: StillClock;
  readonly #store: Store;
  #view: ProvenRegister;

  constructor(
    agency: string,
    { layout, clock, view }: { layout: Layout; clock: StillClock; view: ProvenRegister },
  ) {
    this.agency = agency;
    this.#layout = layout;
    this.#clock = clock;
    this.#view = view;
    this.#store = openStore(join(layout.gateway(agency), "store.db"));
    this.restart();
  }

  hold(register: ProvenRegister): void {
    this.#view = register;
    this.office.pins.under(register);
  }

  #log(): Log {
    const note = (
      _event: string,
      fields: { code?: string; type?: string; count?: number } = {},
    ) => {
      if (fields.count === undefined || fields.type === undefined) return;
      const { type, code = "", count: days } = fields;
      this.alarms.push({ type, code, days, at: this.#clock.now() });
    };
    return { ...silentLog, warn: note, error: note };
  }

  restart(disk?: RenewalDisk): void {
    const { agency } = this;
    const store = this.#store;
    const clock = this.#clock;
    const register = (): ProvenRegister => this.#view;
    const { options } = loadGateway(this.#layout.gateway(agency), clock);
    const renewal = makeRenewal({
      ...options.renewal!,
      agency,
      register,
      clock,
      log: this.#log(),
      onLink: () => (this.linkChanges += 1),
      disk,
    });
    this.renewal = renewal;
    this.options = options.renewal!;
    this.office = {
      agency,
      store,
      signer: renewal.signer,
      get keys() {
        return renewal
          .sealing()
          .map(({ certificate, key }) => makeOpeningKey(certificate.der, key));
      },
      register,
      pins: makePinDesk({
        agency,
        keys: () => this.office.keys,
        store,
        register,
        clock,
        log: silentLog,
      }),
      keysInMaking: new Map(),
      clock,
      chance: makeSeededChance(`${agency} ${clock.now()}`),
      log: silentLog,
      changed: () => undefined,
    };
    this.office.pins.under(this.#view);
  }

  stop(): void {
    this.#store.close();
  }
}

class MadeWorld implements RenewalWorld {
  readonly layout: Layout;
  readonly offices: Offices;
  readonly clock: StillClock;
  readonly register: () => ProvenRegister;
  readonly #parties: ReadonlyMap<string, MadeParty>;
  readonly #known = makeKnown(100_000);
  #hub: ProvenRegister;
  #sequence = 0;
  #key = 0;

  constructor(
    made: { layout: Layout; offices: Offices; clock: StillClock },
    agencies: readonly string[],
  ) {
    this.layout = made.layout;
    this.offices = made.offices;
    this.clock = made.clock;
    const { register, root } = made.layout;
    this.register = openProvenFile(register, () => readFileSync(root));
    this.#hub = this.register();
    this.#parties = new Map(
      agencies.map((agency) => [agency, new MadeParty(agency, { ...made, view: this.#hub })]),
    );
    this.turnHub();
  }

  party(agency: string): MadeParty {
    const found = this.#parties.get(agency);
    if (found === undefined) throw new Error(`no ${agency}`);
    return found;
  }

  async tendOffices(
    away: readonly string[] = [],
    vouched: ReadonlySet<string> = new Set(),
  ): Promise<readonly string[]> {
    const { layout, offices, clock } = this;
    const now = clock.now();
    await renewLists(layout, offices, now);
    const register = this.register();
    const outcomes = [];
    for (const [agency] of this.#parties) {
      const [authority = ""] = agency.split("/");
      const office = offices.all.get(authority);
      if (office === undefined || away.includes(authority)) continue;
      const folder = join(layout.gateway(agency), "renewal");
      const round = { register, now, chance: systemChance, vouched };
      outcomes.push(await tendRenewals(office, folder, round));
    }
    const added = outcomes.flatMap((one) => one.added);
    const states = [...register.trusted.parts.values()].map(({ part }) =>
      withRenewed(part, added, now),
    );
    const current = readFileSync(layout.register);
    if (added.length > 0)
      replaceRegister(layout.register, publish(current, { states }, { offices, now }));
    return outcomes.flatMap(({ refused }) => refused.map(({ code }) => code));
  }

  turnHub(): void {
    this.#hub = this.register();
    for (const party of this.#parties.values()) party.renewal.sawHub(this.#hub.epoch);
  }

  async send(from: string, to: string): Promise<readonly string[]> {
    const { office } = this.party(from);
    await submit(office, alert, `${from} ${(this.#key += 1)}`);
    const refused: string[] = [];
    for (const seq of office.store.outbox.waiting(1_000)) {
      const code = await this.#carry(office, seq, to);
      if (code !== undefined) refused.push(code);
    }
    return refused;
  }

  async #carry({ agency, store }: Office, seq: number, to: string): Promise<string | undefined> {
    const { channel, slip, slipSignature, message, stream } = store.outbox.get(seq)!;
    const { id, raw, audience } = store.messages.get(message)!;
    const bytes = encodePublication({ slip, slipSignature, message: raw });
    const place = parseIntakeSubject(
      outSubject(channel).replace(/^out/, `in.${agency.replace("/", ".")}`),
    );
    const now = this.clock.now();
    const verdict = judge(
      { bytes, place },
      {
        register: this.#hub,
        now,
        known: this.#known,
        quota: makeQuota(this.clock),
        mailboxes: mailboxOwners(this.#hub, now),
        instances: new Map([
          ["FEED_ECOWAS", "one"],
          ["DIRECT", "two"],
        ]),
      },
    );
    if (verdict.kind !== "admitted") {
      await store.write(() => store.outbox.settle(seq, "REFUSED"));
      return "fault" in verdict ? verdict.fault.code : verdict.kind;
    }
    this.#sequence += 1;
    await store.write(() =>
      store.outbox.accept(seq, { stream, instance: "one", sequence: this.#sequence }),
    );
    if (audience.includes(to))
      await this.#hand(to, { bytes, subject: storedSubject(channel, agency, renderUuid(id)) });
    return undefined;
  }

  async #hand(
    to: string,
    arrival: { readonly bytes: Uint8Array; readonly subject: string },
  ): Promise<void> {
    const party = this.party(to);
    const refreshRegister = async (): Promise<boolean> => {
      const isNewer = party.office.register().epoch < this.#hub.epoch;
      if (isNewer) party.hold(this.#hub);
      return await Promise.resolve(isNewer);
    };
    await makeTakePublications(party.office, { refreshRegister, held: () => undefined })([arrival]);
  }

  stop(): void {
    for (const party of this.#parties.values()) party.stop();
    for (const { journal } of this.offices.all.values()) journal.stop();
    rmSync(this.layout.home, { recursive: true });
  }
}

interface Ground {
  readonly plan: RegionPlan;
  readonly ports: { readonly base: number; readonly host: string; readonly natsServer: string };
  readonly from: number;
  readonly now: number;
}

/** Made once for each moment: keys and certificates are what a world costs. */
const regions = new Map<number, Promise<KeptFolder>>();

async function makeOnce({ plan, ...ground }: Ground): Promise<KeptFolder> {
  const home = mkdtempSync(join(tmpdir(), "renewal-made-"));
  try {
    const { all } = await makeRegion(plan, makeLayout(home), { ...ground, chance: systemChance });
    for (const { journal } of all.values()) journal.stop();
    return keepFolder(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Makes it at `now`, in a folder of its own. Worlds of one moment begin with the same keys, in one process. */
export async function makeRenewalWorld(now: number): Promise<RenewalWorld> {
  const from = now - 86_400_000;
  const plan = planRegion(from, { states: ["ng", "gh"], recs: ["ecowas"] });
  const ports = { base: 1, host: "127.0.0.1", natsServer: "nats-server" };
  const ground = { plan, ports, from, now };
  const made = regions.get(now) ?? makeOnce(ground);
  regions.set(now, made);
  const home = mkdtempSync(join(tmpdir(), "renewal-"));
  (await made).layOut(home);
  const layout = makeLayout(home);
  const { offices } = await openRegion(plan, layout, { ...ground, chance: systemChance });
  return new MadeWorld({ layout, offices, clock: makeStillClock(now) }, ["ng/tcu", "gh/tcu"]);
}
