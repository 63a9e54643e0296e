-- An index over random hashes cost each new event a page of its own. One question used it, which finds erased readers by
-- subscription_erased now. Programs that ask as before only take longer.
DROP INDEX consent_event_address;
