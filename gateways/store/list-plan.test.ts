import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeSeededChance, renderUuid, sha256, utf8 } from "../../schemas/ground/index.ts";
import { type AuditTable, makeAuditTable } from "./audit.ts";
import { makeChanges } from "./changes.ts";
import type { Database } from "./database.ts";
import { makeMessageLists, type StoredQuery } from "./message-list.ts";
import type { StoredSummary } from "./message-row.ts";
import { makeMessages } from "./messages.ts";
import { openStoreFile } from "./restore-open.ts";

const count = 400;
const start = 1_780_272_000_000;
const minute = 60_000;
const chance = makeSeededChance("lists");
const pick = <T>(all: readonly T[]): T => all[chance.bytes(1)[0]! % all.length]!;

let dir: string;
let database: Database;
let close: () => void;
const stored: StoredSummary[] = [];
/** Places of what somebody was given. */
const opened = new Set<number>();

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "plan-"));
  const file = openStoreFile(join(dir, "store.db"), {});
  database = file.database;
  close = () => file.close();
  const messages = makeMessages(database, makeChanges(database, () => start));
  database.exec("BEGIN");
  for (let at = 0; at < count * 6; at += 1) {
    const box = pick(["in", "in", "out"] as const);
    // the clock goes back by hours now and then
    const storedAt = start + at * minute - (at % 97 === 0 ? 300 * minute : 0);
    const id = sha256(utf8(`${at}`)).slice(0, 16);
    const message = {
      box,
      id,
      originator: box === "out" ? "ng/tcu" : pick(["gh/tcu", "ma/moc"]),
      type: pick(["alert.incident", "bulletin.red_flag", "key.share"]),
      crimes: [pick(["drugs", "ml"])],
      recs: ["ecowas"],
      handling: pick(["H0", "H1", "H2", "H3"]),
      urgency: "NORMAL",
      status: "ACTUAL",
      createdAt: storedAt,
      expiresAt: start + (at % 50) * minute,
      storedAt,
      state: box === "in" ? pick(["VERIFIED", "VERIFIED", "QUARANTINED"]) : pick(["DELIVERED", "QUEUED"]),
      digest: sha256(id),
      audience: [],
      raw: id,
    };
    if (at % 6 === 0 || message.type === "key.share") stored.push({ ...message, seq: messages.add(message) });
    // places without a message, so that they fill more than one stretch
    else database.exec(`INSERT INTO message_span VALUES (${at} / 1024, ${storedAt}, ${storedAt})
      ON CONFLICT (block) DO UPDATE SET least = min(least, excluded.least), most = max(most, excluded.most)`);
  }
  noteReads(makeAuditTable(database));
  database.exec("COMMIT");
}); // prettier-ignore
afterAll(() => {
  close();
  rmSync(dir, { recursive: true });
});

/** Every second of them has a line in the record. */
const isRead = ({ seq }: StoredSummary): boolean => seq % 2 === 0;

/** Lines of the record: some say that a message was given to somebody, some that it was refused, some something else. */
function noteReads(audit: AuditTable): void {
  for (const [at, row] of stored.entries()) {
    if (!isRead(row)) continue;
    const object = renderUuid(row.id);
    const [act, outcome] = [at % 3 === 0 ? "MESSAGE_CLAIMED" : "MESSAGE_READ", at % 8 === 0 ? "NOT_FOUND" : "OK"];
    if (act === "MESSAGE_READ" && outcome === "OK") opened.add(row.seq);
    const [previous, hash] = [new Uint8Array(32), new Uint8Array(32)];
    audit.add({ position: at + 1, at: start, who: "ama", act, object, purpose: "", outcome, address: "", count: 1, digest: "", previous, hash });
  }
} // prettier-ignore

const times = { since: start + 500 * minute, until: start + 1_500 * minute } as const;
const drugs = { codes: [["crime", ["drugs"]]] } as const;
const both = { codes: [["crime", ["drugs"]], ["type", ["alert.incident"]]] } as const; // prettier-ignore
const none = { codes: [["crime", ["piracy"]]] } as const;
const narrow = ["H0", "H1"];

