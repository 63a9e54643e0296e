-- Every page of the archive asks for the sum of these versions.
CREATE INDEX issue_public_version ON issue (version) WHERE started_at IS NOT NULL;
