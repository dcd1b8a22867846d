-- What a campaign gathers beside its plan: where its theme was announced, by which channels it speaks, which directives it carries out.
ALTER TABLE campaign ADD COLUMN theme_source TEXT NOT NULL DEFAULT '';      -- the paper that announced the theme; with it the theme is verified
ALTER TABLE campaign ADD COLUMN channels TEXT NOT NULL DEFAULT '[]';        -- JSON: channels of communication
ALTER TABLE campaign ADD COLUMN directives TEXT NOT NULL DEFAULT '[]';      -- JSON: identifiers of directives
