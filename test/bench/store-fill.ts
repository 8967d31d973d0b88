import { openSqlite, type Statement } from "../../gateways/store/drivers/sqlite.ts";
import { codeOf, soundOf } from "../../gateways/search/index.ts";
import { openStore } from "../../gateways/store/index.ts";
import { renderUuid, sha256, utf8 } from "../../schemas/ground/index.ts";
import { makeDraw, makeWord, type Draw } from "./store-draw.ts";

/** A real message's octets; those that fill a store have them under ids of their own, and the content where it is of their type. */
export interface Prototype {
  readonly type: string;
  readonly raw: Uint8Array;
  readonly parts: Uint8Array;
  readonly digest: Uint8Array;
}

/** What a store is filled with. */
export interface FillPlan {
  readonly path: string;
  readonly count: number;
  readonly prototypes: readonly Prototype[];
  readonly now: number;
  readonly say: (text: string) => void;
}

const batch = 5_000;
const dayMs = 86_400_000;
/** Messages lie over so long, evenly. */
const spreadMs = 300 * dayMs;

const types = [
  "alert.incident",
  "alert.person",
  "bulletin.red_flag",
  "notice.wanted",
  "request.assistance",
  "case.update",
  "hit.notice",
];
const crimes = ["drugs", "trafficking", "ml", "firearms", "cyber", "wildlife", "terror"];
const countries = [
  "NG",
  "GH",
  "SN",
  "CI",
  "TG",
  "BJ",
  "ML",
  "NE",
  "BF",
  "GM",
  "GN",
  "LR",
  "SL",
  "CV",
  "GW",
  "MA",
];

