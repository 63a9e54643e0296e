-- Deliveries that were never tried lie in ranges of subscriptions, and are claimed by one row for many. Such a
-- delivery has neither due_at nor ended_at.
CREATE TABLE delivery_range (
    issue_id        BLOB    NOT NULL REFERENCES issue (id),
    -- Both ends are included.
    first_id        INTEGER NOT NULL,
    last_id         INTEGER NOT NULL,
    -- When it may be claimed, or the end of the lease.
    due_at          INTEGER NOT NULL,
    lease_id        BLOB,
    -- The revision that is sent under the lease.
    revision        INTEGER,
    PRIMARY KEY (issue_id, first_id),
    CHECK ((lease_id IS NULL) = (revision IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX delivery_range_lease ON delivery_range (lease_id) WHERE lease_id IS NOT NULL;
