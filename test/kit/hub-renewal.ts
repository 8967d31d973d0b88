import { readFileSync } from "node:fs";
import { join } from "node:path";

import { loadBrokerConfig, loadBrokerOptions } from "../../broker/index.ts";
import { makeHubRenewal, type OwnKeys } from "../../broker/renewal/index.ts";
import { revokeCertificate } from "../../certs/authority/index.ts";
import type { OwnPair, RenewalDisk, RenewalPlace } from "../../certs/renewal/index.ts";
import { parseCertificate, parsePem } from "../../certs/shape/index.ts";
import type { ProvenRegister } from "../../certs/trust/index.ts";
import { tendRegion } from "../../deploy/local/renewals.ts";
import { renewLists } from "../../deploy/local/region.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import { makeRenewalWorld, type RenewalWorld } from "./renewal-world.ts";

/** What a hub was told of its own certificates. */
export interface HubTold {
  /** Kinds of certificates that came into use, in their order. */
  readonly changes: readonly OwnPair["kind"][];
  readonly alarms: readonly { readonly kind: string; readonly code: string; readonly days: number }[]; // prettier-ignore
  /** How often its own connections were to be made anew. */
  readonly links: number;
}

/** A hub's own keys in a world without a server: days pass when they are told to. */
export interface HubRenewalWorld {
  readonly world: RenewalWorld;
  readonly hub: string;
  readonly own: OwnKeys;
  readonly place: RenewalPlace;
  readonly told: HubTold;
  /** Where its renewed keys are, and where its requests lie. */
  readonly folders: { readonly keys: string; readonly carried: string };
  /** In force at the hub. */
  readonly held: ProvenRegister;
  /** The register that was published last comes in force. */
  hold(): Promise<void>;
  /** The offices make lists and answer what lies there; gives the codes of what was refused. */
  tendOffice(): Promise<readonly string[]>;
  /** The offices make lists and nothing else. */
  makeLists(): Promise<void>;
  /** Its authority revokes what the server shows; the next lists say so. */
  revokeShown(): void;
  /** Ends it where it stands, and begins again from its folder. */
  restart(disk?: RenewalDisk): void;
}

class MadeHub implements HubRenewalWorld {
  readonly world: RenewalWorld;
  readonly hub: string;
  readonly told: { changes: OwnPair["kind"][]; alarms: HubTold["alarms"][number][]; links: number };
  held: ProvenRegister;
  own!: OwnKeys;
  place!: RenewalPlace;

  constructor(world: RenewalWorld) {
    this.world = world;
    this.held = world.register();
    this.told = { changes: [], alarms: [], links: 0 };
    this.hub = loadBrokerConfig(world.layout.brokerConfig).hub;
    this.restart();
  }

  get folders(): HubRenewalWorld["folders"] {
    const { hub } = this.world.layout;
    return { keys: join(hub, "keys"), carried: join(hub, "renewal") };
  }

  restart(disk?: RenewalDisk): void {
    const { world, told } = this;
    const { clock } = world;
    const ground = { clock, chance: systemChance, log: silentLog };
    const { hub, renewal, server } = loadBrokerOptions(loadBrokerConfig(world.layout.brokerConfig), ground); // prettier-ignore
    this.place = renewal!;
    this.own = makeHubRenewal({
      hub,
      place: this.place,
      server: { certificateFile: server.certificateFile, keyFile: server.keyFile },
      register: () => this.held,
      clock,
      log: silentLog,
      disk,
      events: {
        onLink: () => (told.links += 1),
        onChange: (kind) => void told.changes.push(kind),
        onAlarm: ({ kind, daysLeft: days }, code) => void told.alarms.push({ kind, code, days }),
      },
    });
  }

  async hold(): Promise<void> {
    this.held = this.world.register();
    await this.own.tend();
  }

  async makeLists(): Promise<void> {
    const { layout, offices, clock } = this.world;
    await renewLists(layout, offices, clock.now());
  }

  revokeShown(): void {
    const { offices, clock } = this.world;
    const { authority, journal } = offices.all.get(this.hub.split("/")[0]!)!;
    const [der] = parsePem("CERTIFICATE", readFileSync(this.own.server().certificateFile, "utf8"));
    const { serial } = parseCertificate(der!);
    revokeCertificate({ authority, journal, serial, reason: "KEY_COMPROMISE", now: clock.now() });
  }

  async tendOffice(): Promise<readonly string[]> {
    const { layout, offices, clock } = this.world;
    await this.makeLists();
    const region = { layout, offices, agencies: [], hub: this.hub };
    const refused = await tendRegion(region, { now: clock.now(), chance: systemChance });
    return refused.map(({ code }) => code);
  }
}

/** Makes it at `now`, in a folder of its own. */
export async function makeHubRenewalWorld(now: number): Promise<HubRenewalWorld> {
  return new MadeHub(await makeRenewalWorld(now));
}
