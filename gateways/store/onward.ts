import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** How a message of somebody else was used: sent on, given out as a file, put before a court. */
export type OnwardKind = "ONWARD" | "EXPORT" | "COURT";

/** On what a use rests: its owner's consent, his handling that asks for none, or that it went back to who had it already. */
export type OnwardGround = "CONSENT" | "NOT_ASKED" | "HELD_ALREADY";

/** One use of what somebody else sent. */
export interface OnwardUse {
  /** The message that was used, and the agency that sent it. */
  readonly source: Bytes;
  readonly owner: string;
  readonly kind: OnwardKind;
  /** Codes of CONSENT_FOR. */
  readonly uses: readonly string[];
  /** An agency of the network, or a body outside by its country and name. */
  readonly agency?: string | undefined;
  readonly country?: string | undefined;
  readonly bodyName?: string | undefined;
  /** Codes of PURPOSE and CRIME. */
  readonly purposes: readonly string[];
  readonly crimes: readonly string[];
  readonly ground: OnwardGround;
  /** The message in which the consent stands; there exactly when the ground is CONSENT. */
  readonly consent?: Bytes | undefined;
  /** UUID of the message or of the export that carried it. */
  readonly carrier: string;
  readonly at: EpochMs;
  /** The caller who did it; "" where the gateway did. */
  readonly by: string;
}

/** A use with its number in the log. */
export interface LoggedUse extends OnwardUse {
  readonly seq: number;
}

/** Which uses are listed; `after` is the number of the last one of the page before. */
export interface OnwardQuery {
  readonly after?: number | undefined;
  readonly limit: number;
  /** Only what was used of this agency. */
  readonly owner?: string | undefined;
}

/**
 * The log of what was done with other agencies' messages. It outlives them, because whoever takes one back must reach
 * everybody who has it. What changes it is called inside `write` only.
 */
export interface OnwardLog {
  /** Adds a use; what its owner corrected or blocked before is to reach whoever is given it now. */
  add(use: OnwardUse): void;
  /** All uses of one message, the first first. */
  of(source: Bytes): readonly LoggedUse[];
  /** Uses that went out with one message or export. */
  carriedBy(carrier: string): readonly LoggedUse[];
  /** Takes out the uses of a message of ours that never left: nobody was given anything by it. */
  forget(carrier: string): void;
  /** Remembers that a message of somebody says something of the further use of another. */
  addWord(target: Bytes, message: number): void;
  /** Places of the messages that say something of the further use of this one, the first stored first. */
  wordsOn(target: Bytes): readonly number[];
  /** Places of all messages with this id: an id is its sender's choice, so two may have chosen one. */
  withId(id: Bytes): readonly number[];
  /** In the order they were made. */
  list(query: OnwardQuery): readonly LoggedUse[];
}

const kinds = ["ONWARD", "EXPORT", "COURT"] as const;
const grounds = ["CONSENT", "NOT_ASKED", "HELD_ALREADY"] as const;

function useOf(row: Row): LoggedUse {
  const [kind, ground] = [textOf(row, "kind"), textOf(row, "ground")];
  return {
    seq: numberOf(row, "seq"),
    source: bytesOf(row, "source"),
    owner: textOf(row, "owner"),
    kind: kinds.find((one) => one === kind) ?? "ONWARD",
    uses: parseNames(textOf(row, "used_for")),
    agency: maybeOf(row, "agency", textOf),
    country: maybeOf(row, "country", textOf),
    bodyName: maybeOf(row, "body_name", textOf),
    purposes: parseNames(textOf(row, "purposes")),
    crimes: parseNames(textOf(row, "crimes")),
    ground: grounds.find((one) => one === ground) ?? "NOT_ASKED",
    consent: maybeOf(row, "consent", bytesOf),
    carrier: textOf(row, "carrier"),
    at: numberOf(row, "at"),
    by: textOf(row, "who"),
  };
}

type Words = Pick<OnwardLog, "addWord" | "wordsOn" | "withId">;

function makeWords(database: Database): Words {
  const put = database.prepare("INSERT OR IGNORE INTO owner_word (target, message) VALUES (?, ?)");
  const of = database.prepare("SELECT message FROM owner_word WHERE target = ? ORDER BY message");
  const same = database.prepare("SELECT seq FROM message WHERE id = ? ORDER BY seq");
  return {
    addWord: (target, message) => void put.run(target, message),
    wordsOn: (target) => of.all(target).map((row) => numberOf(row, "message")),
    withId: (id) => same.all(id).map((row) => numberOf(row, "seq")),
  };
}

/** Builds the part of the store that holds the onward log. */
export function makeOnwardLog(database: Database): OnwardLog {
  const add = database.prepare(
    `INSERT INTO onward_use (source, owner, kind, used_for, agency, country, body_name, purposes, crimes, ground, consent, carrier, at, who)
     VALUES (${"?, ".repeat(13)}?)`,
  );
  const reopen = database.prepare(
    `UPDATE recall_order SET state = 'OPEN'
     WHERE target = ? AND originator = ? AND box = 'in' AND kind IN ('CORRECT', 'BLOCK') AND state = 'DONE'`,
  );
  const of = database.prepare("SELECT * FROM onward_use WHERE source = ? ORDER BY seq");
  const carried = database.prepare("SELECT * FROM onward_use WHERE carrier = ? ORDER BY seq");
  const forget = database.prepare("DELETE FROM onward_use WHERE carrier = ?");
  const all = database.prepare("SELECT * FROM onward_use WHERE seq > ? ORDER BY seq LIMIT ?");
  const owned = database.prepare("SELECT * FROM onward_use WHERE seq > ? AND owner = ? ORDER BY seq LIMIT ?");
  return {
    ...makeWords(database),
    add: ({ source, owner, kind, ground, consent, carrier, at, by, ...use }) => {
      const whom = [use.agency ?? null, use.country ?? null, use.bodyName ?? null] as const;
      const what = [renderNames(use.purposes), renderNames(use.crimes)] as const;
      add.run(source, owner, kind, renderNames(use.uses), ...whom, ...what, ground, consent ?? null, carrier, at, by);
      reopen.run(source, owner);
    },
    of: (source) => of.all(source).map(useOf),
    forget: (carrier) => void forget.run(carrier),
    carriedBy: (carrier) => carried.all(carrier).map(useOf),
    list: ({ after = 0, limit, owner }) =>
      (owner === undefined ? all.all(after, limit) : owned.all(after, owner, limit)).map(useOf),
  };
} // prettier-ignore
