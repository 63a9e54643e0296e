-- What a newsletter asks besides the address, as a JSON array.
ALTER TABLE newsletter ADD COLUMN fields TEXT NOT NULL DEFAULT '[]';

-- What readers answered, as a JSON object; it goes with the subscription.
CREATE TABLE answer (
    subscription_id BIGINT  NOT NULL PRIMARY KEY REFERENCES subscription (id) ON DELETE CASCADE,
    answers         TEXT    NOT NULL
);
