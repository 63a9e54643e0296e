-- The record of consent as a chain: src/domain/chain.rs says what is hashed.

-- The keyed hash of the address at that time. NULL only until the first start after this upgrade.
ALTER TABLE consent_event ADD COLUMN address_hash BYTEA;
CREATE INDEX consent_event_address ON consent_event (address_hash);

-- One row for each event there ever was; it stays when the event is removed.
CREATE TABLE consent_chain (
    event_id        BIGINT  NOT NULL PRIMARY KEY,
    content         BYTEA   NOT NULL,
    hash            BYTEA   NOT NULL,
    removed_at      BIGINT,
    removed_why     TEXT,
    removal         BYTEA
);

-- Where the chain ends. One row.
CREATE TABLE consent_head (
    one             BIGINT  NOT NULL PRIMARY KEY CHECK (one = 1),
    began_at        BIGINT  NOT NULL,
    event_id        BIGINT  NOT NULL,
    length          BIGINT  NOT NULL,
    hash            BYTEA   NOT NULL,
    seal            BYTEA   NOT NULL
);

-- Mistakes are refused here; whoever means it is found by the hashes.
CREATE FUNCTION consent_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of consent is append-only';
END $$;

CREATE FUNCTION consent_event_was_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM consent_chain c WHERE c.event_id = OLD.id AND c.removed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the record of consent is append-only';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER consent_event_stays BEFORE DELETE ON consent_event
FOR EACH ROW EXECUTE FUNCTION consent_event_was_removed();

-- An IP address may be forgotten, and nothing else.
CREATE TRIGGER consent_event_is_final BEFORE UPDATE ON consent_event FOR EACH ROW
WHEN (NEW.ip IS NOT NULL AND NEW.ip IS DISTINCT FROM OLD.ip OR NEW.id <> OLD.id OR NEW.subscription_id <> OLD.subscription_id
    OR NEW.wording_id <> OLD.wording_id OR NEW.kind <> OLD.kind OR NEW.method <> OLD.method
    OR NEW.at <> OLD.at OR NEW.page <> OLD.page OR NEW.address_hash IS DISTINCT FROM OLD.address_hash
    AND OLD.address_hash IS NOT NULL)
EXECUTE FUNCTION consent_is_final();

CREATE TRIGGER consent_chain_stays BEFORE DELETE ON consent_chain
FOR EACH ROW EXECUTE FUNCTION consent_is_final();

-- A removal may be noted, once.
CREATE TRIGGER consent_chain_is_final BEFORE UPDATE ON consent_chain FOR EACH ROW
WHEN (OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR NEW.event_id <> OLD.event_id
    OR NEW.content <> OLD.content OR NEW.hash <> OLD.hash)
EXECUTE FUNCTION consent_is_final();
