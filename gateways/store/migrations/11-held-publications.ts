/** Adds the way to what waits for its release. */
export const heldPublications = `
  CREATE INDEX publication_held ON publication (message) WHERE state = 'HELD';
  `;
