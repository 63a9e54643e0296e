-- An index over random hashes cost each new event a page of its own. One question asked it, about erased readers, and
-- these have an index. Programs that ask as before only take longer.
DROP INDEX consent_event_address;
