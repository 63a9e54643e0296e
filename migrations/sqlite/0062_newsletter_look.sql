-- How pages and mails of a newsletter look; empty for the look that is shipped.
ALTER TABLE newsletter ADD COLUMN accent TEXT NOT NULL DEFAULT '';
-- Language → addresses of imprint and privacy notice, as JSON.
ALTER TABLE newsletter ADD COLUMN legal TEXT NOT NULL DEFAULT '{}';
-- The name of a picture in newsletter_logo, and its size in pixels.
ALTER TABLE newsletter ADD COLUMN logo TEXT NOT NULL DEFAULT '';
ALTER TABLE newsletter ADD COLUMN logo_width INTEGER NOT NULL DEFAULT 0;
ALTER TABLE newsletter ADD COLUMN logo_height INTEGER NOT NULL DEFAULT 0;

-- Pictures by a name made of what they hold. Mails that were sent go on showing theirs.
CREATE TABLE newsletter_logo (
    name            TEXT    NOT NULL PRIMARY KEY,
    media_type      TEXT    NOT NULL,
    octets          BLOB    NOT NULL
) STRICT;