const asked: readonly Omit<StoredQuery, "limit">[] = [
  { box: "in" }, { box: "out" }, { box: "in", ...times }, { box: "out", since: times.since }, { box: "in", until: times.until },
  ...(["in", "out"] as const).flatMap((box) => [drugs, both, none].flatMap((wish) => [
    { box, wish }, { box, wish, ...times }, { box, wish, classes: narrow }, { box, wish, classes: [...narrow, "QUARANTINED"] },
    { box, wish, classes: [] }, { box, wish, until: times.until },
  ])),
  ...["VERIFIED", "QUARANTINED"].flatMap((state) => [
    { box: "in" as const, state }, { box: "in" as const, state, wish: drugs }, { box: "in" as const, state, classes: narrow },
    { box: "in" as const, state, wish: both, ...times }, { box: "in" as const, state, classes: ["H0", "H1", "H2", "H3"] },
  ]),
  ...["DELIVERED", "QUEUED", "REFUSED"].flatMap((state) => [
    { box: "out" as const, state }, { box: "out" as const, state, wish: drugs }, { box: "out" as const, state, wish: both, ...times },
    { box: "out" as const, state, wish: drugs, classes: narrow },
  ]),
  ...([{ box: "in" }, { box: "in", wish: drugs }, { box: "in", wish: both, ...times }, { box: "in", state: "VERIFIED" }] as const).map((one) => ({ ...one, unopenedBy: "MESSAGE_READ" as const })),
  { box: "in", classes: narrow }, { box: "in", classes: ["H0", "H1", "H2", "H3"] }, { wish: drugs }, { wish: both, ...times, classes: narrow },
]; // prettier-ignore

function isCoded({ crimes, type }: StoredSummary, wish: StoredQuery["wish"]): boolean {
  return (wish?.codes ?? []).every(([kind, values]) =>
    values.some((one) => (kind === "crime" ? crimes.includes(one) : type === one)),
  );
}

function isIn(row: StoredSummary, query: Omit<StoredQuery, "limit">): boolean {
  const { box = row.box, state = row.state, since = 0, until = Infinity } = query;
  const isBad = row.state === "QUARANTINED";
  const own = isBad ? row.state : row.handling;
  return [
    isBad || !row.type.startsWith("key."),
    isCoded(row, query.wish),
    box === row.box && state === row.state,
    query.classes === undefined || query.classes.includes(own),
    row.storedAt >= since && row.storedAt < until,
    query.unopenedBy === undefined || !opened.has(row.seq),
  ].every(Boolean);
}

const turns = {
  "the usual way": undefined,
  "every turn taken at once": { inState: 0, matches: 0 },
  "no turn ever taken": { inState: 1e6, matches: 1e6 },
} as const;

describe.each(Object.entries(turns))("with %s", (_, turn) => {
  it.each(asked)("%j shows and counts what a look at every row finds", (query) => {
    const lists = makeMessageLists(database, turn);
    const wanted = stored.filter((row) => isIn(row, query)).map(({ seq }) => seq).toReversed();
    const limit = count * 6;
    expect(lists.list({ ...query, limit }).map(({ seq }) => seq)).toEqual(wanted);
    expect(lists.countListed({ ...query, limit })).toBe(wanted.length);
    const [before = 0] = wanted.slice(5);
    expect(lists.list({ ...query, before, limit: 7 }).map(({ seq }) => seq)).toEqual(wanted.slice(6, 13));
  }); // prettier-ignore

  it.each(asked.filter(({ box }) => box !== undefined))("%j by its terms is what a look at every row finds", (query) => {
    const lists = makeMessageLists(database, turn);
    const { box = "in" } = query;
    const after = { dueAt: start + 20 * minute, seq: 9 };
    const wanted = stored
      .filter((row) => isIn(row, query) && (row.expiresAt > after.dueAt || (row.expiresAt === after.dueAt && row.seq > after.seq)))
      .toSorted((a, b) => a.expiresAt - b.expiresAt || a.seq - b.seq)
      .map(({ seq }) => seq);
    for (const limit of [9, count * 6]) {
      expect(lists.listDue({ ...query, box, after, limit }).map(({ seq }) => seq)).toEqual(wanted.slice(0, limit));
    }
  }); // prettier-ignore
});

