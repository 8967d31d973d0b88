import type { Database } from "./database.ts";
import { renderNames } from "./names.ts";
import type { Outbox } from "./outbox.ts";
import { numberOf } from "./row.ts";

type Holding = Pick<Outbox, "last" | "holdAfter" | "held" | "release" | "wasWrittenTo">;

/** Builds the part of the outbox that is held back for a while. */
export function makeHolding(database: Database): Holding {
  const last = database.prepare("SELECT coalesce(max(seq), 0) AS n FROM publication");
  const hold = database.prepare(
    "UPDATE publication SET state = 'HELD' WHERE seq > ? AND state = 'WAITING'",
  );
  const held = database.prepare(
    "SELECT DISTINCT message FROM publication WHERE state = 'HELD' ORDER BY message",
  );
  const release = database.prepare(
    "UPDATE publication SET state = 'WAITING' WHERE message = ? AND state = 'HELD'",
  );
  const written = database.prepare(
    `SELECT 1 FROM message WHERE box = 'out' AND audience = ? AND state IN ('ACCEPTED', 'DELIVERED') LIMIT 1`,
  );
  return {
    last: () => numberOf(last.get() ?? {}, "n"),
    holdAfter: (seq) => void hold.run(seq),
    held: () => held.all().map((row) => numberOf(row, "message")),
    release: (message) => void release.run(message),
    wasWrittenTo: (audience) => written.get(renderNames(audience)) !== undefined,
  };
}

/** Builds what counts the backlog. */
export function makeBacklog(database: Database): Outbox["backlog"] {
  const backlog = database.prepare(
    `SELECT p.rank, count(*) AS n, sum(length(m.raw) + length(p.slip) + length(p.slip_signature)) AS bytes,
       min(m.stored_at) AS oldest
     FROM publication p JOIN message m ON m.seq = p.message
     WHERE p.state IN ('WAITING', 'HELD') AND m.system = 0 GROUP BY p.rank ORDER BY p.rank DESC`,
  );
  return () =>
    backlog.all().map((row) => ({
      rank: numberOf(row, "rank"),
      count: numberOf(row, "n"),
      bytes: numberOf(row, "bytes"),
      oldestAt: numberOf(row, "oldest"),
    }));
}
