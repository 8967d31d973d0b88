import type { Database } from "./database.ts";
import type { Outbox } from "./outbox.ts";
import { numberOf, textOf } from "./row.ts";

type Places = Pick<Outbox, "highestPlaces" | "reopen" | "overdue">;

/** Builds the part of the outbox that knows where what was accepted stands, and what is past its time. */
export function makePlaces(database: Database): Places {
  // what one channel refused may stand on another, and is owed there as much as any
  const open = "box = 'out' AND state IN ('QUEUED', 'ACCEPTED', 'REFUSED')";
  // from the open messages to their publications, never over all that was ever accepted
  const highest = database.prepare(
    `SELECT p.stream, p.instance, max(p.stream_sequence) AS sequence
     FROM message m CROSS JOIN publication p ON p.message = m.seq
     WHERE m.box = 'out' AND m.state IN ('QUEUED', 'ACCEPTED', 'REFUSED') AND p.state = 'ACCEPTED'
       AND p.hub = coalesce(?, p.hub)
     GROUP BY p.stream, p.instance`,
  );
  const lost = `stream = ? AND instance = ? AND state = 'ACCEPTED' AND hub = coalesce(?, hub)
    AND message IN (SELECT seq FROM message WHERE ${open})`;
  const lostMessages = database.prepare(`SELECT DISTINCT message FROM publication WHERE ${lost}`);
  const reopen = database.prepare(
    `UPDATE publication SET state = 'WAITING', instance = NULL, stream_sequence = NULL WHERE ${lost}`,
  );
  const overdue = database.prepare(
    // the planner would walk everything open, though this is asked again and again and finds little
    `SELECT seq FROM message INDEXED BY message_open
     WHERE box = 'out' AND state IN ('QUEUED', 'ACCEPTED') AND expires_at <= ? LIMIT ?`,
  );
  return {
    highestPlaces: (hub) =>
      highest.all(hub ?? null).map((row) => ({
        stream: textOf(row, "stream"),
        instance: textOf(row, "instance"),
        sequence: numberOf(row, "sequence"),
      })),
    reopen: (stream, instance, hub) => {
      const of = [stream, instance, hub ?? null] as const;
      const messages = lostMessages.all(...of).map((row) => numberOf(row, "message"));
      reopen.run(...of);
      return messages;
    },
    overdue: (now, limit) => overdue.all(now, limit).map((row) => numberOf(row, "seq")),
  };
}

type Routes = Pick<Outbox, "openRoutes" | "reroute">;

/** Builds the part of the outbox that knows by which hub what waits goes. */
export function makeRoutes(database: Database): Routes {
  const open = database.prepare(
    "SELECT DISTINCT channel, hub FROM publication WHERE state IN ('WAITING', 'HELD')",
  );
  const reroute = database.prepare(
    "UPDATE publication SET hub = ? WHERE channel = ? AND state IN ('WAITING', 'HELD')",
  );
  return {
    openRoutes: () =>
      open.all().map((row) => ({ channel: textOf(row, "channel"), hub: textOf(row, "hub") })),
    reroute: ({ channel, hub }) => void reroute.run(hub, channel),
  };
}
