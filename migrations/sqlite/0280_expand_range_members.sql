-- A range lists its members, and a delivery gets its row when it was tried.
UPDATE delivery
SET due_at = g.due_at, lease_id = g.lease_id, revision = COALESCE(g.revision, delivery.revision)
FROM delivery_range AS g
WHERE delivery.issue_id = g.issue_id AND delivery.subscription_id BETWEEN g.first_id AND g.last_id
    AND delivery.due_at IS NULL AND delivery.ended_at IS NULL;
DELETE FROM delivery_range;
-- Subscriptions between the two ends, in no order: a JSON array.
ALTER TABLE delivery_range ADD COLUMN members TEXT NOT NULL DEFAULT '[]';
CREATE INDEX delivery_range_free ON delivery_range (issue_id, first_id) WHERE lease_id IS NULL;
CREATE INDEX delivery_range_leased ON delivery_range (issue_id, due_at) WHERE lease_id IS NOT NULL;
-- A member of a leased range may have been tried: it then has its row. One of a free range has none.
CREATE VIEW untried_delivery AS
    SELECT g.issue_id, m.value AS subscription_id, g.first_id, g.last_id, g.due_at, g.lease_id, g.revision
    FROM delivery_range AS g
    CROSS JOIN json_each(g.members) AS m
    WHERE g.lease_id IS NULL
        OR NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.issue_id = g.issue_id AND d.subscription_id = m.value);
