-- The web sites that may embed the sign-up, as a JSON array of origins.
ALTER TABLE newsletter ADD COLUMN sites TEXT NOT NULL DEFAULT '[]';
