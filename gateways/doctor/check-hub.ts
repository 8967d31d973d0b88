import { renderInstant, type Hub } from "../../schemas/index.ts";
import { isFault, sha256 } from "../../schemas/ground/index.ts";
import { type Certificate, parseCertificate } from "../../certs/shape/index.ts";
import { hubsOf, proveCertificate, type RegisterView } from "../../certs/trust/index.ts";
import { type Finding, makeFinding } from "./finding.ts";
import type { GatewayFolder } from "./folder.ts";
import type { Greeting, Identity, Place, Probes } from "./probes.ts";

const maxPemBytes = 64 * 1024;
const natsPort = 4222;

function placeOf(url: string): Place | undefined {
  const whole = url.includes("://") ? url : `tls://${url}`;
  if (!URL.canParse(whole)) return undefined;
  const { hostname, port } = new URL(whole);
  const host = hostname.replace(/^\[|\]$/g, "");
  return { host, port: port === "" ? natsPort : Number(port) };
}

/** Our link key is shown when it is a file that holds as it should; else the server is only looked at. */
function readIdentity(folder: GatewayFolder, probes: Probes): Identity | undefined {
  const own = folder.own.findLast(({ kind, key }) => kind === "LINK" && key !== undefined);
  const [keyPem, certificatePem] = [own?.key, own?.certificate].map((file) => {
    const bytes = file === undefined ? undefined : probes.read(file, maxPemBytes);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
  });
  if (keyPem === undefined || certificatePem === undefined) return undefined;
  return { keyPem, certificatePem };
}

function parseShown(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** Whose certificate a server shows, and whether the register names it as the hub's. */
function judgeServer(
  { certificate: der }: Greeting,
  place: Place,
  { view, hub, now }: { readonly view: RegisterView; readonly hub: Hub; readonly now: number },
): Finding | undefined {
  if (der === undefined) return undefined;
  const shown = parseShown(der);
  const facts = {
    host: place.host,
    port: place.port,
    subject: (shown?.subject ?? "?").slice(0, 200),
    until: shown === undefined ? "?" : renderInstant(shown.notAfter),
  };
  if (shown !== undefined && shown.notAfter <= now) return makeFinding("SERVER_ENDED", facts);
  try {
    const thumbprint = sha256(der);
    proveCertificate(view, { agency: hub.hub, kind: "SERVER", thumbprint }, now);
    return undefined;
  } catch (error) {
    if (!isFault(error)) throw error;
    return makeFinding("SERVER_FOREIGN", { ...facts, why: error.code });
  }
}

interface HubVisit {
  readonly view: RegisterView;
  readonly hub: Hub;
  readonly identity: Identity | undefined;
  readonly probes: Probes;
}

async function checkPlace(place: Place, visit: HubVisit): Promise<Finding> {
  const { probes, identity } = visit;
  const { host, port } = place;
  const unnamed = await probes.findName(host);
  if (unnamed !== undefined) return makeFinding("NAME_NOT_FOUND", { host, why: unnamed });
  const silent = await probes.reach(place);
  if (silent !== undefined) return makeFinding("PORT_SILENT", { host, port, why: silent });
  const greeting = await probes.greet(place, identity);
  const why = greeting.failed ?? "";
  if (greeting.certificate === undefined) return makeFinding("TLS_FAILED", { host, port, why });
  const foreign = judgeServer(greeting, place, { ...visit, now: probes.clock.now() });
  if (foreign !== undefined) return foreign;
  if (greeting.isGreeted) return makeFinding("HUB_ANSWERS", { host, port, ms: greeting.ms });
  return makeFinding("LINK_REFUSED", { host, port, why });
}

/** Each address of each of our hubs: its name, its port, its certificate, and whether it takes ours. */
export async function checkHub(
  folder: GatewayFolder,
  view: RegisterView,
  probes: Probes,
): Promise<readonly Finding[]> {
  const identity = readIdentity(folder, probes);
  const visits = hubsOf(view, folder.agency).flatMap((hub, at) => {
    // the configuration's addresses are the first hub's
    const urls = (at === 0 ? (folder.hubs ?? hub.urls) : hub.urls).slice(0, 16);
    const places = urls.flatMap((url) => placeOf(url) ?? []);
    return places.map((place) => checkPlace(place, { view, hub, identity, probes }));
  });
  return await Promise.all(visits);
}
