-- Whether its mails show and load nothing that could bring readers into trouble, and under which subject.
ALTER TABLE newsletter ADD COLUMN safety_mode BIGINT NOT NULL DEFAULT 0 CHECK (safety_mode IN (0, 1));
ALTER TABLE newsletter ADD COLUMN neutral_subject TEXT NOT NULL DEFAULT '';
