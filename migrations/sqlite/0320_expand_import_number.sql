-- The import that began a subscription: the number of its event in the audit log.
ALTER TABLE subscription ADD COLUMN import_number INTEGER;
