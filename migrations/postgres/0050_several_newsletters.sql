-- Further subscriptions of the same person that the mail is about, as a JSON array.
ALTER TABLE outbox ADD COLUMN others TEXT;
