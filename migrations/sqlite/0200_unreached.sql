-- The deliveries that did not reach their readers are listed from these few rows alone.
CREATE INDEX delivery_unreached ON delivery (issue_id, state, subscription_id)
    WHERE state IN ('bounced', 'deferred', 'failed', 'unknown');
