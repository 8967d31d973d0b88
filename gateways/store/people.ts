import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database, Statement } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { bytesOf, maybeOf, type Row, numberOf, textOf } from "./row.ts";

/** A person of this agency, as an administrator wrote her down. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly roles: readonly string[];
  readonly handling: string;
  readonly purpose?: string | undefined;
  readonly state: string;
  /** Her account at the agency's identity provider, once it is linked. */
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly madeAt: EpochMs;
}

/** A code that lets one person enrol once. */
export interface InvitationRow {
  readonly digest: Bytes;
  readonly person: string;
  readonly endsAt: EpochMs;
}

/** A change that waits for a second word. */
export interface ProposalRow {
  readonly id: string;
  /** The change as JSON. */
  readonly content: string;
  readonly by: string;
  readonly madeAt: EpochMs;
  readonly endsAt: EpochMs;
}

/** The people of one agency. What changes them is called inside `write` only. */
export interface People {
  get(id: string): PersonRow | undefined;
  linkedTo(issuer: string, subject: string): PersonRow | undefined;
  /** In the order they were written down. */
  all(): readonly PersonRow[];
  /** Adds her, or writes her anew. */
  put(person: PersonRow): void;
  invite(invitation: InvitationRow): void;
  invitation(digest: Bytes): InvitationRow | undefined;
  /** Takes back every code of this person, used or not. */
  dropInvitations(person: string): void;
  propose(proposal: ProposalRow): void;
  proposal(id: string): ProposalRow | undefined;
  proposals(): readonly ProposalRow[];
  dropProposal(id: string): void;
  /** Forgets codes and proposals that ended before `now`. */
  purge(now: EpochMs): void;
}

function personOf(row: Row): PersonRow {
  return {
    id: textOf(row, "id"),
    name: textOf(row, "name"),
    languages: parseNames(textOf(row, "languages")),
    roles: parseNames(textOf(row, "roles")),
    handling: textOf(row, "handling"),
    purpose: maybeOf(row, "purpose", textOf),
    state: textOf(row, "state"),
    issuer: maybeOf(row, "issuer", textOf),
    subject: maybeOf(row, "subject", textOf),
    madeAt: numberOf(row, "made_at"),
  };
}

function proposalOf(row: Row): ProposalRow {
  return {
    id: textOf(row, "id"),
    content: textOf(row, "content"),
    by: textOf(row, "proposer"),
    madeAt: numberOf(row, "made_at"),
    endsAt: numberOf(row, "ends_at"),
  };
}

function invitationOf(row: Row): InvitationRow {
  return {
    digest: bytesOf(row, "digest"),
    person: textOf(row, "person"),
    endsAt: numberOf(row, "ends_at"),
  };
}

function find<T>(statement: Statement, values: readonly (string | Bytes)[], read: (row: Row) => T): T | undefined {
  const row = statement.get(...values);
  return row === undefined ? undefined : read(row);
} // prettier-ignore

function putPerson(put: Statement, person: PersonRow): void {
  const { id, name, handling, purpose, state, issuer, subject, madeAt } = person;
  const lists = [renderNames(person.languages), renderNames(person.roles)];
  const account = [issuer ?? null, subject ?? null];
  put.run(id, name, ...lists, handling, purpose ?? null, state, ...account, madeAt);
}

/** Builds the part of the store that holds people. */
export function makePeople(database: Database): People {
  const get = database.prepare("SELECT * FROM person WHERE id = ?");
  const linked = database.prepare("SELECT * FROM person WHERE issuer = ? AND subject = ?");
  const all = database.prepare("SELECT * FROM person ORDER BY made_at, id");
  const put = database.prepare(
    `INSERT OR REPLACE INTO person
     (id, name, languages, roles, handling, purpose, state, issuer, subject, made_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const invite = database.prepare("INSERT INTO invitation (digest, person, ends_at) VALUES (?, ?, ?)");
  const invitation = database.prepare("SELECT * FROM invitation WHERE digest = ?");
  const dropInvitations = database.prepare("DELETE FROM invitation WHERE person = ?");
  const propose = database.prepare("INSERT INTO proposal (id, content, proposer, made_at, ends_at) VALUES (?, ?, ?, ?, ?)");
  const proposal = database.prepare("SELECT * FROM proposal WHERE id = ?");
  const proposals = database.prepare("SELECT * FROM proposal ORDER BY made_at, id");
  const dropProposal = database.prepare("DELETE FROM proposal WHERE id = ?");
  const oldCodes = database.prepare("DELETE FROM invitation WHERE ends_at <= ?");
  const oldProposals = database.prepare("DELETE FROM proposal WHERE ends_at <= ?");
  return {
    get: (id) => find(get, [id], personOf),
    linkedTo: (issuer, subject) => find(linked, [issuer, subject], personOf),
    all: () => all.all().map(personOf),
    put: (person) => putPerson(put, person),
    invite: ({ digest, person, endsAt }) => void invite.run(digest, person, endsAt),
    invitation: (digest) => find(invitation, [digest], invitationOf),
    dropInvitations: (person) => void dropInvitations.run(person),
    propose: ({ id, content, by, madeAt, endsAt }) => void propose.run(id, content, by, madeAt, endsAt),
    proposal: (id) => find(proposal, [id], proposalOf),
    proposals: () => proposals.all().map(proposalOf),
    dropProposal: (id) => void dropProposal.run(id),
    purge: (now) => {
      oldCodes.run(now);
      oldProposals.run(now);
    },
  };
} // prettier-ignore
