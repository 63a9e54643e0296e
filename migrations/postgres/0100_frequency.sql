-- How often a reader gets letters.
ALTER TABLE subscription ADD COLUMN frequency TEXT NOT NULL DEFAULT 'each' CHECK (frequency IN ('each', 'monthly'));
-- The few who get a summary of each month.
CREATE INDEX subscription_monthly ON subscription (newsletter_id) WHERE frequency = 'monthly';
-- The month of which an issue is the summary, as in 2026-11.
ALTER TABLE issue ADD COLUMN month TEXT;
