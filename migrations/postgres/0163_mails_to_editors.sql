-- Mails to editors, about their accounts.
ALTER TABLE outbox ADD COLUMN editor_id UUID REFERENCES editor (id) ON DELETE CASCADE;
ALTER TABLE outbox DROP CONSTRAINT outbox_check;
ALTER TABLE outbox ADD CHECK (num_nonnulls(subscription_id, issue_id, editor_id) = 1);
CREATE INDEX outbox_editor ON outbox (editor_id) WHERE editor_id IS NOT NULL;
