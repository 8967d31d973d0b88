/** Adds the receipts of others that we take from one hub to another, until the other hub's server has had them. */
export const relayedReceipts = `
  CREATE TABLE relayed_receipt (
    seq INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    to_hub TEXT NOT NULL,
    recipient TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE INDEX relayed_receipt_hub ON relayed_receipt (to_hub, seq);
  `;
