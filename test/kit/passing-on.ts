import { submit } from "../../gateways/exchange/submit.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import { type Bytes, parseUuid, toFault } from "../../schemas/ground/index.ts";
import { handedOf, handKeys, type MadeOffice, makeOffice } from "./gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "./gateway-world.ts";

const now = 1_780_272_000_000;

/** What the agencies of a passing-on world may send. */
const types = [
  "request.*",
  "reply.*",
  "dissemination.*",
  "handling.*",
  "translation.*",
  "evidence.*",
  "data.*",
];

/** Some agencies' gateways without a hub: what one sends reaches those it is for at once. */
export interface PassingOn {
  office(agency: string): MadeOffice;
  /** Sends a message and hands it to those it is for; says its id. */
  send(agency: string, submission: object): Promise<string>;
  /** "sent", or the codes and places of why not. */
  refusal(agency: string, submission: object): Promise<string>;
  /** Moves all clocks. */
  pass(ms: number): void;
  close(): void;
}

/** Makes the region once; offices over it are made for each test. */
export function makePassingOnWorld(agencies: readonly string[]): Promise<GatewayWorld> {
  return makeGatewayWorld(agencies, { now, types });
}

function placesOf(handed: readonly { readonly subject: string; readonly bytes: Bytes }[]) {
  return handed.map((one, at) => ({ ...one, place: { stream: "DIRECT", instance: "one", sequence: at } }));
} // prettier-ignore

/** Opens an office for each agency. */
export function openPassingOn(world: GatewayWorld, agencies: readonly string[]): PassingOn {
  const offices = new Map(agencies.map((agency) => [agency, makeOffice(world, agency)]));
  const officeOf = (agency: string): MadeOffice => {
    const found = offices.get(agency);
    if (found === undefined) throw new Error(`no office of ${agency}`);
    return found;
  };
  let sent = 0;
  const hand = async (sender: MadeOffice, id: string): Promise<void> => {
    const stored = sender.store.messages.find(parseUuid(id));
    if (stored === undefined) throw new Error("not stored");
    await handKeys(sender);
    const handed = placesOf(handedOf(sender, stored.seq));
    for (const agency of stored.audience.filter((one) => offices.has(one))) {
      const parts = { refreshRegister: () => Promise.resolve(false), held: () => undefined };
      await makeTakePublications(officeOf(agency), parts)(handed);
    }
  };
  const send = async (agency: string, submission: object): Promise<string> => {
    sent += 1;
    const { id } = await submit(officeOf(agency), submission, `key ${sent}`);
    await hand(officeOf(agency), id);
    return id;
  };
  return {
    office: officeOf,
    send,
    refusal: async (agency, submission) => {
      try {
        await send(agency, submission);
        return "sent";
      } catch (error) {
        const { code, violations } = toFault(error, "INTERNAL");
        return [code, ...violations.map((one) => `${one.path} ${one.code}`)].join(" ");
      }
    },
    pass: (ms) => {
      for (const { clock } of offices.values()) clock.move(ms);
    },
    close: () => {
      for (const office of offices.values()) office.close();
    },
  };
}
