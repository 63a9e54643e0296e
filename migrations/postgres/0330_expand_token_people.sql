-- Whose a token is, and who made it and so has seen it. NULL: a program's, made on the server, or made before this.
-- Identifiers of editors; they stay when the account goes.
ALTER TABLE api_token ADD COLUMN editor_id UUID;
ALTER TABLE api_token ADD COLUMN made_by UUID;