/** A database that notes how SQLite goes about each statement. */
function watchPlans(plans: string[]): Database {
  return {
    ...database,
    prepare: (sql) => {
      const marks = sql.split("?").length - 1;
      const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array.from({ length: marks }, () => null));
      plans.push(...rows.map(({ detail }) => `${String(detail)} · ${sql}`));
      return database.prepare(sql);
    },
  };
} // prettier-ignore

/** A way through a whole table, or through the whole index of words: without a MATCH its plan names no M. */
function isWhole(plan: string): boolean {
  const [detail = ""] = plan.split(" · ");
  if (/^SCAN search (?:EXISTS )?VIRTUAL TABLE INDEX \d+:[<>=]*M/.test(detail)) return false;
  return /^SCAN (?!message_span|place|SUBQUERY|\(|CONSTANT)/.test(detail);
}

describe("how lists are found", () => {
  it("no list goes through all messages, terms or words, whatever narrows it", () => {
    const plans: string[] = [];
    for (const turn of Object.values(turns)) {
      const lists = makeMessageLists(watchPlans(plans), turn);
      for (const query of asked) {
        lists.list({ ...query, limit: 1 });
        lists.countListed({ ...query, limit: 1 });
        const { box = "in" } = query;
        lists.listDue({ ...query, box, after: { dueAt: start, seq: 0 }, limit: 1 });
      }
    }
    expect(plans.length).toBeGreaterThan(asked.length);
    expect(plans.filter(isWhole)).toEqual([]);
  });

  it("a list newest first is sorted by nothing but the order it is found in", () => {
    const plans: string[] = [];
    const lists = makeMessageLists(watchPlans(plans));
    for (const query of asked) lists.list({ ...query, limit: 1 });
    expect(plans.filter((plan) => plan.includes("TEMP B-TREE"))).toEqual([]);
  });

  it("a list by terms asks the index for what is looked for alone: its box and classes stand in the terms", () => {
    const said: unknown[] = [];
    const note = <T extends readonly unknown[]>(values: T): T => (said.push(...values), values);
    const watched: Database = {
      ...database,
      prepare: (sql) => {
        const own = database.prepare(sql);
        return { ...own, get: (...values) => own.get(...note(values)), all: (...values) => own.all(...note(values)) };
      },
    };
    const lists = makeMessageLists(watched);
    for (const query of asked) {
      const { box = "in" } = query;
      lists.listDue({ ...query, box, after: { dueAt: start, seq: 0 }, limit: 1 });
      const words = said.splice(0).map(String);
      expect([query, words.filter((one) => /(?:box_(?:in|out)|class_h\d)/.test(one))]).toEqual([query, []]);
    }
    const found = { box: "in", state: "QUARANTINED", wish: drugs, limit: 1 } as const;
    lists.listDue({ ...found, after: { dueAt: start, seq: 0 } });
    expect(said.some((one) => /crime_drugs.*class_quarantined/.test(String(one)))).toBe(true);
  }); // prettier-ignore

  it("lines of the record are found by who, what and which, in its order", () => {
    const plans: string[] = [];
    const audit = makeAuditTable(watchPlans(plans));
    const [who, act, object] = ["owner", "MESSAGE_READ", "x"];
    plans.length = 0;
    const ways = [
      { who },
      { act },
      { object },
      { who, act },
      { who, object },
      { who, act, object },
    ];
    for (const one of ways) audit.list({ ...one, before: 9, limit: 1 });
    expect(plans).toHaveLength(ways.length);
    expect(plans.filter((plan) => isWhole(plan) || plan.includes("TEMP B-TREE"))).toEqual([]);
    expect(plans[3]).toContain("audit_by_act");
    expect(plans.filter((plan) => plan.includes("audit_object"))).toHaveLength(3);
  });

  it("a way through everything would be seen", () => {
    const plans: string[] = [];
    const watched = watchPlans(plans);
    watched.prepare("SELECT * FROM message WHERE handling = ?");
    watched.prepare("SELECT rowid FROM search WHERE rowid < ?");
    expect(plans.filter(isWhole)).toHaveLength(2);
  });
});
