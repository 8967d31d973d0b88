import { submit } from "../../gateways/exchange/submit.ts";
import { openSqlite } from "../../gateways/store/drivers/sqlite.ts";
import { openStore } from "../../gateways/store/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { renderUuid } from "../../schemas/ground/index.ts";
import {
  decodeParts,
  encodeBody,
  joinParts,
  makeParts,
  type MessageType,
  parseBody,
  renderParts,
} from "../../schemas/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { alert, makeOffice } from "../kit/gateway-office.ts";
import { makeGatewayWorld } from "../kit/gateway-world.ts";
import { drawId } from "./store-fill.ts";
import { makeDraw, type Draw } from "./store-draw.ts"; // prettier-ignore

const agency = "ng/tcu";
const batch = 5_000;
const dayMs = 86_400_000;
/** So many different bodies of each type; to make one for each message takes longer than to count them. */
const variants = 300;

const sexes = ["F", "M", "X"];
const countries = ["NG", "GH", "SN", "CI", "BJ", "TG"];

type Said = Readonly<Record<string, unknown>>;

function profile(draw: Draw, role: string): Said {
  return { role, sex: draw.skewed(sexes), ageBand: draw.skewed(["ADULT", "MINOR"]), nationality: draw.skewed(countries), count: 3 };
} // prettier-ignore

/** What of a type's example is otherwise in each of its messages. */
const changes: Readonly<Partial<Record<MessageType, (draw: Draw, i: number) => Said>>> = {
  "seizure.report": (draw) => ({ arrests: 4, profiles: [profile(draw, "SUSPECT")] }),
  "alert.incident": (draw) => ({ arrested: 2, victims: 5, profiles: [profile(draw, "VICTIM")] }),
  "som.movement": (draw, i) => ({ caseRef: `M-${i}`, smuggled: [profile(draw, "SMUGGLED_PERSON")] }),
  "request.information": () => ({}),
  "tip.victim": (draw, i) => ({ victimRef: `NG-V-${100 + i}`, caseRef: `C-${i % 60}`, sex: draw.skewed(sexes), citizenships: [draw.skewed(countries)] }),
  "tip.case": (_, i) => ({ caseRef: `C-${i}` }),
  "tip.perpetrator": (_, i) => ({ perpetratorRef: `NG-P-${100 + i}`, caseRef: `C-${i % 60}` }),
  "data.correct": () => ({ changes: [{ pointer: "/arrests", change: "REPLACED", newValue: "9" }] }),
}; // prettier-ignore

/** How many of twenty are of which type. */
const shares: readonly MessageType[] = [
  ...Array<MessageType>(6).fill("seizure.report"), ...Array<MessageType>(4).fill("alert.incident"), "som.movement", "som.movement",
  "request.information", "request.information", "tip.victim", "tip.victim", "tip.victim", "tip.case", "tip.perpetrator", "data.correct",
]; // prettier-ignore

/** What every message of the store has of a real one. */
interface Prototype {
  readonly raw: Uint8Array;
  readonly digest: Uint8Array;
  readonly header: Uint8Array;
}

async function makePrototype(): Promise<Prototype> {
  const world = await makeGatewayWorld([agency, "gh/tcu"], { now: Date.now() - 60_000 });
  const office = makeOffice(world, agency);
  try {
    await submit(office, alert, "prototype");
    const [{ seq } = { seq: 0 }] = office.store.messages.list({ box: "out", limit: 1 });
    const { raw, parts, digest } = office.store.messages.get(seq) ?? {};
    if (raw === undefined || parts === undefined || digest === undefined) throw new Error("there is no message to fill with");
    return { raw, digest, header: joinParts(decodeParts(parts).parts).innerHeader };
  } finally {
    office.close();
  }
} // prettier-ignore

function makeVariants(type: MessageType, { header }: Prototype, targets: readonly Uint8Array[]): readonly Uint8Array[] {
  return Array.from({ length: variants }, (_, i) => {
    const target = targets[i % Math.max(targets.length, 1)];
    const aimed = type === "data.correct" && target !== undefined ? { targetId: renderUuid(target) } : {};
    const body = parseBody(type, { ...exampleOf(type).body, ...changes[type]?.(makeDraw(i), i), ...aimed });
    return renderParts(makeParts(header, encodeBody(type, body), systemChance));
  });
} // prettier-ignore

/** Fills a store with messages of our own that figures are counted from, spread over a year; past the gateway's writer. */
export async function fillForFigures(path: string, count: number, now: number): Promise<void> {
  const prototype = await makePrototype();
  openStore(path).close();
  const database = openSqlite(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  const add = database.prepare(`INSERT INTO message (seq, box, id, originator, digest, type, crimes, recs, handling, urgency, status, created_at, expires_at,
    stored_at, state, code, audience, subject, raw, parts) VALUES (?, 'out', ?, ?, ?, ?, ?, ' ecowas ', 'H1', 'NORMAL', 'ACTUAL', ?, ?, ?, 'DELIVERED', NULL, '', NULL, ?, ?)`);
  const times = Array.from({ length: count }, (_, seq) => Math.floor(now - 365 * dayMs * (1 - seq / count)));
  const typeOf = (seq: number): MessageType => shares[(seq * 7) % shares.length] ?? "alert.incident";
  // corrections name reports that are there
  const targets = times.flatMap((at, seq) => (typeOf(seq) === "seizure.report" && seq % 40 === 0 ? [drawId(seq + 1, at)] : []));
  const bodies = new Map([...new Set(shares)].map((type) => [type, makeVariants(type, prototype, targets)]));
  for (let from = 0; from < count; from += batch) {
    database.exec("BEGIN");
    for (const [i, at] of times.slice(from, from + batch).entries()) {
      const seq = from + i;
      const type = typeOf(seq);
      const parts = bodies.get(type)?.[seq % variants] ?? new Uint8Array();
      const crime = type.startsWith("tip.") ? " tip " : " drugs ";
      add.run(seq + 1, drawId(seq + 1, at), agency, prototype.digest, type, crime, at, at + 400 * dayMs, at, prototype.raw, parts);
    }
    database.exec("COMMIT");
  }
  database.close();
} // prettier-ignore
