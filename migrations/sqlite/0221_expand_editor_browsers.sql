-- Browsers that have signed in to an account, so that a new one can be told of. Of the cookie's value only a hash is
-- kept, another one for each account.
CREATE TABLE editor_browser (
    editor_id       BLOB    NOT NULL REFERENCES editor (id) ON DELETE CASCADE,
    value_hash      BLOB    NOT NULL,
    -- When it signed in last.
    seen_at         INTEGER NOT NULL,
    PRIMARY KEY (editor_id, value_hash)
) STRICT;
-- When somebody signed in to the account for the first time, which nobody is told of.
ALTER TABLE editor ADD COLUMN first_sign_in_at INTEGER;
UPDATE editor SET first_sign_in_at = created_at WHERE password_hash IS NOT NULL;
