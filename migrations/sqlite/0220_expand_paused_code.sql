-- Which kind of reason it is that the service stopped an issue by itself; `paused_because` has what it adds. Rows of
-- earlier versions have no code and a whole sentence.
ALTER TABLE issue ADD COLUMN paused_code TEXT;
