-- 1 where a welcome mail carries the latest issue.
ALTER TABLE newsletter ADD COLUMN welcome_issue BIGINT NOT NULL DEFAULT 0;
