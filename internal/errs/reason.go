package errs

import (
	"regexp"
	"strings"
)

const reasonMax = 400 // bytes

var (
	quoted  = regexp.MustCompile("\"[^\"]*\"?|'[^']*'|`[^`]*`|“[^”]*”")
	address = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+|([a-z][a-z0-9+.-]*://)[^\s,;)]*`)
	digits  = regexp.MustCompile(`\b\d[\d .\-/]{5,}\d\b`)
	foreign = regexp.MustCompile(`[\p{L}\p{N}]*[^\x00-\x7f][^\s:;,()]*`)
	control = regexp.MustCompile(`[\x00-\x1f\x7f]+`)
)

// Reason is the text of an error as it may be stored and logged: the chain of deeds and catalogue keys, on one line, without what could
// be about a person. Texts of errors are written by programmers in English, so quoted values, words that are not ASCII, mail
// addresses, long numbers and web addresses are what came from data; each is replaced by "…".
func Reason(err error) string {
	if err == nil {
		return ""
	}
	return mask(err.Error())
}

func mask(s string) string {
	const hole = "\x01" // not in s once control characters are gone
	s = control.ReplaceAllString(strings.ToValidUTF8(s, "�"), " ")
	s = quoted.ReplaceAllString(s, hole)
	s = address.ReplaceAllString(s, "$1"+hole)
	s = digits.ReplaceAllString(s, hole)
	s = foreign.ReplaceAllString(s, hole)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > reasonMax {
		s = s[:reasonMax] + hole
	}
	return strings.ReplaceAll(s, hole, "…")
}
