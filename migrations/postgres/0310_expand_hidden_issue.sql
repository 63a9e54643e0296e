-- When somebody took the page of an issue off the web; NULL while it is there.
ALTER TABLE issue ADD COLUMN hidden_at BIGINT;
