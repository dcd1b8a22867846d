package document

import "embed"

// Words is the wording of this room.
//
//go:embed text.vi.toml text.en.toml
var Words embed.FS
