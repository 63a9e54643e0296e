-- What a reader may ask of the data that is held.

-- Links to a reader's own data that were mailed before this open nothing any more.
ALTER TABLE subscriber ADD COLUMN address_changed_at INTEGER;

-- A change of address that waits for its confirmation by the new one.
CREATE TABLE address_change (
    subscriber_id   INTEGER NOT NULL PRIMARY KEY REFERENCES subscriber (id) ON DELETE CASCADE,
    address         TEXT    NOT NULL,
    asked_at        INTEGER NOT NULL
) STRICT;

-- Where a mail goes that does not go to the reader's address of now.
ALTER TABLE outbox ADD COLUMN address TEXT;
-- What it says besides, in JSON.
ALTER TABLE outbox ADD COLUMN details TEXT;

-- An erased reader may sign up again, unless the owner of the address said "this was not me" since.
ALTER TABLE suppression ADD COLUMN no_signup_until INTEGER;
