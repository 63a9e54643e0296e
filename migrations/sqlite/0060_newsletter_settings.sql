-- A private newsletter is in no list, search, feed, sitemap or archive.
ALTER TABLE newsletter ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'private'));
-- Goes up with every change.
ALTER TABLE newsletter ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
