package app

import _ "embed"

// Notices are the licences of the Go modules in the binary, written by `make generate`.
//
//go:embed notices.txt
var Notices string
