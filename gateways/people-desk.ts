import type { Chance, Clock, Log } from "../schemas/ground/index.ts";
import type { AuditRecord } from "./audit/index.ts";
import { makePeopleService, type PeopleChoice, usualChoice } from "./people/index.ts";
import type { Store } from "./store/index.ts";

/** What the people of one gateway are made of. */
export interface PeopleParts {
  readonly store: Store;
  readonly audit: Pick<AuditRecord, "add">;
  readonly choice?: PeopleChoice | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** Builds the people of one gateway; every line they leave stands in the audit record with the act itself. */
export function openPeople({ store, audit, choice = usualChoice, clock, chance, log }: PeopleParts): ReturnType<typeof makePeopleService> {
  const note = (line: Parameters<AuditRecord["add"]>[0]): void => audit.add(line);
  return makePeopleService({ store, clock, chance, log, choice, note });
} // prettier-ignore
