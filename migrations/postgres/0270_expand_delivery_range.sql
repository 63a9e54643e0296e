-- Deliveries that were never tried lie in ranges of subscriptions, and are claimed by one row for many. Such a
-- delivery has neither due_at nor ended_at.
CREATE TABLE delivery_range (
    issue_id        UUID    NOT NULL REFERENCES issue (id),
    -- Both ends are included.
    first_id        BIGINT  NOT NULL,
    last_id         BIGINT  NOT NULL,
    -- When it may be claimed, or the end of the lease.
    due_at          BIGINT  NOT NULL,
    lease_id        UUID,
    -- The revision that is sent under the lease.
    revision        BIGINT,
    PRIMARY KEY (issue_id, first_id),
    CHECK ((lease_id IS NULL) = (revision IS NULL))
);
CREATE UNIQUE INDEX delivery_range_lease ON delivery_range (lease_id) WHERE lease_id IS NOT NULL;
