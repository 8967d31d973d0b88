/** Adds when witnesses had seen the tree that a message is proved in, and finds those that no quorum stands behind. */
export const logWitnessed = `
  ALTER TABLE log_proof ADD COLUMN cosigned_at INTEGER;
  CREATE INDEX log_proof_unwitnessed ON log_proof (origin, leaf_index) WHERE state = 'PROVED' AND cosigned_at IS NULL;
  `;
