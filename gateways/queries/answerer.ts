import {
  bodyCodecs,
  decodeInnerHeader,
  decodeParts,
  type InnerHeader,
  joinParts,
} from "../../schemas/index.ts";
import type { QueryCheck } from "../../schemas/gen/index.ts";
import {
  type Chance,
  type Clock,
  type EpochMs,
  type Log,
  parseUuid,
  renderUuid,
  toFault,
} from "../../schemas/ground/index.ts";
import { type Exchange, keptByReference, type MessageSummary } from "../exchange/index.ts";
import { type LookupDesk, lookupLimits, type LookupSubject } from "../lookups/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";
import { type Fit, makeResult } from "./answer.ts";
import { type QueryPolicy, usualPerHour } from "./policy.ts";

/** What answers stand on. */
export interface AnswererParts {
  readonly agency: string;
  readonly store: Store;
  readonly exchange: Pick<Exchange, "submit" | "list" | "watch" | "decision">;
  readonly lookups: Pick<LookupDesk, "find" | "tell">;
  readonly policy: QueryPolicy;
  /** Writes into the audit record, within a write: who was answered, about how many. */
  note(line: { readonly object: string; readonly count: number }): void;
  readonly clock: Clock;
  readonly chance: Pick<Chance, "bytes">;
  readonly log: Log;
}

/** Answers checks while it runs. */
export interface QueryAnswerer {
  stop(): void;
}

const type = "query.check";
const hourMs = 3_600_000;
/** What waits longer than this was answered by a person, or the post asks again. */
const backMs = 24 * hourMs;

interface Question {
  readonly id: string;
  readonly asker: string;
  readonly crimes: readonly string[];
  readonly handling: string;
  readonly inner: InnerHeader;
  readonly body: QueryCheck;
}

function insideOf({ parts }: StoredMessage): ReturnType<typeof joinParts> | undefined {
  return parts === undefined ? undefined : joinParts(decodeParts(parts).parts);
}

function questionOf(stored: StoredMessage): Question | undefined {
  const inside = insideOf(stored);
  if (inside === undefined) return undefined;
  const { id, originator: asker, crimes, handling } = stored;
  const inner = decodeInnerHeader(inside.innerHeader);
  return { id: renderUuid(id), asker, crimes, handling, inner, body: bodyCodecs[type].decode(inside.body) };
} // prettier-ignore

class RunningAnswerer implements QueryAnswerer {
  readonly #parts: AnswererParts;
  readonly #unwatch: () => void;
  /** What each agency asked about in the hour that runs. */
  readonly #asked = new Map<string, { since: EpochMs; subjects: number }>();
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: AnswererParts) {
    this.#parts = parts;
    this.#unwatch = parts.exchange.watch((message) => this.#see(message));
    const since = parts.clock.now() - backMs;
    const { items } = parts.exchange.list({ box: "in", filters: { type: [type] }, since, limit: 200 });
    for (const message of items.toReversed()) this.#see(message);
  } // prettier-ignore

  stop(): void {
    this.#unwatch();
  }

  #see({ id, box, state, type: of, expiresAt }: MessageSummary): void {
    const { clock } = this.#parts;
    if (of !== type || box !== "in" || state !== "VERIFIED" || expiresAt <= clock.now()) return;
    this.#queue = this.#inTurn(this.#queue, id);
  } // prettier-ignore

  /** One after the other, in the order they came: a flood of checks takes no more than one answer's time at once. */
  async #inTurn(before: Promise<void>, id: string): Promise<void> {
    await before;
    try {
      await this.#answer(id);
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      // a person sees it in the inbox, and that it is late
      this.#parts.log.warn("a check was not answered", { code, messageId: id });
    }
  }

  async #answer(id: string): Promise<void> {
    const { store, exchange, clock, chance } = this.#parts;
    const stored = store.messages.find(parseUuid(id));
    const question = stored === undefined ? undefined : questionOf(stored);
    if (question === undefined || !this.#mayAsk(question)) return;
    const { asker, crimes, handling, inner, body } = question;
    const { purposes, caseRef } = inner;
    const fill = (): unknown => ({
      type: "query.result",
      crimes,
      handling,
      recipients: [asker],
      inReplyTo: id,
      inner: { purposes, ...(caseRef === undefined ? {} : { caseRef }) },
      body: makeResult(body, { now: clock.now(), chance, fits: (subject) => this.#fits(subject, question) }),
    });
    const also = (): void => this.#parts.note({ object: id, count: body.querySubjects.length });
    // the key is of the question: what was answered before this process ended is not answered again
    await exchange.submit({ query: id }, `query.result ${id}`, { fill, also });
  } // prettier-ignore

  /** Who asks about more than a post does is left to a person: names are not tried out here. */
  #mayAsk({ id, asker, body }: Question): boolean {
    const { clock, log, policy } = this.#parts;
    const now = clock.now();
    const before = this.#asked.get(asker);
    const isNew = before === undefined || now - before.since >= hourMs;
    const { since, subjects } = isNew ? { since: now, subjects: 0 } : before;
    const sum = subjects + body.querySubjects.length;
    if (sum > (policy.perHour ?? usualPerHour)) {
      log.warn("an agency asks about more than is answered without a person", { agency: asker, messageId: id });
      return false;
    }
    this.#asked.set(asker, { since, subjects: sum });
    return true;
  } // prettier-ignore

  /** Records of our own that fit, as far as the asker may be told of them: others' are theirs to tell. */
  #fits(subject: LookupSubject, question: Question): readonly Fit[] {
    const { agency, lookups } = this.#parts;
    const own = lookups.find(subject).filter(({ stored }) => stored.originator === agency);
    return own.slice(0, lookupLimits.maxHits).flatMap((match) => {
      const told = this.#mayBeTold(match.stored.seq, question) ? lookups.tell(match) : undefined;
      return told === undefined ? [] : [{ recordKind: told.recordKind, basis: match.basis }];
    });
  }

  #mayBeTold(seq: number, { asker, inner: { purposes } }: Question): boolean {
    const { agency, store, exchange } = this.#parts;
    const record = store.messages.get(seq);
    if (record === undefined) return false;
    const kept = keptByReference(store, [record.id]);
    const { crimes, handling } = record;
    const asked = { action: "READ", agency: asker, originator: agency, scope: "direct", type: "query.result", handling, purposes, kept } as const;
    return crimes.every((crime) => exchange.decision({ ...asked, crime }).allow);
  } // prettier-ignore
}

/** Starts answering: what came meanwhile first, then what comes. */
export function startQueryAnswerer(parts: AnswererParts): QueryAnswerer {
  return new RunningAnswerer(parts);
}
