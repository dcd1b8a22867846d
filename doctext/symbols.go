package doctext

import (
	"strconv"
	"strings"
)

// symbolFont tells whether a font draws signs where others have letters.
func symbolFont(font string) bool {
	return font == "Symbol" || strings.HasPrefix(font, "Wingdings") || strings.HasPrefix(font, "Webdings") || font == "ZapfDingbats"
}

// symbolSigns are the signs of Symbol and Wingdings that official texts have: bullets, boxes to tick, arrows, comparisons.
var symbolSigns = map[string]map[byte]string{
	"Symbol": {
		0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB0: "°", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xAE: "→", 0xDE: "⇒", 0xB7: "•", 0xA5: "∞", 0xD7: "·",
	},
	"Wingdings": {
		0xFC: "☑", 0xFE: "☑", 0xFB: "☒", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0xA7: "•", 0x6E: "•", 0x9F: "•", 0x6C: "•", 0xB7: "•",
		0xD8: "-", 0x76: "-", 0xE0: "→", 0xE8: "→", 0xF0: "→", 0x28: "☎", 0x29: "☎", 0x2A: "✉", 0x2B: "✉",
	},
	"Wingdings 2": {0x52: "☑", 0x53: "☑", 0x54: "☒", 0xA3: "☐", 0x97: "•", 0x98: "•"},
}

// symbolText replaces the characters of a symbol font by the signs they draw; a sign nobody needs becomes nothing.
func symbolText(font, s string) string {
	table, known := symbolSigns[font]
	if !known {
		table = symbolSigns["Wingdings"]
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\n':
			b.WriteRune(r)
		case r < 0x100 || r >= 0xF000 && r <= 0xF0FF:
			c := byte(r)
			if t, ok := table[c]; ok {
				b.WriteString(t)
			} else if font == "Symbol" && c > ' ' && c < 0x40 {
				b.WriteByte(c)
			}
		default:
			b.WriteRune(r) // a character with a meaning of its own was typed in a symbol font
		}
	}
	return b.String()
}

func hexRune(s string) rune {
	n, err := strconv.ParseUint(s, 16, 16)
	if err != nil || n >= 0xD800 && n < 0xE000 {
		return 0
	}
	return rune(n)
}
