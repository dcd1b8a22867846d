package app

import (
	_ "embed"
	"strings"

	assets "chungtay/web"
)

// Notices are the licences of the Go modules in the binary, written by `make generate`.
//
//go:embed notices.txt
var Notices string

// notice is a part of the program that others wrote.
type notice struct{ name, version, kind string }

// parts lists what the program contains of others, Go modules first.
func parts() []notice {
	var out []notice
	rule := strings.Repeat("=", 80) + "\n"
	sections := strings.Split(Notices, rule)
	for i := 1; i+1 < len(sections); i += 2 {
		name, version, _ := strings.Cut(strings.TrimSpace(sections[i]), " ")
		out = append(out, notice{name, version, licenceKind(sections[i+1])})
	}
	for _, s := range strings.Split(assets.Licences(), "\n==== ")[1:] {
		head, _, _ := strings.Cut(s, "\n")
		words := strings.SplitN(head, " ", 3)
		if len(words) == 3 {
			out = append(out, notice{words[0], words[1], strings.Trim(words[2], "()")})
		}
	}
	return out
}

// licenceKind names a licence by the words only its text has.
func licenceKind(text string) string {
	has := func(s string) bool { return strings.Contains(strings.Join(strings.Fields(text), " "), s) }
	switch {
	case has("Apache License") && has("Version 2.0"):
		return "Apache-2.0"
	case has("Mozilla Public License"):
		return "MPL-2.0"
	case has("SIL OPEN FONT LICENSE"), has("SIL Open Font License"):
		return "OFL-1.1"
	case has("Permission is hereby granted, free of charge"):
		return "MIT"
	case has("Neither the name"):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("Permission to use, copy, modify, and/or distribute"), has("Permission to use, copy, modify, and distribute"):
		return "ISC"
	}
	return "–"
}
