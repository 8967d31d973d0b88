import { hubsOf, type ProvenRegister } from "../../certs/trust/index.ts";
import { renderPem } from "../../certs/shape/index.ts";
import { type Language, renderInstant } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  renderHex,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { type Kit, type KitFile, kitFiles, type KitHub, renderKit } from "./kit.ts";
import { deriveKeys, makeMac } from "./seal.ts";
import { makeSay } from "./words.ts";

/** What an office decides about a kit, and what it takes for it. */
export interface KitOrder {
  readonly id: string;
  readonly agency: string;
  readonly madeBy: string;
  readonly madeAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly language: Language;
  readonly neighbour: string;
  readonly register: { readonly bytes: Bytes; readonly root: Bytes; readonly view: ProvenRegister };
  /** The drill message as a gateway takes it; a short alert to the neighbour when left out. */
  readonly drill?: string | undefined;
  /** Draws nothing: made by `makeCode`. */
  readonly code: string;
  /** The maker's signature over a join kit's manifest. */
  readonly sign: (manifest: Bytes) => string;
}

/** A kit to be written. */
export interface MadeKit {
  /** Every file, by its name. */
  readonly files: ReadonlyMap<string, Bytes>;
  /** What the office keeps: it proves the newcomer's request. */
  readonly answering: Bytes;
}

const apiPort = 7400;

function renderJson(value: unknown): Bytes {
  return utf8(`${JSON.stringify(value, undefined, 2)}\n`);
}

function pair(name: string): object {
  return { key: `keys/${name}.key`, certificate: `keys/${name}.pem` };
}

function makeGatewayFile(agency: string): Bytes {
  return renderJson({
    agency,
    api: { host: "127.0.0.1", port: apiPort },
    anchors: "root.json",
    keys: { signing: pair("signing"), link: pair("link"), sealing: [pair("sealing")] },
    monitor: "on",
    canary: {},
  });
} // prettier-ignore

/** It is an exercise in every field that a person reads. */
function makeDrill({ agency, neighbour, madeAt, language }: KitOrder): Bytes {
  const say = makeSay(language);
  const at = renderInstant(madeAt);
  const [state = ""] = agency.split("/");
  const country = /^[a-z]{2}$/.test(state) ? { country: state.toUpperCase() } : {};
  return renderJson({
    type: "alert.incident",
    recipients: [neighbour],
    crimes: ["drugs"],
    handling: "H1",
    status: "EXERCISE",
    inner: { caseRef: "DRILL-1", purposes: ["INVESTIGATION"] },
    body: {
      kind: "drugs",
      occurredFrom: at,
      place: { ...country, text: { text: say("drill.place"), lang: language } },
      commodities: [{ kind: "COCAINE", quantity: { value: "1", unit: "KG", estimated: true } }],
      narrative: { text: say("drill.text", { agency }), lang: language },
      caseStatus: "UNDER_INVESTIGATION",
      caseRef: "DRILL-1",
    },
  });
} // prettier-ignore

/** Who will serve the agency, by the register. @throws {Fault} REGISTER_INVALID */
function findHubs({ register: { view }, agency }: KitOrder): readonly KitHub[] {
  const hubs = hubsOf(view, agency).map(({ hub, urls }) => ({ hub, urls }));
  if (hubs.length > 0) return hubs;
  throw new Fault("REGISTER_INVALID", `no hub of the register serves ${agency}`);
}

/** The roots that vouch for the hubs, for whoever looks at a line with other tools. */
function renderHubRoots({ view }: KitOrder["register"], hubs: readonly KitHub[]): Bytes {
  const owners = new Set(hubs.map(({ hub }) => view.agency(hub)?.authority ?? ""));
  const roots = [...owners].flatMap((owner) => view.authority(owner)?.roots ?? []);
  return utf8(renderPem("CERTIFICATE", ...roots));
}

function makeReadme({ agency, madeBy: office, endsAt, language }: KitOrder, hubs: readonly KitHub[]): Bytes {
  const facts = { agency, office, until: renderInstant(endsAt).slice(0, 10), hubs: hubs.map(({ hub }) => hub).join(", ") };
  return utf8(makeSay(language)("readme", facts));
} // prettier-ignore

function digestOf(bytes: Bytes): string {
  return renderHex(sha256(bytes));
}

/**
 * Builds a join kit: every file, the manifest that holds their digests, the maker's signature and the code's seal over it.
 *
 * @throws {Fault} REGISTER_INVALID, and what signing throws
 */
export function makeKit(order: KitOrder): MadeKit {
  const { id, agency, madeBy, madeAt, endsAt, language, neighbour, register, drill } = order;
  const hubs = findHubs(order);
  const listed: Readonly<Record<KitFile, Bytes>> = {
    "README.txt": makeReadme(order, hubs),
    "drill.json": drill === undefined ? makeDrill(order) : utf8(drill),
    "gateway.json": makeGatewayFile(agency),
    "hub-ca.pem": renderHubRoots(register, hubs),
    "register.bin": register.bytes,
    "root.json": register.root,
  };
  const digest = (name: KitFile): string => digestOf(listed[name]);
  const files: Kit["files"] = {
    "README.txt": digest("README.txt"),
    "drill.json": digest("drill.json"),
    "gateway.json": digest("gateway.json"),
    "hub-ca.pem": digest("hub-ca.pem"),
    "register.bin": digest("register.bin"),
    "root.json": digest("root.json"),
  };
  const kit = { id, agency, madeBy, madeAt, endsAt, language, hubs, neighbour, files };
  const manifest = renderKit(kit);
  const { sealing, answering } = deriveKeys(order.code, manifest);
  const own = [
    ["kit.json", manifest],
    ["kit.sig", utf8(`${order.sign(manifest)}\n`)],
    ["kit.seal", utf8(`${renderHex(makeMac(sealing, "kit", manifest))}\n`)],
  ] as const;
  const all = new Map<string, Bytes>([...kitFiles.map((name) => [name, listed[name]] as const), ...own]); // prettier-ignore
  const sums = [...all].map(([name, bytes]) => `${digestOf(bytes)}  ${name}\n`).join("");
  all.set("SHA256SUMS", utf8(sums));
  return { files: all, answering };
}
