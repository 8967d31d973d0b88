/** Adds what keeps pages quick however much is stored: ways to lines of the record, and when stretches of messages were stored. */
export const lists = `
  -- Who, what, which, and who did what, each in the order of the record; most lines are about nothing.
  CREATE INDEX audit_by ON audit (who);
  CREATE INDEX audit_by_act ON audit (who, act);
  CREATE INDEX audit_act ON audit (act);
  CREATE INDEX audit_object ON audit (object) WHERE object <> '';

  -- Of each 1,024 places in a row, between which times their messages were stored: at least those, perhaps more once some went.
  -- The clock may go back, so a place alone says nothing of a time; and every message of a time is too many to look for its ends.
  DROP INDEX message_stored;
  CREATE TABLE message_span (block INTEGER PRIMARY KEY, least INTEGER NOT NULL, most INTEGER NOT NULL) STRICT;
  INSERT INTO message_span (block, least, most)
    SELECT seq / 1024, min(stored_at), max(stored_at) FROM message GROUP BY seq / 1024;
  CREATE TRIGGER message_spanned AFTER INSERT ON message BEGIN
    INSERT INTO message_span (block, least, most) VALUES (new.seq / 1024, new.stored_at, new.stored_at)
      ON CONFLICT (block) DO UPDATE SET least = min(least, excluded.least), most = max(most, excluded.most);
  END;
  `;