interface Drawn {
  readonly seq: number;
  readonly id: Uint8Array;
  readonly box: "in" | "out";
  readonly originator: string;
  readonly type: string;
  readonly crime: string;
  readonly handling: string;
  readonly urgency: string;
  readonly state: string;
  readonly country: string;
  readonly thread: string;
  readonly storedAt: number;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The id of a message of a filled store: a UUID of version 7 that says when it was stored. */
export function drawId(seq: number, storedAt: number): Uint8Array {
  const id = sha256(utf8(`message ${seq}`)).slice(0, 16);
  new DataView(id.buffer).setBigUint64(
    0,
    (BigInt(storedAt) << 16n) | 0x7000n | BigInt(seq & 0xfff),
  );
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  return id;
}

function drawMessage(draw: Draw, seq: number, plan: FillPlan): Drawn {
  const storedAt = Math.floor(plan.now - spreadMs + (spreadMs * seq) / (plan.count + 1));
  const box = draw.share(0.8) ? "in" : "out";
  const isBad = draw.share(0.005);
  const began = plan.now - spreadMs;
  const first = seq - (seq % 4) || 1;
  const firstAt = Math.floor(began + (spreadMs * first) / (plan.count + 1));
  return {
    seq,
    id: drawId(seq, storedAt),
    box,
    originator: box === "out" ? "ng/tcu" : `${draw.skewed(countries).toLowerCase()}/${draw.skewed(["tcu", "fiu", "moc"])}`,
    type: draw.share(0.0005) ? "notice.vessel" : draw.skewed(types),
    crime: draw.share(0.0005) ? "piracy" : draw.skewed(crimes),
    handling: draw.skewed(["H0", "H1", "H2", "H3"]),
    urgency: draw.share(0.01) ? "FLASH" : draw.skewed(["NORMAL", "ROUTINE"]),
    state: box === "in" ? (isBad ? "QUARANTINED" : "VERIFIED") : isBad ? "REFUSED" : draw.share(0.02) ? "EXPIRED" : "DELIVERED",
    country: draw.skewed(countries),
    thread: hex(drawId(first, firstAt)),
    storedAt,
  };
} // prettier-ignore

function codesOf(drawn: Drawn): string {
  const { box, handling, originator, type, urgency, id, crime, country, state, thread } = drawn;
  const outer = [
    codeOf("box", box), codeOf("class", state === "QUARANTINED" ? state : handling), codeOf("from", originator),
    codeOf("country", originator.split("/")[0] ?? ""), codeOf("type", type), codeOf("handling", handling),
    codeOf("urgency", urgency), codeOf("id", hex(id)), codeOf("crime", crime), codeOf("rec", "ecowas"),
  ]; // prettier-ignore
  if (state === "QUARANTINED") return outer.join(" ");
  return [...outer, codeOf("country", country), codeOf("thread", thread), codeOf("purpose", "any")].join(" ");
} // prettier-ignore

/** Words as texts have them: few of them everywhere, most of them seldom. */
function drawWords(draw: Draw): readonly [text: string, names: string, sounds: string] {
  const text = Array.from({ length: 25 }, () => makeWord(draw.rare(20_000))).join(" ");
  const names = [makeWord(30_000 + draw.rare(3_000)), makeWord(40_000 + draw.rare(3_000))];
  return [text, names.join(" "), names.flatMap((name) => soundOf(name) ?? []).join(" ")];
}

interface Inserts {
  readonly message: Statement;
  readonly due: Statement;
  readonly words: Statement;
  readonly audit: Statement;
  readonly change: Statement;
}

function addMessage(
  inserts: Inserts,
  drawn: Drawn,
  { type: readable, raw, parts, digest }: Prototype,
): void {
  const { seq, box, id, originator, type, crime, handling, urgency, state, storedAt } = drawn;
  const isBad = state === "QUARANTINED";
  const [octets, own] = isBad ? [id, sha256(id)] : [raw, digest];
  const endsAt = storedAt + 365 * dayMs;
  inserts.message.run(seq, box, id, originator, own, type, ` ${crime} `, " ecowas ", handling, urgency, "ACTUAL", storedAt, endsAt, storedAt, state, isBad ? "CERT_REVOKED" : null, "", isBad ? "feed" : null, octets, isBad || type !== readable ? null : parts); // prettier-ignore
  inserts.due.run(seq, box, isBad ? state : handling, endsAt);
  inserts.change.run(seq, seq, id, box, handling, state, storedAt);
}

const who = ["owner", "machine:case-system", "person:a", "person:b", "person:c", "person:d"];
const acts = ["MESSAGE_LISTED", "MESSAGE_READ", "MESSAGE_SEARCHED", "MESSAGE_SENT", "SIGNED_IN"];
const nothing = new Uint8Array(32);

function addLine(inserts: Inserts, draw: Draw, drawn: Drawn): void {
  const act = draw.share(0.0002) ? "RECORD_READ" : draw.skewed(acts);
  const object = act === "MESSAGE_READ" ? renderUuid(drawn.id) : "";
  const reader = draw.share(0.001) ? "person:seldom" : draw.skewed(who);
  inserts.audit.run(drawn.seq, drawn.storedAt, reader, act, object, "INVESTIGATION", "OK", "LOCAL", 1, nothing, nothing);
} // prettier-ignore

function prepare(database: ReturnType<typeof openSqlite>): Inserts {
  return {
    message: database.prepare(`INSERT INTO message (seq, box, id, originator, digest, type, crimes, recs, handling, urgency, status, created_at, expires_at,
      stored_at, state, code, audience, subject, raw, parts) VALUES (${"?, ".repeat(19)}?)`),
    due: database.prepare("INSERT INTO message_due (message, box, class, due_at) VALUES (?, ?, ?, ?)"),
    words: database.prepare("INSERT INTO search (rowid, text, names, sounds, codes) VALUES (?, ?, ?, ?, ?)"),
    audit: database.prepare(`INSERT INTO audit (position, at, who, act, object, purpose, outcome, address, count, previous, hash) VALUES (${"?, ".repeat(10)}?)`),
    change: database.prepare("INSERT INTO change (position, kind, message, id, box, handling, state, at) VALUES (?, 'STORED', ?, ?, ?, ?, ?, ?)"),
  };
} // prettier-ignore

function addDrafts(database: ReturnType<typeof openSqlite>, now: number): void {
  const add = database.prepare(
    "INSERT INTO draft VALUES (?, ?, ?, '{}', 'alert.incident', 'H0', 1, 2, ?, ?, ?, ?, NULL)",
  );
  for (let at = 0; at < 2_000; at += 1) {
    const owner = at < 150 ? "owner" : `person:${at % 20}`;
    const id = `00000000-0000-7000-8000-${at.toString(16).padStart(12, "0")}`;
    add.run(id, owner, at % 10 === 0 ? 1 : 0, owner, now - at, now - at, now + dayMs);
  }
}

/**
 * Fills a store with as many messages of others and ours, their words and codes, as many lines of the audit record and of the
 * log of changes; past the gateway's own writer, which syncs. The same count gives the same rows.
 */
export function fillStore(plan: FillPlan): void {
  const { path, count, prototypes, now, say } = plan;
  openStore(path).close();
  const database = openSqlite(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536");
  const inserts = prepare(database);
  for (let from = 1; from <= count; from += batch) {
    const draw = makeDraw(from);
    database.exec("BEGIN");
    for (let seq = from; seq < Math.min(from + batch, count + 1); seq += 1) {
      const drawn = drawMessage(draw, seq, plan);
      const prototype = prototypes.find(({ type }) => type === drawn.type) ?? prototypes[0];
      if (prototype === undefined) throw new Error("there is no message to fill with");
      addMessage(inserts, drawn, prototype);
      const words = drawn.state === "QUARANTINED" ? ["", "", ""] : drawWords(draw);
      inserts.words.run(seq, ...words, codesOf(drawn));
      addLine(inserts, draw, drawn);
    }
    database.exec("COMMIT");
    if ((from - 1) % (batch * 20) === 0) say(`${from - 1} of ${count} stored`);
  }
  addDrafts(database, now);
  database.exec("INSERT OR REPLACE INTO setting (name, value) VALUES ('search.indexed', '1')");
  database.close();
}
