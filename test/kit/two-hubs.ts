import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import {
  type Broker,
  type BrokerOptions,
  loadBrokerConfig,
  loadBrokerOptions,
  renderServer,
  startBroker,
} from "../../broker/index.ts";
import { makeKeyPair, makeSigningKey, saveKey } from "../../certs/keys/index.ts";
import { logOriginOf, makeNoteSigner, renderVerifierKey } from "../../certs/log/index.ts";
import { saveConfigs } from "../../deploy/local/configs.ts";
import { saveCredentials } from "../../deploy/local/credential-files.ts";
import { type Layout, makeLayout } from "../../deploy/local/layout.ts";
import { type Credential, enrolAgency } from "../../deploy/local/office.ts";
import type { RegionPlan } from "../../deploy/local/plan.ts";
import { type Clock, startLog, systemChance } from "../../schemas/ground/index.ts";
import type { Hub } from "../../schemas/index.ts";
import {
  editRegister,
  readRegister,
  type RegisterEdit,
  registerParts,
  replaceRegister,
} from "./register-edit.ts";
import { natsServerBinary, type Server, startServer } from "./server.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

/** A second hub in a world: its own server, broker, streams and log; the register is one. */
export interface SecondHub {
  readonly hub: string;
  readonly server: Server;
  readonly broker: Broker;
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
}

/** A world of two hubs. */
export interface TwoHubs {
  readonly world: World;
  readonly first: string;
  readonly second: SecondHub;
  stop(): Promise<void>;
}

/** What a world of two hubs is made with. */
export interface TwoHubsOptions extends Pick<WorldOptions, "states" | "recs" | "plan"> {
  /** The communities that the second hub serves; the first serves the others. */
  readonly secondRecs: readonly string[];
  /** Whether the second hub has a copy of the register that nobody keeps up to date. */
  readonly isApart?: boolean;
}

/** The ports after the first hub's that its world does not need. */
const portsApart = 40;
const name = "au/hub-two";

type Prepared = Parameters<NonNullable<WorldOptions["prepare"]>>[0];

interface NewHub {
  readonly url: string;
  readonly verifierKey: string;
  readonly credentials: readonly Credential[];
  readonly secondRecs: readonly string[];
}

/** The register with a second hub in it, and the communities parted between the two. */
function addHub({ url, verifierKey, credentials, secondRecs }: NewHub): RegisterEdit {
  const from = Date.UTC(2025, 0, 29);
  const certificates = credentials.map(({ kind, certificate }) => ({ kind, certificate: certificate.der, endorsements: [] })); // prettier-ignore
  const names = [{ text: name, lang: "en", marks: [] }];
  const agency = { agency: name, kind: "HUB", names, languages: ["en"], certificates, keys: [] };
  const second: Hub = { hub: name, urls: [url], recs: [...secondRecs], log: { keys: [{ verifierKey, from }] } }; // prettier-ignore
  return {
    region: (now) => ({
      ...now,
      hubs: [
        ...now.hubs.map((hub) => ({ ...hub, recs: hub.recs.filter((rec) => !secondRecs.includes(rec)) })),
        second,
      ],
    }),
    states: { au: (now) => ({ ...now, agencies: [...now.agencies, agency] }) },
  }; // prettier-ignore
}

/**
 * Has a hub's keys made and certified in a folder of its own, and says in the register that it is there and which communities
 * it serves from now on.
 */
export async function enrolSecondHub(
  { layout, offices }: Omit<Prepared, "plan">,
  own: Layout,
  { secondRecs, url }: { readonly secondRecs: readonly string[]; readonly url: string },
): Promise<void> {
  const now = Date.now();
  const au = offices.all.get("au");
  if (au === undefined) throw new Error("there is no office of au");
  const kinds = ["LINK", "SIGNING", "SERVER"] as const;
  const credentials = await enrolAgency(au, { agency: name, kinds }, { now, chance: systemChance });
  saveCredentials(join(own.hub, "keys"), credentials);
  const key = makeKeyPair("Ed25519");
  saveKey(own.logKey, key);
  const { verifierKey } = makeNoteSigner(logOriginOf(name), makeSigningKey(key));
  const edit = addHub({
    url,
    verifierKey: renderVerifierKey(verifierKey),
    credentials,
    secondRecs,
  });
  const next = editRegister(readRegister(layout.register), edit, { offices, now });
  replaceRegister(layout.register, next);
}

async function prepareHub(
  { plan, ...made }: Prepared,
  own: Layout,
  secondRecs: readonly string[],
): Promise<number> {
  const held = readRegister(made.layout.register);
  const first = new URL(registerParts(held).region.hubs[0]?.urls[0] ?? "");
  const port = Number(first.port) + portsApart;
  await enrolSecondHub(made, own, { secondRecs, url: `tls://127.0.0.1:${port}` });
  const alone: RegionPlan = { ...plan, hub: name, agencies: [] };
  mkdirSync(own.hub, { recursive: true });
  saveConfigs(own, alone, { base: port, host: "127.0.0.1", natsServer: natsServerBinary() });
  return port;
}

class RunningHub implements SecondHub {
  readonly hub = name;
  readonly server: Server;
  readonly #options: BrokerOptions;
  #broker: Broker | undefined;

  constructor(server: Server, options: BrokerOptions) {
    this.server = server;
    this.#options = options;
  }

  get broker(): Broker {
    if (this.#broker === undefined) throw new Error("the second broker is stopped");
    return this.#broker;
  }

  async startBroker(): Promise<void> {
    this.#broker = await startBroker(this.#options);
  }

  async stopBroker(): Promise<void> {
    await this.#broker?.stop();
    this.#broker = undefined;
  }
}

function optionsOf({ logs, brokerConfig }: Layout, clock: Clock): BrokerOptions {
  const log = startLog({ name: "broker", file: join(logs, "broker.log") });
  return loadBrokerOptions(loadBrokerConfig(brokerConfig), { clock, chance: systemChance, log });
}

/** Starts a world whose communities are parted between two hubs, each with its own server and broker. */
export async function startTwoHubs({
  secondRecs,
  isApart = false,
  ...options
}: TwoHubsOptions): Promise<TwoHubs> {
  let own = makeLayout("");
  let port = 0;
  const world = await startWorld({
    ...options,
    prepare: async (made) => {
      const { home, register, root } = made.layout;
      const copy = join(home, "second.bin");
      own = { ...makeLayout(join(home, "second")), register: isApart ? copy : register, root };
      port = await prepareHub(made, own, secondRecs);
      if (isApart) copyFileSync(register, copy);
    },
  });
  try {
    const broker = optionsOf(own, world.clock);
    renderServer(broker);
    const second = new RunningHub(await startServer(own.serverConfig, port), broker);
    await second.startBroker();
    const stop = async (): Promise<void> => {
      await second.stopBroker();
      await second.server.stop();
      await world.stop();
    };
    return { world, first: world.plan.hub, second, stop };
  } catch (error) {
    await world.stop();
    throw error;
  }
}
