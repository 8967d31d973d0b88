/**
 * Adds by which hub a publication goes, and in which hub's log a message is to be proved. Empty: not decided, as the register
 * names no hub for it.
 */
export const hubs = `
  ALTER TABLE publication ADD COLUMN hub TEXT NOT NULL DEFAULT '';
  DROP INDEX publication_waiting;
  -- what waits for a hub that is away is not walked over for another
  CREATE INDEX publication_waiting ON publication (hub, rank DESC, seq) WHERE state = 'WAITING';
  ALTER TABLE log_proof ADD COLUMN hub TEXT NOT NULL DEFAULT '';
  CREATE INDEX log_proof_hub ON log_proof (hub, due_at, seq) WHERE state <> 'PROVED';
  `;
