-- What the sender said of the upload at its creation (Upload-Metadata), sealed; told again as it was.
ALTER TABLE blob_upload ADD COLUMN meta BYTEA;
