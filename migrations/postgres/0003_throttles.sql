-- Where a relay or a provider of mailboxes stands that may not have everything at once.
CREATE TABLE throttle (
    scope           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    -- Millionths of a message that could go at filled_at.
    credit          BIGINT  NOT NULL,
    filled_at       BIGINT  NOT NULL,
    -- Millionths of a message a second, after a request to slow down.
    slow_rate       BIGINT,
    slowed_at       BIGINT,
    window_at       BIGINT,
    used            BIGINT  NOT NULL,
    PRIMARY KEY (scope, name)
);

-- The provider that a delivery waits for; empty where it waits for nobody in particular.
ALTER TABLE delivery ADD COLUMN destination TEXT NOT NULL DEFAULT '';
DROP INDEX delivery_due;
CREATE INDEX delivery_due ON delivery (issue_id, destination, due_at) WHERE due_at IS NOT NULL;
