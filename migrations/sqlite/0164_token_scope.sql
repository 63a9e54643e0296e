-- A token may expire, be revoked, and be for some newsletters alone: a JSON array of their identifiers.
ALTER TABLE api_token ADD COLUMN newsletters TEXT;
ALTER TABLE api_token ADD COLUMN expires_at INTEGER;
ALTER TABLE api_token ADD COLUMN revoked_at INTEGER;
