package blob

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxName is how many characters of a name are kept.
const maxName = 150

// nameFor makes of what a device called a file a name to show: the last step of a path, in NFC, without control characters and marks
// that turn the direction of writing, with an extension that fits the type.
func nameFor(said string, t Type) string {
	s := norm.NFC.String(strings.ToValidUTF8(said, ""))
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8Error, strings.ContainsRune(`:*?"<>|`, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	s = strings.Trim(strings.Join(strings.Fields(s), " "), ". ")
	base, ext := s, ""
	if i := strings.LastIndexByte(s, '.'); i >= 0 && len(s)-i <= 6 {
		base, ext = strings.TrimRight(s[:i], ". "), s[i:]
	}
	if base == "" {
		base = "tệp"
	}
	if fit := extensions[t]; len(fit) > 0 && !slices.Contains(fit, strings.ToLower(ext)) {
		if ext != "" && !knownExtension(ext) {
			base += ext // "Kế hoạch số 12.KH" is no extension
		}
		ext = fit[0]
	}
	if r := []rune(base); len(r) > maxName {
		base = strings.TrimSpace(string(r[:maxName]))
	}
	return base + ext
}

const utf8Error = '\ufffd'

func knownExtension(ext string) bool {
	ext = strings.ToLower(ext)
	if slices.Contains([]string{".exe", ".js", ".bat", ".cmd", ".scr", ".com", ".msi", ".vbs", ".docm", ".xlsm", ".pptm", ".bmp", ".bin"}, ext) {
		return true
	}
	for _, l := range extensions {
		if slices.Contains(l, ext) {
			return true
		}
	}
	return false
}
