-- Why an issue has not reached everybody is read from these few rows alone.
CREATE INDEX delivery_causes ON delivery (issue_id, state, reply_code)
    WHERE reply_code IS NOT NULL AND state <> 'sent' AND state <> 'skipped';
