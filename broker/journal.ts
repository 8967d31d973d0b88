import { type Clock, Fault, type Log, toFault } from "../schemas/ground/index.ts";
import {
  type AuditAct,
  type AuditEvent,
  type AuditFields,
  type CountedAttempt,
  openAuditTrail,
} from "./audit/index.ts";
import type { LoginEvent } from "./callout/index.ts";
import { connectionKey, type EndedSession, type SessionOwners } from "./sessions.ts";

/** What the broker tells its audit record, and who is behind which connection of the server. */
export interface Journal {
  write(event: AuditEvent, fields?: AuditFields): void;
  login(event: LoginEvent): void;
  /** @param server its name */
  attempt(attempt: CountedAttempt, server: string): void;
  ended(session: EndedSession): void;
  /** What the server itself says of who is connected. */
  learn(owners: SessionOwners): void;
  /** Tells the acts that stand in the hub's log too: the newest that were written, and each from then on. */
  follow(onAct: (act: AuditAct) => void): void;
  /** Another server's connections have other numbers. */
  forgetConnections(): void;
  stop(): void;
}

const maxConnections = 20_000;

/** What the record is opened with. */
export interface JournalOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What the operator chose, as one digest; another than before is written down. */
  readonly configuration?: string | undefined;
}

/**
 * Opens the audit record behind it.
 *
 * @param onFailed called when a record cannot be written: the hub must stop
 * @throws {Fault} INTEGRITY_STORE
 */
export function openJournal(
  { file, clock, log, configuration = "" }: JournalOptions,
  onFailed: (fault: Fault) => void,
): Journal {
  const trail = openAuditTrail(file, clock);
  const owners = new Map<string, string>();
  let isOpen = true;

  const write = (event: AuditEvent, fields: AuditFields = {}): void => {
    if (!isOpen) return;
    try {
      trail.write(event, fields);
    } catch (error) {
      isOpen = false;
      onFailed(toFault(error, "INTEGRITY_STORE"));
      throw error;
    }
  };
  const own = (connection: string, agency: string): void => {
    const [oldest] = owners.keys();
    if (owners.size >= maxConnections && oldest !== undefined) owners.delete(oldest);
    owners.set(connection, agency);
  };

  if (configuration !== trail.configuration) {
    write("configuration changed", { fingerprint: configuration });
  }

  return {
    write,
    follow: (onAct) => trail.follow(onAct),
    login: ({ allowed, connection: number, server, ...fields }) => {
      const connection = connectionKey(server, number);
      const { agency, code, host, fingerprint } = fields;
      // At each reload the server asks again about connections that stand; they were written down before.
      const isAgain = allowed && agency !== undefined && owners.get(connection) === agency;
      if (allowed && agency !== undefined) own(connection, agency);
      if (isAgain) return;
      log.info(allowed ? "login allowed" : "login refused", {
        host,
        fingerprint,
        ...(agency === undefined ? {} : { agency }),
        ...(code === undefined ? {} : { code }),
      });
      write(allowed ? "login allowed" : "login refused", { agency, code, host, fingerprint });
    },
    attempt: ({ connection, host, action, subject, count }, server) => {
      const agency = owners.get(connectionKey(server, connection));
      log.warn("foreign subject", {
        host,
        subject,
        count,
        ...(agency === undefined ? {} : { agency }),
      });
      write("foreign subject", { agency, host, action, subject, count });
    },
    ended: ({ session, agency, fault }) => {
      owners.delete(connectionKey(session.server.name, session.id));
      const { host, fingerprint } = session;
      log.info("session closed", { agency, host, fingerprint, code: fault.code });
      write("session closed", { agency, host, fingerprint, code: fault.code });
    },
    learn: (found) => {
      for (const [connection, agency] of found) own(connection, agency);
    },
    forgetConnections: () => owners.clear(),
    stop: () => {
      try {
        write("hub stopped");
      } catch (error) {
        // whoever waits for the failure was told
        log.warn("the end was not written down", { code: toFault(error, "INTERNAL").code });
      }
      isOpen = false;
      trail.stop();
    },
  };
}
