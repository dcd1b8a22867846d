package sheet

import "embed"

// Words holds the sentences of this package.
//
//go:embed text.vi.toml text.en.toml
var Words embed.FS
